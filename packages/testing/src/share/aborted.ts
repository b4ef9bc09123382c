import { type RecordBatch, readControlType } from '@tskafka/core/protocol';
import type { AbortedTransaction } from '../log/transaction-index.ts';
import type { AcquiredRecords } from './acquire.ts';

/** The batches that belong to aborted transactions: a group that reads committed records only never sees them. */
export function abortedBatches(
  batches: readonly RecordBatch[],
  aborted: readonly Pick<AbortedTransaction, 'producerId' | 'firstOffset'>[],
): RecordBatch[] {
  const starts = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const aborting = new Set<number>();
  return batches.filter((batch) => {
    if (batch.producerId < 0) return false;
    while (starts[0] !== undefined && starts[0].firstOffset <= batch.lastOffset) aborting.add(starts.shift()!.producerId);
    if (batch.isControl) {
      if (readControlType(batch) === 'abort') aborting.delete(batch.producerId);
      return false;
    }
    return batch.isTransactional && aborting.has(batch.producerId);
  });
}

/** What is left of the records without these offsets. Both are by rising offset. */
export function withoutOffsets(
  records: readonly AcquiredRecords[],
  removed: readonly { readonly baseOffset: number; readonly lastOffset: number }[],
): AcquiredRecords[] {
  return removed.reduce<readonly AcquiredRecords[]>(
    (left, { baseOffset, lastOffset }) =>
      left.flatMap((record) => {
        if (record.lastOffset < baseOffset || record.firstOffset > lastOffset) return [record];
        const before = { ...record, lastOffset: baseOffset - 1 };
        const behind = { ...record, firstOffset: lastOffset + 1 };
        return [before, behind].filter((part) => part.firstOffset <= part.lastOffset);
      }),
    records,
  ) as AcquiredRecords[];
}
