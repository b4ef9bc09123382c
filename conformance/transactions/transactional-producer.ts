import { apis } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { batchOf, committed, fetchFrom, offsetAt, produceTo } from '../requests.ts';
import { until } from '../until.ts';
import type { Wire } from '../wire.ts';

/** Who a producer is to the broker. */
export interface Identity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/**
 * The two ways to speak of a transaction (KIP-890): with 1 partitions are added before they are written to, and the epoch stays;
 * with 2 writing to them adds them, and each end bumps the epoch.
 */
export type Protocol = 1 | 2;

/** The newest version of each request in which a client speaks the protocol. */
const versions = {
  1: { produce: 11, endTxn: 4, txnOffsetCommit: 4 },
  2: { produce: 13, endTxn: 5, txnOffsetCommit: 5 },
} as const;

/** A real coordinator says these until it is ready, or until the last transaction's markers are written. */
const passing = new Set<number>([
  code.coordinatorLoadInProgress,
  code.coordinatorNotAvailable,
  code.notCoordinator,
  code.concurrentTransactions,
]);

/** Sends again while the answer is one that passes. */
export async function whenReady<Answer>(send: () => Promise<Answer>, codeOf: (answer: Answer) => number): Promise<Answer> {
  let answer!: Answer;
  await until('the coordinator has time', async () => !passing.has(codeOf((answer = await send()))));
  return answer;
}

export interface StartOptions {
  readonly transactionalId?: string;
  readonly timeoutMs?: number;
}

/** One producer with a transactional id, request by request. */
export class TransactionalProducer {
  readonly transactionalId: string;
  readonly coordinator: Wire;
  readonly protocol: Protocol;
  readonly timeoutMs: number;
  identity: Identity = { producerId: -1, producerEpoch: -1 };
  readonly #leaders = new Map<string, Wire>();
  readonly #sequences = new Map<string, number>();

  static async start(protocol: Protocol, options: StartOptions = {}): Promise<TransactionalProducer> {
    const { transactionalId = broker.freshName('txn'), timeoutMs = 60_000 } = options;
    const coordinator = await broker.coordinatorWire(transactionalId, 'transaction');
    const producer = new TransactionalProducer(protocol, transactionalId, coordinator, timeoutMs);
    await producer.initialize();
    return producer;
  }

  private constructor(protocol: Protocol, transactionalId: string, coordinator: Wire, timeoutMs: number) {
    this.protocol = protocol;
    this.transactionalId = transactionalId;
    this.coordinator = coordinator;
    this.timeoutMs = timeoutMs;
  }

  /** The producer id is kept where the epoch is not used up, and older producers of the transactional id are fenced. */
  async initialize(expected: Partial<Identity> = {}): Promise<void> {
    const { transactionalId, timeoutMs: transactionTimeoutMs } = this;
    const request = { transactionalId, transactionTimeoutMs, ...expected };
    const answer = await whenReady(
      () => this.coordinator.send(apis.initProducerId, 4, request),
      ({ errorCode }) => errorCode,
    );
    if (answer.errorCode !== 0) throw new Error(`initializing ${transactionalId}: error ${answer.errorCode}`);
    const { producerId, producerEpoch } = answer;
    this.#becomes({ producerId, producerEpoch });
  }

  /** Adds partitions, and gives the error of the first. Only protocol 1 needs it. */
  async add(topic: TestTopic, ...partitions: number[]): Promise<number> {
    const answer = await whenReady(
      () => addPartitions(this.coordinator, 3, this, topic, partitions),
      ([first]) => first!,
    );
    return answer[0]!;
  }

  /** Writes into the transaction, and gives the answer. */
  async produce(topic: TestTopic, values: readonly string[], { partition = 0, version = versions[this.protocol].produce as number } = {}) {
    const key = `${topic.name}-${partition}`;
    const baseSequence = this.#sequences.get(key) ?? 0;
    const records = batchOf(
      values.map((value) => ({ value })),
      { ...this.identity, baseSequence, isTransactional: true },
    );
    const leader = await this.leaderOf(topic, partition);
    const answer = await whenReady(
      () => produceTo(leader, version, topic, records, { partition, transactionalId: this.transactionalId }),
      ({ errorCode }) => errorCode,
    );
    if (answer.errorCode === 0) this.#sequences.set(key, baseSequence + values.length);
    return answer;
  }

  /** Writes, having added the partition where that is needed. */
  async write(topic: TestTopic, values: readonly string[], partition = 0): Promise<void> {
    if (this.protocol === 1) mustBe(await this.add(topic, partition), `adding ${topic.name}`);
    mustBe((await this.produce(topic, values, { partition })).errorCode, `writing to ${topic.name}`);
  }

  /** Commits an offset of the group, and gives the error. */
  async commitOffset(group: string, topic: TestTopic, offset: number, fields: OffsetFields = {}): Promise<number> {
    const wire = await broker.coordinatorWire(group);
    const { producerId, producerEpoch } = this.identity;
    const { partition = 0, metadata = '', generationId, memberId, version = versions[this.protocol].txnOffsetCommit } = fields;
    const partitions = [{ partitionIndex: partition, committedOffset: offset, committedMetadata: metadata }];
    const request = {
      ...{ transactionalId: this.transactionalId, groupId: group, producerId, producerEpoch },
      ...(generationId !== undefined && { generationId }),
      ...(memberId !== undefined && { memberId }),
      topics: [{ name: topic.name, partitions }],
    };
    const answer = await whenReady(
      () => wire.send(apis.txnOffsetCommit, version, request),
      ({ topics }) => topics[0]!.partitions[0]!.errorCode,
    );
    wire.close();
    return answer.topics[0]!.partitions[0]!.errorCode;
  }

