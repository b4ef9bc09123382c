import { BalancedConsumer, type BalancedConsumerOptions, type KafkaClient, type Message, SimpleConsumer } from '@tskafka/consumer';
import { alterConfigs, type ClientOptions, createPartitions, createTopics, deleteTopics, type KafkaError, valuesOf } from '@tskafka/core';
import { Producer, type ProducerOptions, type RecordMetadata } from '@tskafka/producer';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { connect, messagesOf, take, useClient, write } from '../consumer/fixture.ts';
import { until } from '../until.ts';

/** Topics that grow, go and come back, shrink their limits and lose what they hold, while they are written and read. */

let admin: KafkaClient;
useClient((connected) => (admin = connected));

const settles = (what: string, isTrue: () => boolean): Promise<void> => until(what, () => Promise.resolve(isTrue()));

/** A client that ends behind all that uses it. */
async function clientOf(options: Partial<ClientOptions> = {}): Promise<KafkaClient> {
  const client = await connect(options);
  onTestFinished(() => client.close());
  return client;
}

/** A machine that works for others too. */
const busy = { timeout: 60_000 };

interface Sent {
  readonly key: string;
  readonly number: number;
  /** What was said of it; undefined: nothing yet. */
  told?: RecordMetadata | KafkaError;
}

/** Sends numbers with one of ten keys, a few hundred at a time, until it is stopped. */
async function sendNumbers(client: KafkaClient, topic: string, options: ProducerOptions = {}) {
  const producer = await Producer.start(client, options);
  onTestFinished(() => producer.close());
  const all: Sent[] = [];
  let isRunning = true;
  onTestFinished(() => void (isRunning = false)); // a test that failed asks for no more
  const running = (async () => {
    const sends: Promise<void>[] = [];
    while (isRunning) {
      const sent: Sent = { key: `k${all.length % 10}`, number: all.length };
      all.push(sent);
      const tell = (told: RecordMetadata | KafkaError): void => void (sent.told = told);
      sends.push(producer.send({ topic, key: sent.key, value: `${sent.number}`.padEnd(40) }).then(tell, tell));
      if (all.length % 20 === 0) await sleep(5);
      if (all.length % 200 === 0) await sends.at(-200); // a busy broker takes a few at a time
    }
    await Promise.all(sends);
  })();
  const delivered = (): Sent[] => all.filter(({ told }) => told !== undefined && !(told instanceof Error));
  const more = async (): Promise<void> => {
    const before = delivered().length;
    await settles('more is delivered', () => delivered().length > before + 200);
  };
  const stop = (): Promise<void> => {
    isRunning = false;
    return running;
  };
  return { all, delivered, more, stop };
}

const numberOf = ({ value }: Message): number => Number(String(value));

/** Whether the numbers of each partition rise: none comes twice, none before one that was sent earlier. */
function expectOrder(messages: readonly Message[]): void {
  const newest = new Map<number, number>();
  for (const message of messages) {
    expect(numberOf(message)).toBeGreaterThan(newest.get(message.partition) ?? -1);
    newest.set(message.partition, numberOf(message));
  }
}

/** A member of a group, and all that it is handed. */
async function follow(client: KafkaClient, topic: string, consumerGroup: string, options: Omit<BalancedConsumerOptions, 'consumerGroup'>) {
  const read: Message[] = [];
  const consumer = await BalancedConsumer.start(client.topic(topic), { ...options, consumerGroup, autoCommitEnable: true });
  const reading = (async () => {
    for await (const message of consumer) read.push(message);
  })();
  onTestFinished(async () => {
    await consumer.close();
    await reading;
  });
  return { consumer, read };
}

const ways = [
  ['the classic protocol', { groupProtocol: 'classic', heartbeatIntervalMs: 200 }],
  ['the protocol of KIP-848', { groupProtocol: 'consumer' }],
] as const;

