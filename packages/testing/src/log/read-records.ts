import { decompressSync, type KafkaRecord, type RecordBatch, readControlType, readRecords } from '@tskafka/core/protocol';
import type { PartitionLog } from './log.ts';

/** The records of a log that a read_committed consumer would see. */
export function readVisibleRecords(log: PartitionLog): KafkaRecord[] {
  const aborting = new Set<number>();
  const starts = [...log.transactions.abortedBetween(0, Infinity)].sort((a, b) => a.firstOffset - b.firstOffset);
  const records: KafkaRecord[] = [];
  for (const batch of log.batches) {
    while (starts[0] !== undefined && starts[0].firstOffset <= batch.lastOffset) aborting.add(starts.shift()!.producerId);
    if (batch.isControl) {
      if (readControlType(batch) === 'abort') aborting.delete(batch.producerId);
    } else if (batch.baseOffset < log.lastStableOffset && !isAborted(batch, aborting)) {
      records.push(...readRecords(batch, decompressSync(batch)).filter(({ offset }) => offset >= log.startOffset));
    }
  }
  return records;
}

function isAborted(batch: RecordBatch, aborting: ReadonlySet<number>): boolean {
  return batch.isTransactional && aborting.has(batch.producerId);
}
