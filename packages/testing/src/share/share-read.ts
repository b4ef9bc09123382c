import { errorCodes, type Random, readBatches, type RecordBatch } from '@tskafka/core/protocol';
import { type FetchReader, type FetchTarget, isWorthAnswering, readPartitions } from '../log/fetch-read.ts';
import type { PartitionState } from '../topics/topic.ts';
import { abortedBatches } from './aborted.ts';
import type { Acquired } from './acquire.ts';
import type { SharePartition } from './share-partition.ts';

/** A share partition that a fetch asks for. */
export interface ShareTarget {
  readonly partition: PartitionState;
  readonly share: SharePartition;
}

/** What a fetch asks for. */
export interface ShareReader {
  readonly brokerId: number;
  readonly memberId: string;
  readonly readCommitted: boolean;
  readonly recordLimit: boolean;
  readonly maxRecords: number;
  readonly batchSize: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly random: Random;
}

/** What one partition gives. */
export interface ShareRead {
  readonly target: ShareTarget;
  readonly errorCode: number;
  readonly records: Buffer;
  readonly acquired: Acquired['records'];
}

/** Whether there is enough for an answer: bytes behind the places where the partitions would be read, or an error. */
export function isEnough(targets: readonly ShareTarget[], reader: ShareReader): boolean {
  const ready = targets.filter(({ share }) => share.canAcquire());
  if (ready.length === 0) return false;
  const each = Math.floor(reader.maxBytes / ready.length);
  return isWorthAnswering(
    ready.map((target) => fetchTarget(target, each)),
    fetchReader(reader),
    reader.minBytes,
  );
}

function fetchTarget({ partition, share }: ShareTarget, maxBytes: number): FetchTarget {
  const { id: topicId } = partition.topic;
  return { partition, topicId, errorCode: 0, offset: share.nextFetchOffset(), maxBytes, currentLeaderEpoch: -1, lastFetchedEpoch: -1 };
}

function fetchReader({ brokerId, maxBytes, readCommitted }: ShareReader): FetchReader {
  return { brokerId, maxBytes, readCommitted, fromFollower: false, preferredReplica: () => undefined };
}

/** Reads the partitions that may give something, and acquires what was read for the member. */
export function readAndAcquire(targets: readonly ShareTarget[], reader: ShareReader): ShareRead[] {
  const ready = targets.filter(({ share }) => share.canAcquire());
  const each = shareOfBytes(reader.maxBytes, ready.length, reader.random);
  const reads = readPartitions(
    ready.map((target, i) => fetchTarget(target, each[i]!)),
    fetchReader(reader),
  );
  let count = 0;
  return ready.map((target, i): ShareRead => {
    const { errorCode, records, abortedTransactions } = reads[i]!;
    const { share, partition } = target;
    const nothing = { target, records: Buffer.alloc(0), acquired: [] };
    if (errorCode === errorCodes.OFFSET_OUT_OF_RANGE) {
      share.moveStart(partition.log.startOffset);
      return { ...nothing, errorCode: errorCodes.NONE };
    }
    if (errorCode !== 0) return { ...nothing, errorCode };
    const batches = readBatches(records);
    const { memberId, recordLimit, batchSize } = reader;
    const request = {
      memberId,
      recordLimit,
      batchSize,
      maxRecords: reader.maxRecords - count,
      fetchOffset: share.nextFetchOffset(),
      batches,
    };
    const acquired = share.acquire(request, abortedBatches(batches, abortedTransactions ?? []));
    if (acquired.records.length === 0) return { ...nothing, errorCode };
    count += acquired.count;
    return { target, errorCode, records: slice(records, batches, acquired.records), acquired: acquired.records };
  });
}

/** Equal parts; what is left over goes to one of the partitions, or one byte each to as many as there are bytes. */
function shareOfBytes(maxBytes: number, partitions: number, random: Random): number[] {
  if (partitions === 0) return [];
  const lucky = Math.floor(random() * partitions);
  if (maxBytes < partitions)
    return Array.from({ length: partitions }, (_, i) => ((i - lucky + partitions) % partitions < maxBytes ? 1 : 0));
  const each = Math.floor(maxBytes / partitions);
  return Array.from({ length: partitions }, (_, i) => (i === lucky ? each + (maxBytes % partitions) : each));
}

/** The batches that hold something that was acquired. Where only one was read it is given as it is. */
function slice(records: Buffer, batches: readonly RecordBatch[], acquired: Acquired['records']): Buffer {
  if (batches.length === 1) return records;
  const first = acquired[0]!.firstOffset;
  const last = acquired.at(-1)!.lastOffset;
  const from = Math.max(
    0,
    batches.findLastIndex(({ baseOffset }) => baseOffset <= first),
  );
  const behind = batches.findIndex(({ baseOffset }, i) => i > from && baseOffset > last);
  const bytesOf = (some: readonly RecordBatch[]): number => some.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return records.subarray(bytesOf(batches.slice(0, from)), bytesOf(behind === -1 ? batches : batches.slice(0, behind)));
}
