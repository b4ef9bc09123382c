import { type HeaderToWrite, RecordBatch, RecordBatchBuilder, type RecordBytes } from '@tskafka/core/protocol';
import { checkBroker, checkNames, checkNumber } from './checks.ts';
import type { ClusterState } from './cluster-state.ts';
import type { TopicSpec } from './options.ts';
import { readVisibleRecords } from './log/read-records.ts';
import { describeRecords } from './waiting/explain.ts';
import type { Wait, WaitOptions } from './waiting/wait-until.ts';
import { holdReplication, type ReplicationHold } from './topics/hold-replication.ts';
import type { Stoppable } from './stoppable.ts';
import { findPartition, findTopic } from './topics/find-partition.ts';
import { topicConfig } from './configs/configs.ts';
import type { LogSegment } from './log/segments.ts';
import { applyRetention, compactPartition } from './topics/maintain.ts';
import type { PartitionState, TopicState } from './topics/topic.ts';

/** A record of a topic, as a test sees it. */
export interface MockRecord {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [key: string, value: Buffer | null])[];
}

/** A record that a test appends to a topic. */
export interface RecordToAppend {
  /** The partition. Default 0. */
  readonly partition?: number;
  readonly key?: RecordBytes | null;
  readonly value?: RecordBytes | null;
  readonly headers?: readonly HeaderToWrite[] | Readonly<Record<string, RecordBytes | null>>;
  /** Milliseconds since 1970. Default: the time of the cluster. */
  readonly timestamp?: number;
}

/** Which records to wait for. Default: all. */
export interface RecordsToWaitFor extends WaitOptions {
  readonly where?: (record: MockRecord) => boolean;
  readonly partition?: number;
}

/** The state of a partition. */
export interface PartitionStatus {
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
  readonly startOffset: number;
  /** The offset of the next record. */
  readonly endOffset: number;
  /** Everything before it is committed: consumers read no further. */
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  /** The segments of its log, the active one last. */
  readonly segments: readonly LogSegment[];
  /** The state of each replica except the leader. */
  readonly followers: readonly FollowerStatus[];
}

/** The state of a follower. */
export interface FollowerStatus {
  readonly broker: number;
  readonly endOffset: number;
  readonly highWatermark: number;
  /** The number of offsets that it is behind its leader. */
  readonly lag: number;
}

/** A topic of the mock, for a test to inspect and change. */
export class MockTopic {
  readonly name: string;
  readonly #state: ClusterState;
  readonly #wait: Wait;

  constructor(state: ClusterState, wait: Wait, name: string) {
    this.#state = state;
    this.#wait = wait;
    this.name = name;
    this.#topic();
  }

  get id(): string {
    return this.#topic().id;
  }

  get partitionCount(): number {
    return this.#topic().partitions.length;
  }

  partition(index: number): PartitionStatus {
    const partition = this.#partition(index);
    const { leader, leaderEpoch, replicas, isr, log } = partition;
    const { startOffset, endOffset, highWatermark, lastStableOffset, segments } = log;
    const followers = replicas.filter((id) => id !== leader).map((id) => ({ broker: id, ...partition.replica(id) }));
    return {
      ...{ leader, leaderEpoch, replicas, inSync: isr, startOffset, endOffset, highWatermark, lastStableOffset, segments },
      followers: followers.map((follower) => ({ ...follower, lag: endOffset - follower.endOffset })),
    };
  }

  /** The records that a read_committed consumer would get, by partition and offset. */
  records(options: { readonly partition?: number } = {}): MockRecord[] {
    return this.#some(options).flatMap(({ index, log }) => readVisibleRecords(log).map((record) => ({ partition: index, ...record })));
  }

