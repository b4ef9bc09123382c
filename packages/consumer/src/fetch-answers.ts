import type { Isolation } from '@tskafka/core';
import type { AnswerMemory, Cluster } from '@tskafka/core/internal';
import type { Decoded, FetchResponse } from '@tskafka/core/protocol';
import { enqueue } from './enqueue.ts';
import type { Asked } from './fetch-request.ts';
import { type FetchedPartition, pairUp } from './fetch-response.ts';
import type { MessageQueue } from './message-queue.ts';
import type { PartitionBrokers } from './partition-brokers.ts';
import type { PartitionErrors } from './partition-errors.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { passHoles } from './pass-holes.ts';
import type { Answer } from './waiting-batches.ts';

export interface FetchAnswersOptions {
  readonly cluster: Cluster;
  readonly queue: MessageQueue<unknown, unknown>;
  readonly isolation: Isolation;
  readonly memory: AnswerMemory;
  readonly errors: PartitionErrors;
  readonly brokers: PartitionBrokers;
  /** The partitions that are fetched; those that come first are first in the next request. */
  readonly partitions: Set<PartitionQueue>;
  readonly later: (partition: PartitionQueue) => void;
  readonly refresh: (topics: readonly string[]) => void;
  /** There may be something to tell, and to fetch. */
  readonly ready: () => void;
}

/** Whose answer it is, and to what. */
export interface AnswerFrom {
  /** Partitions without news are not in it. */
  readonly isIncremental: boolean;
  /** The topic of an id, for versions that carry only that. */
  readonly nameOf: (topicId: string) => string | undefined;
  readonly signal: AbortSignal;
}

/** Takes answers to Fetch apart: records go to the queue, errors to whoever mends them. */
export class FetchAnswers {
  readonly #options: FetchAnswersOptions;

  constructor(options: FetchAnswersOptions) {
    this.#options = options;
  }

  /** Gives the bytes of records in an answer, and whether it has what it should not, or lacks what it should have. */
  accept(asked: readonly Asked[], response: Decoded<FetchResponse>, from: AnswerFrom): { bytes: number; isOdd: boolean } {
    const { queue, cluster, memory, partitions, later, refresh } = this.#options;
    const { answered, omitted, extra } = pairUp(asked, response, from.nameOf);
    if (extra.length > 0) cluster.options.logger.warn({ extra }, 'a broker answered for partitions that nobody asked for');
    let bytes = 0;
    let lent: Buffer | undefined;
    for (const [, { records }] of answered) {
      if (records === null || records.length === 0) continue;
      bytes += records.length;
      if (memory.isLent(records)) lent = records;
    }
    const answer: Answer = { bytes, holders: 0, memory: lent };
    if (answer.memory === undefined) memory.wasShort();
    for (const { queue: partition } of omitted) {
      // In a session no word means no news.
      if (!from.isIncremental) later(partition);
      else partition.lastError = undefined;
    }
    let stale: Set<string> | undefined;
    queue.accept(answer, () => {
      for (const [{ queue: partition, moves }, data] of answered) {
        // Whoever has moved meanwhile wants neither these records nor this error.
        if (partition.position.moves !== moves || !partitions.has(partition)) continue;
        if (this.#take(partition, data, answer, response, from)) (stale ??= new Set()).add(partition.topic);
      }
    });
    if (stale !== undefined) refresh([...stale]);
    // A broker that throttles a client answers with nothing whatever there is.
    if (bytes === 0 && response.throttleTimeMs === 0) {
      const told = answered.flatMap(([entry, data]) => (saysOnlyThatNothingIsThere(data) ? [entry] : []));
      const silent = from.isIncremental ? [...told, ...omitted] : told;
      void passHoles(silent, asked, { cluster, later, ready: this.#options.ready, signal: from.signal });
    }
    return { bytes, isOdd: extra.length > 0 || (omitted.length > 0 && !from.isIncremental) };
  }

  /** Takes what an answer says of a partition; true when it also takes fresh metadata. */
  #take(partition: PartitionQueue, data: FetchedPartition, answer: Answer, response: Decoded<FetchResponse>, from: AnswerFrom): boolean {
    const { queue, isolation, errors, brokers } = this.#options;
    if (data.errorCode !== 0) {
      if (partition.readReplica === undefined) return errors.mend(partition, data, response, from.signal);
      // The leader knows whether the follower is behind, or the offset is lost.
      brokers.leaveReplica(partition);
      return true;
    }
    partition.failures = 0;
    partition.lastError = undefined;
    partition.highWatermark = data.highWatermark;
    partition.readableEnd = isolation === 'read_committed' ? data.lastStableOffset : data.highWatermark;
    if (data.divergingEpoch.endOffset >= 0) {
      errors.truncated(partition, data.divergingEpoch);
      return false;
    }
    const unreadable = enqueue(queue, isolation, partition, data, answer);
    if (unreadable !== undefined) errors.report(partition, unreadable);
    if ((data.records?.length ?? 0) > 0) this.#isServed(partition);
    return data.preferredReadReplica >= 0 && !brokers.goToReplica(partition, data.preferredReadReplica);
  }

  /** Others come first in the next request: a broker fills its answer in this order. */
  #isServed(partition: PartitionQueue): void {
    this.#options.partitions.delete(partition);
    this.#options.partitions.add(partition);
  }
}

/** Rather than that something is wrong, or to be fetched elsewhere. */
function saysOnlyThatNothingIsThere({ errorCode, divergingEpoch, preferredReadReplica }: FetchedPartition): boolean {
  return errorCode === 0 && divergingEpoch.endOffset < 0 && preferredReadReplica < 0;
}
