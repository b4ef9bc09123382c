import { CorruptRecordError } from '../errors.ts';
import { after } from '../offsets/positions.ts';
import { checkCrc, readBatches } from '../records/batch.ts';
import { decompress } from '../records/decompress.ts';
import { RecordCursor } from '../records/record.ts';
import type { VisibleRecords } from '../records/visible-records.ts';

/** What fetched bytes tell of some offsets. */
export interface FoundTimestamps {
  /** Of the first offsets, as many as could be told. */
  readonly found: readonly number[];
  /** What is behind the bytes begins here. */
  readonly next: number;
}

/**
 * The time of the first record at or behind each of these offsets that a reader may see. The offsets ascend, and the bytes were fetched from the first of
 * them on.
 *
 * @throws CorruptRecordError when a batch cannot be read.
 */
export async function timestampsIn(
  records: Buffer,
  visible: Pick<VisibleRecords, 'shows'>,
  offsets: readonly number[],
): Promise<FoundTimestamps> {
  const found: number[] = [];
  const batches = readBatches(records);
  if (batches.length === 0) throw new CorruptRecordError(`${records.length} bytes are less than a batch, and a broker sends at least one`);
  for (const batch of batches) {
    // It keeps count of transactions, so it sees every batch.
    if (!visible.shows(batch) || batch.lastOffset < offsets[found.length]!) continue;
    checkCrc(batch);
    const cursor = new RecordCursor(batch, await decompress(batch));
    while (found.length < offsets.length && cursor.next()) {
      while (offsets[found.length]! <= cursor.offset) found.push(cursor.timestamp);
    }
    if (found.length === offsets.length) break;
  }
  return { found, next: after(batches.at(-1)!.lastOffset) };
}
