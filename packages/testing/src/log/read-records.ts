import { decompressSync, type KafkaRecord, type RecordBatch, readControlType, readRecords } from '@tskafka/core/protocol';
import type { PartitionLog } from './log.ts';

/** Where an aborted transaction of a producer begins in a partition. */
interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** The records of a log that a read_committed consumer would see. */
export function readVisibleRecords(log: PartitionLog): KafkaRecord[] {
  const aborted = log.transactions.abortedBetween(0, Infinity);
  return visibleRecords(log.batches, aborted, { from: log.startOffset, until: log.lastStableOffset });
}

/** The records of these batches, which follow each other, that belong to no aborted transaction. */
export function visibleRecords(
  batches: Iterable<RecordBatch>,
  aborted: Iterable<AbortedTransaction>,
  { from, until }: { readonly from: number; readonly until: number },
): KafkaRecord[] {
  const aborting = new Set<number>();
  const starts = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const records: KafkaRecord[] = [];
  for (const batch of batches) {
    while (starts[0] !== undefined && starts[0].firstOffset <= batch.lastOffset) aborting.add(starts.shift()!.producerId);
    if (batch.isControl) {
      if (readControlType(batch) === 'abort') aborting.delete(batch.producerId);
    } else if (batch.baseOffset < until && !(batch.isTransactional && aborting.has(batch.producerId))) {
      records.push(...readRecords(batch, decompressSync(batch)).filter(({ offset }) => offset >= from));
    }
  }
  return records;
}
