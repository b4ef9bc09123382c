import type { Cluster } from '@tskafka/core/internal';
import type { PartitionQueue } from './partition-queue.ts';

export interface PartitionBrokersOptions {
  readonly cluster: Cluster;
  /** Leaves a partition alone for a while. */
  readonly later: (partition: PartitionQueue) => void;
  /** The metadata does not know a partition. */
  readonly onMissing: (partition: PartitionQueue) => void;
  /** The topic has been made anew: another log has the name of the one that was read. */
  readonly onOtherLog: (partition: PartitionQueue) => void;
  /** Whether a leader has to be asked first; it is, then. */
  readonly asksFirst: (partition: PartitionQueue, leader: number, leaderEpoch: number) => boolean;
  readonly refresh: (topics: readonly string[]) => void;
}

/** Which broker a partition is read from: a follower that its leader named (KIP-392), or the leader. */
export class PartitionBrokers {
  readonly #options: PartitionBrokersOptions;

  constructor(options: PartitionBrokersOptions) {
    this.#options = options;
  }

  /** Undefined where nobody is known; what helps against that has been begun. */
  of(partition: PartitionQueue, now: number): number | undefined {
    const leader = this.#leaderOf(partition);
    const { readReplica } = partition;
    if (leader === undefined || readReplica === undefined) return leader;
    if (readReplica.until > now && this.#options.cluster.metadata.brokers.has(readReplica.id)) return readReplica.id;
    partition.readReplica = undefined;
    return leader;
  }

  /** Reads from the follower that the leader named, for as long as metadata is good; false when nobody knows it. */
  goToReplica(partition: PartitionQueue, id: number): boolean {
    const { clock, metadataMaxAgeMs } = this.#options.cluster.options;
    const isKnown = this.#options.cluster.metadata.brokers.has(id);
    if (isKnown) partition.readReplica = { id, until: clock.now() + metadataMaxAgeMs };
    else this.leaveReplica(partition);
    return isKnown;
  }

  /** Reads from the leader, and does not let itself be sent away by it for a while. */
  leaveReplica(partition: PartitionQueue): void {
    const { clock, retryBackoff } = this.#options.cluster.options;
    partition.readReplica = undefined;
    partition.leaderOnlyUntil = clock.now() + retryBackoff.maxMs;
  }

  /** The broker that leads a partition. Without one the partition waits, and metadata is fetched. */
  #leaderOf(partition: PartitionQueue): number | undefined {
    const { cluster, later, onMissing, onOtherLog, asksFirst, refresh } = this.#options;
    const topic = cluster.metadata.topic(partition.topic);
    if (topic !== undefined && isOtherLog(partition, topic.topicId)) {
      onOtherLog(partition);
      return undefined;
    }
    const known = topic?.partitions.get(partition.partition);
    if (known !== undefined) partition.missingSince = undefined;
    if (known?.leader !== undefined) {
      const isAsked = topic?.topicId === undefined && asksFirst(partition, known.leader, known.leaderEpoch);
      return isAsked ? undefined : known.leader;
    }
    if (known === undefined) onMissing(partition);
    else later(partition);
    refresh([partition.topic]);
    return undefined;
  }
}

/** Whether the topic is not the one that the position is of, but another of its name: offsets of the one mean nothing in the other. */
function isOtherLog(partition: PartitionQueue, topicId: string | undefined): boolean {
  const isOther = partition.topicId !== undefined && partition.topicId !== topicId;
  partition.topicId = topicId;
  return isOther;
}
