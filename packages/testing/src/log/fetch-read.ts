import { errorCodes } from '@tskafka/core/protocol';
import { shareFetchBytes } from './fetch-limits.ts';
import { endOffsetForEpoch, type EpochEnd } from './leader-epochs.ts';
import type { PartitionState } from '../topics/topic.ts';

/** One partition of a fetch. */
export interface FetchTarget {
  readonly partition: PartitionState | undefined;
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
  readonly abortedTransactions: readonly { readonly producerId: number; readonly firstOffset: number }[];
  /** Set when the client has read what another leader has overwritten. */
  readonly divergingEpoch?: EpochEnd;
}

export interface FetchReader {
  readonly brokerId: number;
  readonly maxBytes: number;
  readonly readCommitted: boolean;
}

const nothing = Buffer.alloc(0);

/** Reads what the partitions have now, within the limits of the request. */
export function readPartitions(targets: readonly FetchTarget[], reader: FetchReader): PartitionRead[] {
  const checked = targets.map((target) => check(target, reader.brokerId));
  const measured = targets.map((target, i) => {
    const { errorCode, divergingEpoch } = checked[i]!;
    if (errorCode !== 0 || divergingEpoch !== undefined) return { available: 0, firstBatchBytes: 0, maxBytes: 0 };
    const { log } = target.partition!;
    return { ...log.measure(target.offset, endFor(log, reader)), maxBytes: target.maxBytes };
  });
  const lengths = shareFetchBytes(measured, { maxBytes: reader.maxBytes });
  return targets.map((target, i) => {
    const length = lengths[i]!;
    if (length === 0) return checked[i]!;
    const { log } = target.partition!;
    const { bytes: records, endOffset } = log.read(target.offset, length);
    const abortedTransactions = reader.readCommitted ? log.transactions.abortedBetween(target.offset, endOffset) : [];
    return { ...checked[i]!, records, abortedTransactions };
  });
}

function endFor(log: PartitionState['log'], reader: FetchReader): number {
  return reader.readCommitted ? log.lastStableOffset : log.highWatermark;
}

function check(target: FetchTarget, brokerId: number): PartitionRead {
  const { partition, offset, currentLeaderEpoch, lastFetchedEpoch } = target;
  if (partition === undefined || target.errorCode !== 0) return failed(target.errorCode);
  const { log } = partition;
  const error = partition.checkLeader(brokerId, currentLeaderEpoch);
  if (error !== 0) return failed(error);
  const ends = { highWatermark: log.highWatermark, lastStableOffset: log.lastStableOffset, logStartOffset: log.startOffset };
  const read: PartitionRead = { errorCode: errorCodes.NONE, ...ends, records: nothing, abortedTransactions: [] };
  if (offset < log.startOffset || offset > log.endOffset) return { ...failed(errorCodes.OFFSET_OUT_OF_RANGE) };
  if (lastFetchedEpoch < 0) return read;
  const end = endOffsetForEpoch(log.epochs, lastFetchedEpoch, log.endOffset);
  if (end.epoch === -1) return failed(errorCodes.OFFSET_OUT_OF_RANGE);
  return end.epoch < lastFetchedEpoch || end.endOffset < offset ? { ...read, divergingEpoch: end } : read;
}

function failed(errorCode: number): PartitionRead {
  return { errorCode, highWatermark: -1, lastStableOffset: -1, logStartOffset: -1, records: nothing, abortedTransactions: [] };
}
