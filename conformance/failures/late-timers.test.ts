import { BalancedConsumer, type BalancedConsumerOptions, SimpleConsumer } from '@tskafka/consumer';
import { createTopics, KafkaClient } from '@tskafka/core';
import { apis } from '@tskafka/core/protocol';
import { Producer, type ProducerOptions } from '@tskafka/producer';
import { MockCluster, type MockClusterOptions } from '@tskafka/testing';
import { expect, it, onTestFinished } from 'vitest';
import { addressOf } from '../address.ts';
import { Connection } from '../../packages/core/src/connection/connection.ts';
import { HandClock, turn } from '../../packages/core/src/scripted-transport.ts';
import { Scene } from './scene.ts';

/** What a process makes of time that has passed while it did not run, and of numbers that are too large. */

async function begin(options: MockClusterOptions = {}): Promise<Scene> {
  const scene = await Scene.start({ brokers: 1, ...options });
  onTestFinished(() => scene[Symbol.asyncDispose]());
  return scene;
}

const classic = { groupProtocol: 'classic', sessionTimeoutMs: 10_000 } as const;
const kip848 = { groupProtocol: 'consumer' } as const;
/** Sessions that a member cannot know of: its coordinator tells how often it wants to hear of it, and nothing else. */
const shortSessions = { 'group.consumer.min.session.timeout.ms': '6000', 'group.consumer.session.timeout.ms': '6000' };

it.each<[what: string, options: Partial<BalancedConsumerOptions>, sleptMs: number, configs: Record<string, string>]>([
  ['T2: a member whose process slept for a minute', classic, 60_000, {}],
  ['G6: a member by KIP-848 whose process slept for two heartbeats', kip848, 12_000, shortSessions],
])('%s takes its session for lost before it hands out what it had', async (_what, options, sleptMs, configs) => {
  const scene = await begin({ configs });
  const clock = new HandClock();
  const topic = scene.cluster.topic('orders');
  for (let i = 0; i < 10; i++) topic.append({ value: `${i}`, partition: 0 });
  await scene.connect({ clock });
  const log: string[] = [];
  /** Both clocks go on until it has come. */
  const outcome = async <T>(promise: Promise<T>): Promise<T> => {
    let isSettled = false;
    promise.finally(() => (isSettled = true)).catch(() => {});
    for (let passed = 0; !isSettled && passed < 10_000; passed += 50) {
      await scene.clock.advance(50);
      await clock.advance(50);
    }
    expect(isSettled).toBe(true);
    return promise;
  };
  const consumer = await outcome(
    BalancedConsumer.start(scene.client.topic('orders'), {
      consumerGroup: 'billing',
      ...options,
      onAssigned: () => void log.push('assigned'),
      onRevoked: () => void log.push('revoked'),
      onLost: () => void log.push('lost'),
    }),
  );
  const read = async (): Promise<unknown> => log.push(`read ${(await consumer.consume())!.value}`);
  await outcome(read());
  await scene.clock.advance(sleptMs); // the coordinator has long given its partitions away
  const hold = scene.cluster.hold(options.groupProtocol === 'classic' ? 'Heartbeat' : 'ConsumerGroupHeartbeat');
  clock.jump(sleptMs);
  const next = read();
  await hold.held();
  await turn();
  expect(log).toEqual(['assigned', 'read 0']);
  hold.release();
  await outcome(next);
  expect(log).toEqual(['assigned', 'read 0', 'lost', 'assigned', 'read 0']);
  await outcome(consumer.close());
});

it.each([2 ** 40, Infinity])(
  'T3: times beyond what a timer, or a request, can hold are no error, and do not fire at once: %d ms',
  async (long) => {
    await using cluster = await MockCluster.start();
    const times = { requestTimeoutMs: long, apiTimeoutMs: long, unavailableTimeoutMs: long, topicTimeoutMs: long, metadataMaxAgeMs: long };
    await using client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, ...times });
    await createTopics(client, [{ name: 'orders', partitions: 1, replicationFactor: 1 }]);
    await using producer = await Producer.start(client, { deliveryTimeoutMs: long, maxBlockMs: long });
    expect(await producer.send({ topic: 'orders', value: 'a' })).toMatchObject({ offset: 0 });
    await using consumer = await BalancedConsumer.start(client.topic('orders'), {
      ...{
        consumerGroup: 'billing',
        autoOffsetReset: 'earliest',
        consumerTimeoutMs: long,
        autoCommitIntervalMs: long,
        maxPollIntervalMs: long,
      },
    });
    expect(String((await consumer.consume())!.value)).toBe('a');
  },
);

it('T5: an answer that is here already counts, though the timers come late', async () => {
  const scene = await begin();
  const clock = new HandClock();
  await scene.connect({ clock, requestTimeoutMs: 1000 });
  const hold = scene.cluster.hold('ListOffsets');
  const asked = scene.client.topic('orders').latestOffsets();
  await hold.held();
  hold.release();
  clock.jump(2000); // its time-out is due before the socket is read
  expect(await asked).toEqual(new Map([[0, 0], [1, 0], [2, 0]])); // prettier-ignore
  expect(scene.cluster.requests({ api: 'ListOffsets' })).toHaveLength(1);
});

