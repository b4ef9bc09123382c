import { errorCodes, zeroUuid } from '@tskafka/core/protocol';
import { shareFetchBytes } from './fetch-limits.ts';
import { endOffsetForEpoch, type EpochEnd } from './leader-epochs.ts';
import type { PartitionState } from '../topics/topic.ts';

/** One partition of a fetch. */
export interface FetchTarget {
  readonly partition: PartitionState;
  /** The id by which it was asked for; all zeros where it was by name. */
  readonly topicId: string;
  /** What is wrong with it before it is read. */
  readonly errorCode: number;
  readonly offset: number;
  readonly maxBytes: number;
  /** -1 when the client did not say. */
  readonly currentLeaderEpoch: number;
  /** -1 when the client did not say. */
  readonly lastFetchedEpoch: number;
}

/** What it gives. */
export interface PartitionRead {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly records: Buffer;
  /** Empty where nobody looked for them, as when there is no such partition. */
  readonly abortedTransactions: readonly { readonly producerId: number; readonly firstOffset: number }[] | null;
  /** Set when the client has read what another leader has overwritten. */
  readonly divergingEpoch?: EpochEnd;
  /** The replica that this client should read from instead. */
  readonly preferredReadReplica?: number;
}

export interface FetchReader {
  readonly brokerId: number;
  readonly maxBytes: number;
  readonly readCommitted: boolean;
  /** Whether a follower may answer (from version 11 on). */
  readonly fromFollower: boolean;
  /** Where this client should read instead. */
  preferredReplica(target: FetchTarget): number | undefined;
}

const nothing = Buffer.alloc(0);

/** Reads what the partitions have now, within the limits of the request. */
export function readPartitions(targets: readonly FetchTarget[], reader: FetchReader): PartitionRead[] {
  const checked = targets.map((target) => check(target, reader));
  const measured = targets.map((target, i) => {
    if (!isReadable(checked[i]!)) return { available: 0, firstBatchBytes: 0, maxBytes: 0 };
    return { ...target.partition.log.measure(target.offset, endFor(checked[i]!, reader)), maxBytes: target.maxBytes };
  });
  const lengths = shareFetchBytes(measured, { maxBytes: reader.maxBytes });
  return targets.map((target, i) => {
    const length = lengths[i];
    // Kafka leaves a batch out that does not fit, and with it what it had found of aborted transactions.
    if (length === undefined) return { ...checked[i]!, abortedTransactions: null };
    if (measured[i]!.available === 0) return checked[i]!;
    const { log } = target.partition;
    const abortedTransactions = reader.readCommitted ? log.abortedIn(target.offset, length) : null;
    return { ...checked[i]!, records: log.read(target.offset, length), abortedTransactions };
  });
}

/**
 * Whether a fetch that waits is to be answered: there are `minBytes`, something is wrong, or an offset is not where the log goes on
 * (before its current segment, or behind what may be read).
 */
export function isWorthAnswering(targets: readonly FetchTarget[], reader: FetchReader, minBytes: number): boolean {
  let bytes = 0;
  // That a follower has caught up is no reason to answer.
  const here: FetchReader = { ...reader, preferredReplica: () => undefined };
  for (const target of targets) {
    const found = check(target, here);
    if (!isReadable(found)) return true;
    const end = endFor(found, reader);
    if (target.offset > end) return true;
    const { available, reachesEnd } = target.partition.log.measure(target.offset, end);
    if (!reachesEnd) return true;
    bytes += Math.min(available, target.maxBytes);
  }
  return bytes >= minBytes;
}

/** Whether an answer may not wait for more: something is wrong, or the client should look elsewhere. */
export function isUrgent({ errorCode, divergingEpoch, preferredReadReplica }: PartitionRead): boolean {
  return errorCode !== 0 || divergingEpoch !== undefined || preferredReadReplica !== undefined;
}

function isReadable(read: PartitionRead): boolean {
  return !isUrgent(read);
}

function endFor({ highWatermark, lastStableOffset }: PartitionRead, reader: FetchReader): number {
  return reader.readCommitted ? lastStableOffset : highWatermark;
}

function check(target: FetchTarget, reader: FetchReader): PartitionRead {
  const { partition, offset, currentLeaderEpoch, lastFetchedEpoch, topicId } = target;
  if (target.errorCode !== 0) return failedRead(target.errorCode);
  if (partition.deleted) return failedRead(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  if (!partition.replicas.includes(reader.brokerId)) return failedRead(errorCodes.NOT_LEADER_OR_FOLLOWER);
  if (topicId !== zeroUuid && topicId !== partition.topic.id) return failedRead(errorCodes.INCONSISTENT_TOPIC_ID);
  const error = partition.checkLeader(reader.brokerId, currentLeaderEpoch);
  const fromFollower = reader.fromFollower && error === errorCodes.NOT_LEADER_OR_FOLLOWER;
  if (error !== 0 && !fromFollower) return failedRead(error);
  const { log } = partition;
  const { endOffset, highWatermark } = partition.replica(reader.brokerId);
  const lastStableOffset = Math.min(highWatermark, log.lastStableOffset);
  const ends = { highWatermark, lastStableOffset, logStartOffset: log.startOffset };
  const abortedTransactions = reader.readCommitted ? [] : null;
  const read: PartitionRead = { errorCode: errorCodes.NONE, ...ends, records: nothing, abortedTransactions };
  const preferredReadReplica = reader.preferredReplica(target);
  if (preferredReadReplica !== undefined) return { ...read, abortedTransactions: null, preferredReadReplica };
  if (offset < log.startOffset) return failedRead(errorCodes.OFFSET_OUT_OF_RANGE);
  if (lastFetchedEpoch >= 0) {
    const end = endOffsetForEpoch(log.epochs, lastFetchedEpoch, endOffset);
    if (end.epoch === -1) return failedRead(errorCodes.OFFSET_OUT_OF_RANGE);
    if (end.epoch < lastFetchedEpoch || end.endOffset < offset) return { ...read, abortedTransactions: null, divergingEpoch: end };
  }
  return offset > endOffset ? failedRead(errorCodes.OFFSET_OUT_OF_RANGE) : read;
}

/** The answer for a partition that could not be read. */
function failedRead(errorCode: number): PartitionRead {
  return { errorCode, highWatermark: -1, lastStableOffset: -1, logStartOffset: -1, records: nothing, abortedTransactions: null };
}

/** The answer for a partition that there is not. */
export function unknownRead(errorCode: number): PartitionRead {
  return { ...failedRead(errorCode), abortedTransactions: [] };
}
