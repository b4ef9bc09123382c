import type { ClientOptions } from '@tskafka/core';
import { KafkaClient, type Message, SimpleConsumer } from '@tskafka/consumer';
import { apis } from '@tskafka/core/protocol';
import { afterAll, beforeAll } from 'vitest';
import { broker, type TestTopic, type TopicOptions } from '../broker.ts';
import { until } from '../until.ts';
import { code } from '../error-code.ts';
import { append, batchOf, type RecordToWrite } from '../requests.ts';

/** A client of the cluster that the tests of this run are given. */
export function connect(options: Partial<ClientOptions> = {}): Promise<KafkaClient> {
  return KafkaClient.connect({ brokers: broker.bootstrap, transport: broker.transport, ...options });
}

/** Connects a client for all tests of a file, hands it over, and closes it and the file's wires behind them. */
export function useClient(take: (client: KafkaClient) => void, options?: Partial<ClientOptions>): void {
  let client: KafkaClient | undefined;
  beforeAll(async () => {
    client = await connect(options);
    take(client);
  });
  afterAll(async () => {
    await client?.close();
    broker.closeWires();
  });
}

/** The messages of a topic, from its start to its end as it is now. */
export async function messagesOf(client: KafkaClient, topic: string): Promise<Message[]> {
  await using consumer = await SimpleConsumer.start(client.topic(topic), { until: 'latest' });
  const messages: Message[] = [];
  for await (const message of consumer) messages.push(message);
  return messages;
}

/** The topic's name, once no transaction is open in it: a commit is answered before its markers are written, and readers stop before those. */
export async function settled(client: KafkaClient, name: string): Promise<string> {
  const ends = (isolation: 'read_committed' | 'read_uncommitted'): Promise<Map<number, number>> =>
    client.topic(name).latestOffsets({ isolation });
  await until(`no transaction is open in ${name}`, async () => {
    const [committedEnds, allEnds] = await Promise.all([ends('read_committed'), ends('read_uncommitted')]);
    return [...allEnds].every(([partition, end]) => committedEnds.get(partition) === end);
  });
  return name;
}

/** Appends records, each as a batch of its own, so that fetches and deletions fall between any two. */
export async function write(topic: TestTopic, records: readonly (RecordToWrite | string)[], partition = 0): Promise<void> {
  const wire = await broker.leaderWire(topic, partition);
  for (const record of records)
    await append(wire, topic, batchOf([typeof record === 'string' ? { value: record } : record]), { partition });
  wire.close();
}

/** A topic whose partition 0 holds these records. */
export async function topicWith(records: readonly (RecordToWrite | string)[], options: TopicOptions = {}): Promise<TestTopic> {
  const topic = await broker.createTopic(options);
  await write(topic, records);
  return topic;
}

/** The numbers from `first` up to, and not including, `end` as values. */
export function values(first: number, end: number): string[] {
  return Array.from({ length: end - first }, (_, i) => String(first + i));
}

/** Removes the records before `offset`, as an administrator or the retention would. */
export async function deleteBefore(topic: TestTopic, offset: number, partition = 0): Promise<void> {
  const wire = await broker.leaderWire(topic, partition);
  const topics = [{ name: topic.name, partitions: [{ partitionIndex: partition, offset }] }];
  const answer = await wire.send(apis.deleteRecords, 2, { topics, timeoutMs: 10_000 });
  wire.close();
  if (answer.topics[0]!.partitions[0]!.errorCode !== 0) throw new Error(`deleting records: ${JSON.stringify(answer)}`);
}

/** What the broker has stored for the group: the next offset to read; undefined when nothing. It waits for transactions that are being ended. */
export async function stored(group: string, topic: TestTopic, partition = 0): Promise<number | undefined> {
  const wire = await broker.coordinatorWire(group);
  const request = { groupId: group, topics: [{ name: topic.name, partitionIndexes: [partition] }], requireStable: true };
  let offset = -1;
  await until(`no transaction is open on the offsets of ${group}`, async () => {
    const { committedOffset, errorCode } = (await wire.send(apis.offsetFetch, 7, request)).topics[0]!.partitions[0]!;
    offset = committedOffset;
    return errorCode !== code.unstableOffsetCommit;
  });
  wire.close();
  return offset < 0 ? undefined : offset;
}

interface Consuming<Value, Key> {
  consume(): Promise<Message<Value, Key> | undefined>;
}

/** The next message, however often consumerTimeoutMs passes before the broker has given it. */
export async function next<Value, Key>(consumer: Consuming<Value, Key>): Promise<Message<Value, Key>> {
  for (;;) {
    const message = await consumer.consume();
    if (message !== undefined) return message;
  }
}

/** The values of the next `count` messages. */
export async function take(consumer: Consuming<unknown, unknown>, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) taken.push(String((await next(consumer)).value));
  return taken;
}

/** The values of all messages up to the consumer's end. */
export async function drain(consumer: AsyncIterable<Message<unknown, unknown>>): Promise<string[]> {
  const all: string[] = [];
  for await (const { value } of consumer) all.push(String(value));
  return all;
}