it("T5: so does one with which a call's own time is over", async () => {
  const scene = await begin();
  const clock = new HandClock();
  await scene.connect({ clock, apiTimeoutMs: 1000 });
  const hold = scene.cluster.hold('ListOffsets');
  const asked = scene.client.topic('orders').latestOffsets();
  await hold.held();
  hold.release();
  clock.jump(2000);
  expect(await asked).toEqual(new Map([[0, 0], [1, 0], [2, 0]])); // prettier-ignore
});

it('T5: and what a connection was waiting for to be ready', async () => {
  const scene = await begin();
  const clock = new HandClock();
  await scene.connect({ clock, connectionSetupTimeoutMs: 1000 });
  scene.cluster.broker(1).dropConnections();
  const hold = scene.cluster.hold('ApiVersions', { times: 1 });
  const asked = scene.client.topic('orders').latestOffsets();
  await hold.held();
  hold.release();
  clock.jump(2000);
  expect(await asked).toEqual(new Map([[0, 0], [1, 0], [2, 0]])); // prettier-ignore
  expect(scene.cluster.requests({ api: 'ApiVersions' })).toHaveLength(3);
});

it('T5: and a message, for a reader whose time-out has passed', async () => {
  const scene = await begin();
  const clock = new HandClock();
  scene.cluster.topic('orders').append({ value: 'a', partition: 0 });
  await scene.connect({ clock });
  await using consumer = await SimpleConsumer.start(scene.client.topic('orders'), { consumerTimeoutMs: 1000 });
  const hold = scene.cluster.hold('Fetch');
  const reading = consumer.consume();
  await hold.held();
  hold.release();
  clock.jump(2000);
  expect(String((await reading)?.value)).toBe('a');
});

/** A producer that waits for the answer to one message, which comes while the process does not run. */
async function lateAnswer(options: ProducerOptions<string>, waiting: (producer: Producer<string>) => Promise<unknown>): Promise<unknown> {
  const scene = await begin();
  const clock = new HandClock();
  await scene.connect({ clock });
  const producer = await Producer.start(scene.client, options);
  onTestFinished(() => producer.close());
  const hold = scene.cluster.hold('Produce', { times: 1 });
  const sent = producer.send({ topic: 'orders', value: 'a' });
  await hold.held();
  const waited = waiting(producer);
  await turn();
  hold.release();
  clock.jump(2000);
  await waited;
  return sent;
}

it.each<[what: string, options: ProducerOptions<string>, waiting: (producer: Producer<string>) => Promise<unknown>]>([
  ['a flush', {}, (producer) => producer.flush({ timeoutMs: 1000 })],
  ['the close of a producer', {}, (producer) => producer.close({ timeoutMs: 1000 })],
  ['who waits for room', { maxBufferedBytes: 1, maxBlockMs: 1000 }, (producer) => producer.send({ topic: 'orders', value: 'b' })],
])('T5: and the acknowledgement of a message, for %s', async (_what, options, waiting) => {
  expect(await lateAnswer(options, waiting)).toMatchObject({ offset: 0 });
});

it('T5: and what a serializer has asked for', async () => {
  const scene = await begin();
  const clock = new HandClock();
  await scene.connect({ clock });
  let schema: (() => void) | undefined;
  const value = async (text: string): Promise<string> => {
    await new Promise<void>((resolve) => (schema = resolve));
    return text;
  };
  await using producer = await Producer.start(scene.client, { serializer: { value }, maxBlockMs: 1000 });
  const sent = producer.send({ topic: 'orders', value: 'a' });
  clock.jump(2000);
  schema!();
  expect(await sent).toMatchObject({ offset: 0 });
});

it('C16: correlation ids pass the largest int32, and answers find their requests', async () => {
  const scene = await begin();
  const connection = await Connection.open(
    {
      ...{
        address: addressOf(scene.cluster.brokers[0]!),
        name: 'the broker',
        clientId: 'test',
        transport: scene.cluster.transport,
        clock: scene.clock,
      },
      ...{ requestTimeoutMs: 1000, maxInFlight: 5, maxFrameBytes: 1 << 20, firstCorrelationId: 0x7ffffffd },
    },
    new AbortController().signal,
  );
  const ask = (topic: string) => connection.sendVersion(apis.metadata, 4, { topics: [{ name: topic }], allowAutoTopicCreation: false });
  const names = Array.from({ length: 6 }, (_, i) => `topic-${i}`);
  const answers = await scene.settledWithin(Promise.all(names.map(ask)), 1000);
  expect(answers.map(({ topics }) => topics[0]!.name)).toEqual(names);
  expect(scene.cluster.requests({ api: 'Metadata' }).map(({ correlationId }) => correlationId)).toEqual([
    0x7ffffffd, 0x7ffffffe, 0x7fffffff, 0, 1, 2,
  ]);
  connection.close();
});
