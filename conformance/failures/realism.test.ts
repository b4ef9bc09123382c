import { createTopics } from '@tskafka/core';
import { BalancedConsumer } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { errorCodes } from '@tskafka/core/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

/** Brokers hear late of topics, coordinators have to load, and every answer takes its time: what a laptop's one broker rarely shows. */
it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'M6, G1: a topic is created, written to in a transaction and read by a group at once, though brokers need a while (%i)',
  async (seed) => {
    const realism = { topicCreationMs: 400, coordinatorLoadMs: 300, rttMs: 4, jitterMs: 6 };
    let state = seed;
    const random = (): number => (state = (state * 48_271) % 0x7fffffff) / 0x7fffffff;
    const scene = await Scene.start({ topics: {}, realism, random });
    onTestFinished(() => scene.settledWithin(scene[Symbol.asyncDispose](), 60_000));
    const client = await scene.settledWithin(scene.connect(), 10_000);
    const producer = await scene.settledWithin(Producer.start(client, { transactionalId: 'writer' }), 20_000);
    await scene.settledWithin(createTopics(client, [{ name: 'fresh', partitions: 3 }]), 10_000);
    const transaction = await scene.settledWithin(producer.transaction(), 10_000);
    const sent = [0, 1, 2].map((partition) => transaction.send({ topic: 'fresh', partition, value: `${partition}` }));
    await scene.settledWithin(Promise.all(sent), 20_000);
    await scene.settledWithin(transaction.commit(), 20_000);
    const consumer = new BalancedConsumer(client.topic('fresh'), { consumerGroup: 'readers' });
    await scene.settledWithin(consumer.start(), 20_000);
    const values: string[] = [];
    for (let i = 0; i < 3; i++) values.push(String((await scene.settledWithin(consumer.consume(), 20_000))!.value));
    expect(values.sort()).toEqual(['0', '1', '2']);
    // What it is about has happened: brokers that had not heard of the topic, coordinators that were not ready.
    const answers = JSON.stringify(scene.cluster.requests().map(({ response }) => response));
    const codes = new Set([...answers.matchAll(/"errorCode":(\d+)/g)].map(([, code]) => Number(code)));
    expect([...codes]).toEqual(expect.arrayContaining([errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorCodes.COORDINATOR_LOAD_IN_PROGRESS]));
    await scene.settledWithin(consumer.commitOffsets(), 20_000);
    await scene.settledWithin(consumer.close(), 20_000);
    await scene.settledWithin(producer.close(), 20_000);
  },
);
