import { randomUUID } from 'node:crypto';
import { apis, brokerError, delay, errorCodes, isRetriable, KafkaError, readBatches, systemClock } from '@tskafka/core/protocol';
import { Dependents } from '../dependents.ts';
import { visibleRecords } from '../log/read-records.ts';
import type { MockRecord, RecordsToWaitFor } from '../mock-topic.ts';
import { TestClient } from '../test-client.ts';
import { describeRecords } from '../waiting/explain.ts';
import type { TargetTopicSpec, TestKafka } from './target.ts';
import { tcpTransport } from './tcp-transport.ts';

const readCommitted = 1;
const earliest = -2;
const latest = -1;
const pollMs = 20;
/** A group's first members wait three seconds for others, and a kafkajs consumer ends when its poll does: after up to five. */
const patienceMs = 10_000;

/** A real Kafka as the Kafka of a test, reached by the oldest versions that every broker from 2.1 to 4.3 reads. */
export class RealTarget implements TestKafka {
  readonly brokers: string[];
  readonly transport = undefined;
  readonly #created: string[] = [];
  readonly #dependents = new Dependents();
  readonly #connections = new Map<string, Promise<TestClient>>();

  /** `bootstrap` is a list of addresses with commas between. */
  constructor(bootstrap: string) {
    this.brokers = bootstrap.split(',').map((address) => address.trim());
    const wrong = this.brokers.find((address) => !/^.+:\d+$/.test(address));
    if (wrong !== undefined)
      throw new TypeError(`the address of a Kafka must be host:port, or several separated by commas, not '${wrong}'`);
  }

  get cluster(): undefined {
    return undefined;
  }