describe.each(ways)('a topic that a group reads by %s', busy, (_, way) => {
  it('M9, G17: grows under its producer: each key keeps its order in each partition, and the group reads all', async () => {
    const client = await clientOf({ metadataMaxAgeMs: 500 });
    const { name } = await broker.createTopic({ partitions: 2, replicationFactor: 3 });
    const group = broker.freshName('group');
    const members = [await follow(client, name, group, way), await follow(client, name, group, way)];
    const numbers = await sendNumbers(client, name);
    await numbers.more();
    valuesOf(await createPartitions(admin, [{ topic: name, partitions: 5 }]));
    await settles('the new ones are written to', () => numbers.delivered().some(({ told }) => (told as RecordMetadata).partition > 1));
    await numbers.more();
    await numbers.stop();
    expect(numbers.delivered().length).toBe(numbers.all.length);

    const log = await messagesOf(admin, name);
    expectOrder(log);
    expect(new Set(log.map(numberOf)).size).toBe(numbers.all.length);
    for (const { key, number, told } of numbers.all) {
      const { partition, offset } = told as RecordMetadata;
      const found = log.find((message) => message.partition === partition && message.offset === offset)!;
      expect([String(found.key), numberOf(found)]).toEqual([key, number]);
    }
    const read = (): Set<number> => new Set(members.flatMap((member) => member.read.map(numberOf)));
    await settles('the group has read all', () => read().size === numbers.all.length);
  });

  it('M8, G17: is deleted and recreated under its producer: every result is true, and the group reads the new one from its start', async () => {
    const client = await clientOf({ metadataMaxAgeMs: 500 });
    const { name } = await broker.createTopic({ partitions: 2, replicationFactor: 3 });
    const { read } = await follow(client, name, broker.freshName('group'), way);
    const numbers = await sendNumbers(client, name);
    await numbers.more();
    await settles('some is read', () => read.length > 50);
    valuesOf(await deleteTopics(admin, [name]));
    await until('it is gone', async () => !(await admin.topics()).includes(name));
    const create = () => createTopics(admin, [{ name, partitions: 2, replicationFactor: 3 }]);
    await until('it is made anew', async () => !((await create()).get(name) instanceof Error)); // its log may still be on its way out
    await broker.everyNodeKnows(name, 2);
    const { length: sentBefore } = numbers.all;
    await numbers.more();
    await numbers.stop();

    const log = await messagesOf(admin, name);
    expectOrder(log);
    const inLog = new Set(log.map(numberOf));
    for (const { number, told } of numbers.all) {
      if (number < sentBefore && !(told instanceof Error)) continue; // it may have gone with the old one
      const isDenied = told instanceof Error && told.persistence === 'not persisted';
      if (isDenied || !(told instanceof Error)) expect(inLog.has(number), `${number}: ${String(told)}`).toBe(!isDenied);
    }
    const readNow = (): number[] => read.slice(-log.length).map(numberOf);
    await settles('the new one is read', () => new Set(readNow()).size === log.length && readNow().every((number) => inLog.has(number)));
  });
});

it(
  'P5: whose largest batch becomes smaller than those on their way gets all, once and in order; one message that is too large is refused alone',
  busy,
  async () => {
    const client = await clientOf();
    const { name } = await broker.createTopic({ partitions: 1, replicationFactor: 3 });
    const numbers = await sendNumbers(client, name, { batchBytes: 20_000 });
    await numbers.more();
    for (const limit of ['2000', '300', null]) {
      const change = limit === null ? { delete: ['max.message.bytes'] } : { set: { 'max.message.bytes': limit } };
      valuesOf(await alterConfigs(admin, [{ type: 'topic', name, ...change }]));
      await numbers.more();
      if (limit !== '300') continue;
      await using other = await Producer.start(client);
      const large = other.send({ topic: name, value: 'x'.repeat(400) });
      await expect(large).rejects.toMatchObject({ errorName: 'MESSAGE_TOO_LARGE', persistence: 'not persisted' });
    }
    await numbers.stop();
    expect(numbers.delivered().length).toBe(numbers.all.length);
    expect((await messagesOf(admin, name)).map(numberOf)).toEqual(numbers.all.map(({ number }) => number));
  },
);

it(
  'F1: whose retention takes away what is being read is read on from what is left, nothing twice, and it is told where',
  busy,
  async () => {
    const topic: TestTopic = await broker.createTopic({ configs: { 'segment.ms': '1000' } });
    const first = Date.now() - 3_600_000;
    // Each begins a segment: they are more than a second apart.
    const records = Array.from({ length: 60 }, (_, i) => ({ value: `${i}`.padEnd(1000), timestamp: first + i * 5000 }));
    await write(topic, records);
    await using consumer = await SimpleConsumer.start(admin.topic(topic.name), { fetchMessageMaxBytes: 2000, queuedMaxBytes: 2000 });
    const told: unknown[] = [];
    const note = (event: unknown): void => void told.push(event);
    subscribe('tskafka:consumer:reset', note);
    onTestFinished(() => void unsubscribe('tskafka:consumer:reset', note));
    expect((await take(consumer, 3)).map(Number)).toEqual([0, 1, 2]);
    valuesOf(await alterConfigs(admin, [{ type: 'topic', name: topic.name, set: { 'retention.bytes': '10000' } }]));
    const startNow = async (): Promise<number> => (await admin.topic(topic.name).earliestOffsets()).get(0)!;
    await until('most of it is gone', async () => (await startNow()) > 45);
    const start = await startNow();

    const rest: number[] = [];
    while (rest.at(-1) !== 59) rest.push(...(await take(consumer, 1)).map(Number));
    const ahead = rest.findIndex((number) => number >= start); // what had been fetched before
    expect(rest.slice(ahead)).toEqual(Array.from({ length: 60 - start }, (_, i) => start + i));
    expect(rest.slice(0, ahead)).toEqual(Array.from({ length: ahead }, (_, i) => 3 + i));
    expect(ahead).toBeLessThan(start - 3);
    expect(told).toEqual([{ topic: topic.name, partition: 0, from: 3 + ahead, to: start }]);
  },
);
