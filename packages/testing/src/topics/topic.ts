import { errorCodes } from '@tskafka/core/protocol';
import { type LogSettings, PartitionLog } from '../log/log.ts';
import type { ReplicaDirs } from './log-dirs.ts';
import { type ReplicaProgress, Replication } from './replication.ts';

/** What a topic's own configuration and its cluster's amount to. */
export interface TopicRules {
  readonly minInSync: () => number;
  readonly log: LogSettings;
  /** By the cluster's clock. */
  readonly now: number;
}

/** A topic of the cluster, as its controller knows it. */
export class TopicState {
  readonly name: string;
  readonly id: string;
  readonly internal: boolean;
  readonly partitions: PartitionState[] = [];
  /** What was set for this topic; all else is the broker's. */
  readonly configs: Map<string, string>;
  /** Its `min.insync.replicas`. */
  readonly minInSync: () => number;
  readonly logSettings: LogSettings | undefined;
  /** By the cluster's clock. */
  readonly createdAt: number;

  constructor(
    name: string,
    id: string,
    internal: boolean,
    configs: Iterable<readonly [string, string]> = [],
    rules: (configs: ReadonlyMap<string, string>) => TopicRules | undefined = () => undefined,
  ) {
    this.name = name;
    this.id = id;
    this.internal = internal;
    this.configs = new Map(configs);
    const given = rules(this.configs);
    this.minInSync = given?.minInSync ?? (() => 1);
    this.logSettings = given?.log;
    this.createdAt = given?.now ?? 0;
  }

  addPartition(replicas: readonly number[], isAlive: (brokerId: number) => boolean): PartitionState {
    const partition = new PartitionState(this, this.partitions.length, replicas, replicas.filter(isAlive));
    this.partitions.push(partition);
    return partition;
  }
}

export class PartitionState {
  readonly topic: TopicState;
  readonly index: number;
  readonly log: PartitionLog;
  readonly #replication = new Replication();
  /** The followers that a test holds. */
  readonly #held = new Set<number>();
  replicas: readonly number[];
  #isr: readonly number[];
  /** -1 when there is none. */
  leader: number;
  leaderEpoch = 0;
  /** Until when retention and compaction were done, by the cluster's clock. */
  maintainedAt: number;
  /** Replicas that are to come, while the partition is reassigned. */
  adding: readonly number[] = [];
  /** Replicas that are to go then. */
  removing: readonly number[] = [];
  /** Those that may lead when nobody is in sync (KIP-966). */
  elr: readonly number[] = [];
  /** The last leader, while there is none. */
  lastKnownElr: readonly number[] = [];
  /** Where brokers keep it. */
  readonly dirs = new Map<number, ReplicaDirs>();
  /** Where the writing of the current leader began. */
  leaderEpochStart = 0;
  /** Set when its topic was deleted: whoever waits for it waits in vain. */
  deleted = false;
  /** Called when another broker leads, or none. */
  onLeaderChange: (() => void) | undefined;

  constructor(topic: TopicState, index: number, replicas: readonly number[], isr: readonly number[]) {
    this.topic = topic;
    this.index = index;
    this.log = new PartitionLog(topic.logSettings);
    this.maintainedAt = topic.createdAt;
    this.replicas = replicas;
    this.#isr = isr;
    this.leader = isr[0] ?? -1;
    this.log.beginEpoch(0);
    this.#advanceHighWatermark();
  }

  /** Takes over what another partition is. Whoever holds its followers does not hold these. */
  copyFrom(other: PartitionState): void {
    const { replicas, leader, leaderEpoch, leaderEpochStart, maintainedAt, adding, removing, elr, lastKnownElr } = other;
    Object.assign(this, { replicas, leader, leaderEpoch, leaderEpochStart, maintainedAt, adding, removing, elr, lastKnownElr });
    this.log.copyFrom(other.log);
    this.#replication.copyFrom(other.#replication);
    this.#isr = other.#isr;
    for (const [broker, dirs] of other.dirs) this.dirs.set(broker, dirs);
  }

  /** The replicas in sync, in the order of all replicas. */
  get isr(): readonly number[] {
    return this.#isr;
  }

  set isr(isr: readonly number[]) {
    this.#isr = isr;
    this.#advanceHighWatermark();
    this.log.changed();
  }

  /** So many replicas must be in sync for a write that asks for all, and for anything to be committed. */
  get minInSync(): number {
    return Math.min(this.topic.minInSync(), this.replicas.length);
  }