  async createTopic({ prefix = 'test', partitions = 1, configs = {} }: TargetTopicSpec = {}): Promise<string> {
    const name = `${prefix}-${randomUUID().slice(0, 8)}`;
    const request = {
      timeoutMs: 30_000,
      topics: [
        {
          ...{ name, numPartitions: partitions, replicationFactor: 1, assignments: [] },
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
    };
    const { topics } = await (await this.#controller()).send(apis.createTopics, 3, request);
    const { errorCode, errorMessage } = topics[0]!;
    if (errorCode !== 0) throw brokerError(errorCode, `creating topic '${name}': ${errorMessage}`);
    this.#created.push(name);
    while (!(await this.#isLed(name))) await delay(systemClock, pollMs);
    return name;
  }

  async records(topic: string): Promise<MockRecord[]> {
    const leaders = await this.#leaders(topic);
    const read = await Promise.all(leaders.map(async (leader, partition) => this.#read(await this.#connect(leader), topic, partition)));
    return read.flat();
  }

  async waitForRecords(topic: string, count: number, options: RecordsToWaitFor = {}): Promise<MockRecord[]> {
    const { where = () => true, partition, timeoutMs = patienceMs, signal } = options;
    const end = systemClock.now() + timeoutMs;
    for (;;) {
      const all = (await this.records(topic)).filter((record) => partition === undefined || record.partition === partition);
      const found = all.filter(where);
      if (found.length >= count) return found;
      if (systemClock.now() >= end) {
        throw new Error(
          `after ${timeoutMs} ms: ${found.length} of ${count} expected records have arrived. '${topic}' holds ${all.length}:\n${describeRecords(all)}`,
        );
      }
      await delay(systemClock, pollMs, signal);
    }
  }

  async committed(group: string, topic: string, partition: number): Promise<number | undefined> {
    const request = { groupId: group, topics: [{ name: topic, partitionIndexes: [partition] }] };
    for (;;) {
      const coordinator = await (await this.#any()).send(apis.findCoordinator, 2, { key: group, keyType: 0 });
      let { errorCode } = coordinator;
      if (errorCode === 0) {
        const wire = await this.#connect(`${coordinator.host}:${coordinator.port}`);
        const answer = await wire.send(apis.offsetFetch, 5, request);
        const found = answer.topics[0]?.partitions[0];
        errorCode = answer.errorCode || (found?.errorCode ?? 0);
        if (errorCode === 0) return found === undefined || found.committedOffset < 0 ? undefined : found.committedOffset;
      }
      if (!isRetriable(errorCode)) throw brokerError(errorCode, `the commits of group '${group}'`);
      await delay(systemClock, pollMs);
    }
  }

  onClose(end: () => unknown): void {
    this.#dependents.add(end);
  }

  async close(): Promise<void> {
    try {
      await this.#dependents.end(patienceMs);
    } finally {
      await this.#cleanUp();
    }
  }

  async #cleanUp(): Promise<void> {
    try {
      const topicNames = this.#created.splice(0);
      if (topicNames.length > 0) await (await this.#controller()).send(apis.deleteTopics, 3, { topicNames, timeoutMs: 30_000 });
    } finally {
      for (const connection of this.#connections.values()) (await connection).close();
      this.#connections.clear();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #read(wire: TestClient, topic: string, partition: number): Promise<MockRecord[]> {
    const [from, until] = await Promise.all([earliest, latest].map((timestamp) => offsetAt(wire, topic, partition, timestamp)));
    const records: MockRecord[] = [];
    for (let fetchOffset = from!; fetchOffset < until!;) {
      const partitions = [{ partition, fetchOffset, partitionMaxBytes: 10_000_000 }];
      const limits = { maxWaitMs: 100, minBytes: 1, maxBytes: 50_000_000, isolationLevel: readCommitted };
      const answer = await wire.send(apis.fetch, 7, { ...limits, topics: [{ topic, partitions }] });
      const fetched = answer.responses[0]!.partitions[0]!;
      if (fetched.errorCode !== 0) throw brokerError(fetched.errorCode, `reading ${topic}-${partition}`);
      const batches = readBatches(fetched.records ?? Buffer.alloc(0));
      const visible = visibleRecords(batches, fetched.abortedTransactions ?? [], { from: fetchOffset, until: until! });
      records.push(...visible.map((record) => ({ partition, ...record })));
      const last = batches.at(-1);
      if (last === undefined) break;
      fetchOffset = last.lastOffset + 1;
    }
    return records;
  }

  /** The address of each partition's leader, in their order. */
  async #leaders(topic: string): Promise<string[]> {
    const { brokers, topics } = await (
      await this.#any()
    ).send(apis.metadata, 4, {
      topics: [{ name: topic }],
      allowAutoTopicCreation: false,
    });
    const { errorCode, partitions } = topics[0]!;
    if (errorCode !== 0) throw brokerError(errorCode, `topic '${topic}'`);
    const addresses = partitions
      .toSorted((a, b) => a.partitionIndex - b.partitionIndex)
      .map(({ leaderId }) => brokers.find(({ nodeId }) => nodeId === leaderId));
    if (addresses.includes(undefined)) throw brokerError(errorCodes.LEADER_NOT_AVAILABLE, `topic '${topic}'`);
    return addresses.map((broker) => `${broker!.host}:${broker!.port}`);
  }

  /** A new topic is known to the brokers, and its partitions have leaders, a moment after it was created. */
  async #isLed(topic: string): Promise<boolean> {
    try {
      return (await this.#leaders(topic)).length > 0;
    } catch (error) {
      if (error instanceof KafkaError && error.retriable) return false;
      throw error;
    }
  }

  async #controller(): Promise<TestClient> {
    const { brokers, controllerId } = await (await this.#any()).send(apis.metadata, 4, { topics: [], allowAutoTopicCreation: false });
    const controller = brokers.find(({ nodeId }) => nodeId === controllerId);
    return controller === undefined ? this.#any() : this.#connect(`${controller.host}:${controller.port}`);
  }

  async #any(): Promise<TestClient> {
    let reason: unknown;
    for (const address of this.brokers) {
      try {
        return await this.#connect(address);
      } catch (error) {
        this.#connections.delete(address);
        reason = error;
      }
    }
    throw reason;
  }

  #connect(address: string): Promise<TestClient> {
    let connection = this.#connections.get(address);
    if (connection === undefined) this.#connections.set(address, (connection = TestClient.connect(tcpTransport, address, 'test-kafka')));
    return connection;
  }
}

async function offsetAt(wire: TestClient, topic: string, partition: number, timestamp: number): Promise<number> {
  const request = {
    replicaId: -1,
    isolationLevel: readCommitted,
    topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }],
  };
  const answer = await wire.send(apis.listOffsets, 2, request);
  const { errorCode, offset } = answer.topics[0]!.partitions[0]!;
  if (errorCode !== 0) throw brokerError(errorCode, `the offsets of ${topic}-${partition}`);
  return offset;
}
