import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { apis } from '@tskafka/core/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { broker } from '../broker.ts';
import { connect, messagesOf, take, useClient } from '../consumer/fixture.ts';
import { until } from '../until.ts';

/** What becomes of messages whose broker dies: by acks, and by what the topic asks for. */

let past: KafkaClient;
useClient((connected) => (past = connected));

/** A broker that was killed takes its time to come back on a busy machine. */
const long = { timeout: 240_000 };

const valuesOf = async (topic: string): Promise<string[]> => (await messagesOf(past, topic)).map(({ value }) => String(value));

async function isLedBy(topic: string, node: number): Promise<void> {
  const wire = await broker.wire();
  await until(`${topic} is led by ${node}`, async () => (await broker.leaders(topic, wire))[0] === node, 40_000);
}

async function isAlone(topic: string): Promise<void> {
  const wire = await broker.wire();
  await until(`the leader of ${topic} is alone`, async () => {
    const { topics } = await wire.send(apis.metadata, 4, { topics: [{ name: topic }], allowAutoTopicCreation: false });
    return topics[0]!.partitions[0]!.isrNodes.length === 1;
  });
}

it('P6, P12: with a dead replica, what all are to have waits and is not doubled; what nobody answers for does not wait', long, async () => {
  const strict = await broker.createTopic({ assignments: [[1, 3]], configs: { 'min.insync.replicas': '2' } });
  const led = await broker.createTopic({ assignments: [[3, 1]] });
  await using client = await connect({ requestTimeoutMs: 2000, metadataMaxAgeMs: 500 });
  await using careful = await Producer.start(client);
  await using careless = await Producer.start(client, { acks: 0, idempotent: false });
  const send = (value: string) => careful.send({ topic: strict.name, value });
  const sendAway = (value: string) => careless.send({ topic: led.name, value });
  await send('before');
  await sendAway('first');
  await broker.kill(3);
  const waiting = send('appended, and not enough have it');
  const away = Promise.all([sendAway('written or not'), sendAway('the same')]);
  await isAlone(strict.name);
  await until('it has been refused', () => Promise.resolve(careful.stats().retries > 1));
  await isLedBy(led.name, 1);
  await away;
  await sendAway('last');
  await broker.restart(3);
  await waiting;
  await send('after');
  expect(await valuesOf(strict.name)).toEqual(['before', 'appended, and not enough have it', 'after']);
  await until('the last one is there', async () => (await valuesOf(led.name)).at(-1) === 'last');
  expect((await valuesOf(led.name)).length).toBe(new Set(await valuesOf(led.name)).size);
});

it(
  'P3, P13, F2: after an unclean election, records of one replica are lost: reader and writer are told, and both continue',
  long,
  async () => {
    const warnings: string[] = [];
    const logger = { debug() {}, info() {}, error() {}, warn: (_: unknown, message: string) => warnings.push(message) };
    await using client = await connect({ logger });
    const truncations: unknown[] = [];
    const note = (event: unknown): void => void truncations.push(event);
    subscribe('tskafka:consumer:truncation', note);
    onTestFinished(() => void unsubscribe('tskafka:consumer:truncation', note));

    const configs = { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' };
    const { name: topic } = await broker.createTopic({ assignments: [[3, 1]], configs });
    await using hasty = await Producer.start(client, { acks: 1, idempotent: false });
    await using idempotent = await Producer.start(client);
    await using consumer = await SimpleConsumer.start(client.topic(topic));
    await idempotent.send({ topic, value: 'everywhere' });
    await broker.kill(1);
    await isAlone(topic);
    expect(await hasty.send({ topic, value: 'lost' })).toMatchObject({ offset: 1 });
    expect(await idempotent.send({ topic, value: 'lost too' })).toMatchObject({ offset: 2 });
    expect(await take(consumer, 3)).toEqual(['everywhere', 'lost', 'lost too']);

    await broker.kill(3);
    await broker.start(1);
    await isLedBy(topic, 1);
    expect(await idempotent.send({ topic, value: 'next' })).toMatchObject({ offset: 1 });
    expect(await take(consumer, 1)).toEqual(['next']);
    expect(truncations).toEqual([{ topic, partition: 0, from: 3, to: 1 }]);
    expect(warnings.filter((message) => message.includes('lost records that it had acknowledged'))).toHaveLength(1);
    await broker.restart(3);
    expect(await valuesOf(topic)).toEqual(['everywhere', 'next']);
  },
);
