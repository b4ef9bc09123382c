import { errorCodes } from '@tskafka/core/protocol';
import { PartitionLog } from '../log/log.ts';

/** A topic of the cluster, as its controller knows it. */
export class TopicState {
  readonly name: string;
  readonly id: string;
  readonly internal: boolean;
  readonly partitions: PartitionState[] = [];
  /** What was set for this topic; all else is the broker's. */
  readonly configs: Map<string, string>;

  constructor(name: string, id: string, internal: boolean, configs: Iterable<readonly [string, string]> = []) {
    this.name = name;
    this.id = id;
    this.internal = internal;
    this.configs = new Map(configs);
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
  readonly log = new PartitionLog();
  replicas: readonly number[];
  isr: readonly number[];
  /** -1 when there is none. */
  leader: number;
  leaderEpoch = 0;
  /** Set when its topic was deleted: whoever waits for it waits in vain. */
  deleted = false;

  constructor(topic: TopicState, index: number, replicas: readonly number[], isr: readonly number[]) {
    this.topic = topic;
    this.index = index;
    this.replicas = replicas;
    this.isr = isr;
    this.leader = isr[0] ?? -1;
    this.log.beginEpoch(0);
  }

  /** Makes another broker the leader, or none (-1). Each change begins a leader epoch. */
  elect(leader: number): void {
    this.leader = leader;
    this.leaderEpoch++;
    if (leader !== -1) this.log.beginEpoch(this.leaderEpoch);
    this.log.changed();
  }

  /** How much of the log this replica has, and what it knows to be committed. */
  replica(_brokerId: number): { readonly endOffset: number; readonly highWatermark: number } {
    return { endOffset: this.log.endOffset, highWatermark: this.log.highWatermark };
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
}