  /** Makes another broker the leader, or none (-1). Each change begins a leader epoch, and the log is what the new leader has of it. */
  elect(leader: number): void {
    const isAnother = leader !== this.leader;
    this.leader = leader;
    this.leaderEpoch++;
    if (leader !== -1) {
      const behind = this.#replication.of(leader);
      if (behind !== undefined) this.#becomes(leader, behind);
      this.leaderEpochStart = this.log.endOffset;
      this.log.beginEpoch(this.leaderEpoch);
      this.#advanceHighWatermark();
    }
    this.log.changed();
    if (isAnother) this.onLeaderChange?.();
  }

  /** How much of the log this replica has, and what it knows to be committed. */
  replica(brokerId: number): ReplicaProgress {
    const { endOffset, highWatermark } = this.log;
    const behind = brokerId === this.leader ? undefined : this.#replication.of(brokerId);
    if (behind === undefined) return { endOffset, highWatermark };
    return { endOffset: Math.min(behind.endOffset, endOffset), highWatermark: Math.min(behind.highWatermark, highWatermark) };
  }

  /**
   * Leaves a follower where it is: without further records, or only (`what: 'highWatermark'`) without news of what is committed. A follower
   * that is held in both ways is so in the stricter one.
   */
  holdReplica(brokerId: number, what: 'records' | 'highWatermark' = 'records'): void {
    if (brokerId === this.leader) return;
    this.#held.add(brokerId);
    const { endOffset, highWatermark } = this.replica(brokerId);
    const held = this.#replication.of(brokerId)?.endOffset ?? Infinity;
    this.#replication.hold(brokerId, { endOffset: what === 'records' ? Math.min(endOffset, held) : held, highWatermark });
    this.#advanceHighWatermark();
  }

  /** A replica's broker is gone: it has what it had. */
  replicaLeft(brokerId: number, had: ReplicaProgress): void {
    this.#replication.hold(brokerId, had);
    this.#replication.truncateTo(this.log.endOffset);
  }

  /** Lets a follower go that was held. */
  releaseReplica(brokerId: number, isAlive: (brokerId: number) => boolean): void {
    this.#held.delete(brokerId);
    this.catchUp(isAlive);
  }

  /** A new replica, which has nothing yet. */
  beginReplica(brokerId: number): void {
    this.#replication.hold(brokerId, { endOffset: this.log.startOffset, highWatermark: this.log.startOffset });
  }

  /** A new replica has everything now. */
  completeReplica(brokerId: number): void {
    this.#replication.release(brokerId);
  }

  /** Lets all that are alive, not held and not still to come have everything, and so be in sync. */
  catchUp(isAlive: (brokerId: number) => boolean): void {
    const caughtUp = this.replicas.filter((id) => isAlive(id) && !this.#held.has(id) && !this.adding.includes(id));
    for (const id of caughtUp) this.#replication.release(id);
    this.isr = this.replicas.filter((id) => this.#isr.includes(id) || caughtUp.includes(id));
    // Once enough are in sync, only those may lead (KIP-966).
    this.elr = this.isr.length >= this.minInSync ? [] : this.elr.filter((id) => !this.isr.includes(id));
  }

  /**
   * Whether `brokerId` may serve a client that believes in `leaderEpoch` (-1: it did not say).
   *
   * A broker without a replica answers as one that is not the leader, before it looks at the epoch.
   */
  checkLeader(brokerId: number, leaderEpoch = -1): number {
    if (!this.replicas.includes(brokerId)) return errorCodes.NOT_LEADER_OR_FOLLOWER;
    if (leaderEpoch !== -1 && leaderEpoch < this.leaderEpoch) return errorCodes.FENCED_LEADER_EPOCH;
    if (leaderEpoch !== -1 && leaderEpoch > this.leaderEpoch) return errorCodes.UNKNOWN_LEADER_EPOCH;
    return this.leader === brokerId ? errorCodes.NONE : errorCodes.NOT_LEADER_OR_FOLLOWER;
  }

  /** A replica that had less becomes the leader: what only others had is lost. */
  #becomes(leader: number, { endOffset, highWatermark }: ReplicaProgress): void {
    this.#held.delete(leader);
    this.#replication.release(leader);
    this.log.truncateTo(endOffset);
    this.#replication.truncateTo(this.log.endOffset);
    this.log.highWatermarkLimit = highWatermark;
  }

  /** What all in sync have is committed, unless too few are in sync; and nothing that was committed ceases to be. */
  #advanceHighWatermark(): void {
    const before = this.log.highWatermark;
    const tooFew = this.leader !== -1 && this.#isr.length < this.minInSync;
    const limit = tooFew ? before : this.#replication.committedBy(this.#isr.filter((id) => id !== this.leader));
    this.log.highWatermarkLimit = Math.max(limit, before);
  }
}