  /** Adds the offsets of a group. Only protocol 1 needs it. */
  async addOffsets(groupId: string, version = 3): Promise<number> {
    const request = { transactionalId: this.transactionalId, ...this.identity, groupId };
    const answer = await whenReady(
      () => this.coordinator.send(apis.addOffsetsToTxn, version, request),
      ({ errorCode }) => errorCode,
    );
    return answer.errorCode;
  }

  /** Ends the transaction, and gives the answer. With protocol 2 the producer goes on as the answer says. */
  async tryEnd(committed: boolean, version: number = versions[this.protocol].endTxn) {
    const answer = await whenReady(
      () => this.coordinator.send(apis.endTxn, version, { transactionalId: this.transactionalId, ...this.identity, committed }),
      ({ errorCode }) => errorCode,
    );
    if (answer.errorCode === 0 && version >= 5) this.#becomes({ producerId: answer.producerId, producerEpoch: answer.producerEpoch });
    return answer;
  }

  /** Ends the transaction, and resolves once its markers are written. */
  async end(committed: boolean): Promise<void> {
    mustBe((await this.tryEnd(committed)).errorCode, `ending the transaction of ${this.transactionalId}`);
    await this.settled();
  }

  /** Resolves once the last transaction's markers are written. */
  async settled(): Promise<void> {
    await until(`the markers of ${this.transactionalId} are written`, async () => {
      const { transactionState } = await this.describe();
      return transactionState !== 'PrepareCommit' && transactionState !== 'PrepareAbort';
    });
  }

  async describe() {
    const answer = await this.coordinator.send(apis.describeTransactions, 0, { transactionalIds: [this.transactionalId] });
    return answer.transactionStates[0]!;
  }

  async leaderOf(topic: TestTopic, partition = 0): Promise<Wire> {
    const key = `${topic.name}-${partition}`;
    let leader = this.#leaders.get(key);
    if (leader === undefined) this.#leaders.set(key, (leader = await broker.leaderWire(topic, partition)));
    return leader;
  }

  #becomes(identity: Identity): void {
    const { producerId, producerEpoch } = this.identity;
    if (identity.producerId !== producerId || identity.producerEpoch !== producerEpoch) this.#sequences.clear();
    this.identity = identity;
  }
}

export interface OffsetFields {
  readonly partition?: number;
  readonly metadata?: string | null;
  readonly generationId?: number;
  readonly memberId?: string;
  readonly version?: number;
}

/** Who adds: a producer, or one who says to be it. */
export interface Adding {
  readonly transactionalId: string;
  readonly identity: Identity;
}

/** Adds partitions of a topic in any version, and gives the error of each. */
export async function addPartitions(
  wire: Wire,
  version: number,
  { transactionalId, identity }: Adding,
  topic: Pick<TestTopic, 'name'>,
  partitions: readonly number[],
  verifyOnly = false,
): Promise<number[]> {
  const topics = [{ name: topic.name, partitions }];
  if (version >= 4) {
    const transactions = [{ transactionalId, ...identity, verifyOnly, topics }];
    const answer = await wire.send(apis.addPartitionsToTxn, version, { transactions });
    return codesOf(answer.resultsByTransaction[0]!.topicResults[0]!);
  }
  const answer = await wire.send(apis.addPartitionsToTxn, version, {
    v3AndBelowTransactionalId: transactionalId,
    v3AndBelowProducerId: identity.producerId,
    v3AndBelowProducerEpoch: identity.producerEpoch,
    v3AndBelowTopics: topics,
  });
  return codesOf(answer.resultsByTopicV3AndBelow[0]!);
}

interface TopicResult {
  readonly resultsByPartition: readonly { readonly partitionIndex: number; readonly partitionErrorCode: number }[];
}

function codesOf({ resultsByPartition }: TopicResult): number[] {
  return resultsByPartition.toSorted((a, b) => a.partitionIndex - b.partitionIndex).map(({ partitionErrorCode }) => partitionErrorCode);
}

/** Where a reader that wants what is committed has to stop. */
export async function lastStableOffset(topic: TestTopic, partition = 0): Promise<number> {
  const wire = await broker.leaderWire(topic, partition);
  const { offset } = await offsetAt(wire, 5, topic, -1, { partition, isolationLevel: 1 });
  wire.close();
  return offset;
}

/** What a fetch of the whole partition gives. */
export async function fetchAll(topic: TestTopic, { partition = 0, readCommitted = true } = {}) {
  const wire = await broker.leaderWire(topic, partition);
  const fetched = await fetchFrom(wire, 12, topic, 0, { partition, readCommitted });
  wire.close();
  return fetched;
}

/** The offset that the group has committed, or the error where only a stable one will do. */
export async function stableOffset(group: string, topic: TestTopic, requireStable = true): Promise<number | string> {
  const wire = await broker.coordinatorWire(group);
  const topics = [{ name: topic.name, partitionIndexes: [0] }];
  const { groups } = await wire.send(apis.offsetFetch, 9, { groups: [{ groupId: group, topics }], requireStable });
  wire.close();
  const { errorCode, committedOffset } = groups[0]!.topics[0]!.partitions[0]!;
  return errorCode === 0 ? committedOffset : `error ${errorCode}`;
}

/** The offset that the group has committed, open transactions or not. */
export async function visibleOffset(group: string, topic: TestTopic): Promise<number> {
  const wire = await broker.coordinatorWire(group);
  const { committedOffset } = await committed(wire, 8, group, topic);
  wire.close();
  return committedOffset;
}

function mustBe(errorCode: number, what: string): void {
  if (errorCode !== 0) throw new Error(`${what}: error ${errorCode}`);
}
