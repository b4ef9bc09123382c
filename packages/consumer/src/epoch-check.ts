import { type Cluster, groupBy, partitionName } from '@tskafka/core/internal';
import { apis, brokerError, type Decoded, isStaleMetadata, type OffsetForLeaderEpochResponse } from '@tskafka/core/protocol';
import type { PartitionErrors } from './partition-errors.ts';
import type { PartitionQueue } from './partition-queue.ts';

export interface EpochCheckOptions {
  readonly cluster: Cluster;
  readonly errors: Pick<PartitionErrors, 'truncated' | 'reset'>;
  /** Leaves a partition alone for a while. */
  readonly later: (partition: PartitionQueue) => void;
  readonly refresh: (topics: readonly string[]) => void;
  /** Looks for partitions to fetch. */
  readonly wake: () => void;
}

/** A partition in a request, and what the log held before its offset when it was read. */
interface Asked {
  readonly partition: PartitionQueue;
  readonly leaderEpoch: number;
  readonly offset: number;
  readonly epoch: number;
  readonly moves: number;
}

type EpochEnd = Decoded<OffsetForLeaderEpochResponse>['topics'][number]['partitions'][number];

/**
 * Asks a new leader whether its log still has what was read, before it is read on from there (KIP-320). From Kafka 2.7 on a fetch says what was
 * read last, and its answer that it is gone; so this is for brokers before, which topics without ids give away. Those before 2.3 cannot be asked.
 */
export class EpochCheck {
  readonly #options: EpochCheckOptions;
  readonly #due = new Map<number, Asked[]>();

  constructor(options: EpochCheckOptions) {
    this.#options = options;
  }

  isDue(partition: PartitionQueue, leaderEpoch: number): boolean {
    if (leaderEpoch < 0 || partition.readReplica !== undefined) return false;
    if (partition.position.fetchedEpoch < 0) partition.checkedEpoch = leaderEpoch;
    return partition.checkedEpoch !== leaderEpoch;
  }

  /** The partition is busy until the leader has answered; all that are due in this turn of the event loop are asked for at once. */
  ask(partition: PartitionQueue, leader: number, leaderEpoch: number, signal: AbortSignal): void {
    const { toFetch: offset, fetchedEpoch: epoch, moves } = partition.position;
    partition.isBusy = true;
    const entry = { partition, leaderEpoch, offset, epoch, moves };
    const waiting = this.#due.get(leader);
    if (waiting !== undefined) return void waiting.push(entry);
    const due = [entry];
    this.#due.set(leader, due);
    queueMicrotask(() => {
      this.#due.delete(leader);
      void this.#ask(leader, due, signal);
    });
  }

  async #ask(leader: number, due: readonly Asked[], signal: AbortSignal): Promise<void> {
    const { later, refresh, wake } = this.#options;
    let answers: ReadonlyMap<string, EpochEnd> | undefined;
    let failure: unknown;
    try {
      answers = await this.#endsOf(leader, due, signal);
    } catch (error) {
      failure = error;
    }
    if (signal.aborted) return;
    const stale = new Set<string>();
    for (const asked of due) {
      const { partition } = asked;
      partition.isBusy = false;
      if (partition.position.moves !== asked.moves) continue;
      const answer = answers?.get(partitionName(partition));
      if (answer?.errorCode === 0) this.#take(asked, answer, signal);
      else {
        const code = answer?.errorCode;
        partition.lastError =
          code === undefined ? (failure as Error) : brokerError(code, `OffsetForLeaderEpoch of ${partitionName(partition)}`);
        if (code === undefined || isStaleMetadata(code)) stale.add(partition.topic);
        later(partition);
      }
    }
    if (stale.size > 0) refresh([...stale]);
    wake();
  }

  /** What the leader says of each partition. A broker that cannot be asked says that nothing is missing. */
  async #endsOf(leader: number, due: readonly Asked[], signal: AbortSignal): Promise<Map<string, EpochEnd>> {
    const connection = await this.#options.cluster.connection(leader, 'main', signal);
    if (connection.versions.pick(apis.offsetForLeaderEpoch) < 3) {
      const passed = ({ partition: { partition }, epoch: leaderEpoch, offset: endOffset }: Asked): EpochEnd => {
        return { partition, errorCode: 0, leaderEpoch, endOffset };
      };
      return new Map(due.map((asked) => [partitionName(asked.partition), passed(asked)]));
    }
    const topics = [...groupBy(due, ({ partition: { topic } }) => topic)].map(([topic, ofTopic]) => ({
      topic,
      partitions: ofTopic.map(({ partition: { partition }, leaderEpoch: currentLeaderEpoch, epoch: leaderEpoch }) => ({
        ...{ partition, currentLeaderEpoch, leaderEpoch },
      })),
    }));
    const response = await connection.send(apis.offsetForLeaderEpoch, { replicaId: -1, topics }, { signal });
    return new Map(
      response.topics.flatMap(({ topic, partitions }) =>
        partitions.map((end) => [partitionName({ topic, partition: end.partition }), end] as const),
      ),
    );
  }

  #take({ partition, leaderEpoch, offset }: Asked, { endOffset, leaderEpoch: epoch }: EpochEnd, signal: AbortSignal): void {
    const { errors, later } = this.#options;
    if (endOffset >= offset) {
      partition.checkedEpoch = leaderEpoch;
    } else if (endOffset >= 0 && epoch >= 0) {
      errors.truncated(partition, { epoch, endOffset });
    } else if (partition.isHandled) {
      // The leader knows nothing of that time.
      void errors.reset(partition, partition.position.isGiven, signal);
    } else {
      later(partition);
    }
  }
}