  /**
   * Resolves with the records that a read_committed consumer would get, once `count` of them match.
   *
   * After `timeoutMs` it rejects with an Error that shows the existing records.
   */
  waitForRecords(count: number, { where = () => true, partition, ...options }: RecordsToWaitFor = {}): Promise<MockRecord[]> {
    const matching = (): MockRecord[] => this.records({ partition }).filter(where);
    return this.#wait(
      {
        look() {
          const found = matching();
          return found.length >= count ? found : undefined;
        },
        explain: () => {
          const all = this.records({ partition });
          const place = partition === undefined ? `'${this.name}'` : `partition ${partition} of '${this.name}'`;
          const there = all.length === 0 ? `${place} is empty.` : `${place} holds ${all.length}:\n${describeRecords(all)}`;
          return `${matching().length} of ${count} expected records have arrived. ${there}`;
        },
      },
      options,
    );
  }

  /** Appends records without a producer, each as its own batch, and returns the offset of the first. */
  append(...records: readonly (RecordToAppend | string)[]): number {
    const offsets = records.map((given) => {
      const record = typeof given === 'string' ? { value: given } : given;
      checkNames('a record', record, ['partition', 'key', 'value', 'headers', 'timestamp']);
      const builder = new RecordBatchBuilder(Infinity);
      const timestamp = record.timestamp ?? Math.trunc(this.#state.clock.wallTime());
      builder.append(record.key ?? null, record.value ?? null, headersOf(record.headers), timestamp);
      return this.appendBatch(builder.close(), record.partition);
    });
    return offsets[0] ?? this.#partition(0).log.endOffset;
  }

  /** Appends a record batch unchanged, even one that no producer would send, and returns its offset. */
  appendBatch(bytes: Buffer, partition = 0): number {
    const { log, leaderEpoch } = this.#partition(partition);
    return log.append(new RecordBatch(bytes), { leaderEpoch }).baseOffset;
  }

  /** Removes the records before `offset`, as an administrator would. */
  deleteRecords(partition: number, offset: number): void {
    const { log } = this.#partition(partition);
    checkNumber('an offset', offset);
    if (offset > log.highWatermark) throw new RangeError(`${this.name}-${partition} ends at ${log.highWatermark}, before ${offset}`);
    log.deleteBefore(offset);
  }

  /** Starts a new segment in each partition, or in one. Compaction never touches the active segment. */
  roll(options: { readonly partition?: number } = {}): void {
    for (const { log } of this.#some(options)) log.roll();
  }

  /**
   * Compacts now, however little there is to do: everything but the active segment and records within `min.compaction.lag.ms`. Tombstones
   * go once `delete.retention.ms` have passed since their first compaction. Default: all partitions.
   */
  compact(options: { readonly partition?: number } = {}): void {
    const { clock, configs } = this.#state;
    const policy = topicConfig('cleanup.policy', this.#topic().configs, configs);
    if (!policy.includes('compact')) throw new RangeError(`${this.name} has the cleanup.policy '${policy}', and is not compacted`);
    for (const partition of this.#some(options)) compactPartition(partition, configs, clock.wallTime(), 'now');
  }

  /** Deletes now the segments that have exceeded `retention.ms` or `retention.bytes`. Default: of all partitions. */
  applyRetention(options: { readonly partition?: number } = {}): void {
    const { clock, configs } = this.#state;
    for (const partition of this.#some(options)) applyRetention(partition, configs, clock.wallTime());
  }

  /** Loses everything from `offset` on, in an unclean election of a leader that never had it. Batches go as a whole. */
  truncate(partition: number, offset: number): void {
    const state = this.#partition(partition);
    const { startOffset, endOffset } = state.log;
    if (!(offset >= 0 && offset <= endOffset)) {
      throw new RangeError(`${this.name}-${partition} holds the offsets from ${startOffset} to ${endOffset}, and cannot end at ${offset}`);
    }
    state.log.truncateTo(offset);
    state.elect(state.leader);
  }

  /**
   * Stops followers from replicating, until it is stopped. Writes with acks=all wait for them, and consumers do not see uncommitted
   * records. A follower that lags for `replica.lag.time.max.ms` is no longer in sync. One that becomes the leader loses what it did not
   * have.
   */
  holdReplication(hold: ReplicationHold = {}): Stoppable {
    const { clock, configs, isAlive } = this.#state;
    for (const follower of hold.followers ?? []) checkBroker(follower, this.#state.brokers);
    const shrink = (partition: PartitionState, isr: readonly number[]) => void this.#state.changePartition(partition, { isr });
    return holdReplication(this.#some(hold), hold, { clock, isAlive, shrink, lagMs: configs.number('replica.lag.time.max.ms') });
  }

  /** Forgets the idempotent producers, as a broker does a day after their last batch. */
  forgetProducers(): void {
    for (const { log } of this.#topic().partitions) log.forgetProducers();
  }

  /** Grows the topic to `total` partitions. */
  addPartitions(total: number): void {
    const topic = this.#topic();
    const more = total - topic.partitions.length;
    if (more <= 0) throw new RangeError(`${this.name} has ${topic.partitions.length} partitions already, and ${total} would not be more`);
    this.#state.addPartitions(topic, this.#state.placePartitions(more, topic.partitions[0]!.replicas.length, topic.partitions.length));
  }

  /** Makes another broker the leader, and a replica if it was none. */
  moveLeader(partition: number, broker: number): void {
    checkBroker(broker, this.#state.brokers);
    const state = this.#partition(partition);
    if (!state.replicas.includes(broker)) state.replicas = [...state.replicas, broker];
    if (!state.isr.includes(broker)) state.isr = [...state.isr, broker];
    state.elect(broker);
  }

  /** Leaves the partition without a leader, until moveLeader chooses one. */
  leaderless(partition: number): void {
    this.#partition(partition).elect(-1);
  }

  /** Deletes the topic with everything in it. */
  delete(): void {
    this.#state.deleteTopic(this.#topic());
  }

  /** Deletes the topic and creates an empty one with the same name and another id. Default: with as many partitions. */
  recreate(spec: TopicSpec = {}): void {
    const { partitions, configs } = this.#topic();
    this.delete();
    this.#state.createTopic({
      name: this.name,
      partitions: spec.partitions ?? partitions.length,
      replicationFactor: spec.replicationFactor ?? partitions[0]!.replicas.length,
      configs: spec.configs === undefined ? configs : Object.entries(spec.configs),
    });
  }

  #topic(): TopicState {
    return findTopic(this.#state, this.name);
  }

  #some({ partition }: { readonly partition?: number }): readonly PartitionState[] {
    return partition === undefined ? this.#topic().partitions.map(({ index }) => this.#partition(index)) : [this.#partition(partition)];
  }

  #partition(index: number): PartitionState {
    return findPartition(this.#state, this.name, index);
  }
}

function headersOf(headers: RecordToAppend['headers'] = []): readonly HeaderToWrite[] {
  return Array.isArray(headers)
    ? (headers as readonly HeaderToWrite[])
    : Object.entries(headers as Readonly<Record<string, RecordBytes | null>>);
}
