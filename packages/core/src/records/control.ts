import { CorruptRecordError } from '../errors.ts';
import type { RecordBatch } from './batch.ts';
import { at, attribute } from './batch-layout.ts';
import { RecordBatchBuilder } from './batch-builder.ts';
import { decompressSync } from './decompress.ts';
import { RecordCursor } from './record.ts';
import { setProducer } from './stamp.ts';

/** What a control batch says: how a transaction ended, or something (of Raft, of a later Kafka) that consumers skip. */
export type ControlType = 'abort' | 'commit' | 'other';

/** Reads the type of a control batch; as in Java the first record decides. An empty one says nothing. */
export function readControlType(batch: RecordBatch): ControlType {
  const cursor = new RecordCursor(batch, decompressSync(batch, { maxDecompressedBytes: maxControlBytes }));
  if (!cursor.next()) return 'other';
  const { key } = cursor;
  if (key === null || key.length < 4) {
    throw new CorruptRecordError(`the control record at offset ${cursor.offset} has a key of ${cursor.keyLength} bytes, not of 4`);
  }
  const type = key.readInt16BE(2);
  return type === 0 ? 'abort' : type === 1 ? 'commit' : 'other';
}

/** A marker has some twenty bytes, and nobody compresses it; but the bytes may come from anybody. */
const maxControlBytes = 1024 * 1024;

export interface TransactionEnd {
  readonly type: 'abort' | 'commit';
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly timestamp: number;
}

/** The marker that a broker writes into a partition where a transaction ends. */
export function transactionEndBatch(end: TransactionEnd): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt16BE(end.type === 'commit' ? 1 : 0, 2);
  const value = Buffer.alloc(6);
  value.writeInt32BE(end.coordinatorEpoch, 2);
  const builder = new RecordBatchBuilder();
  builder.append(key, value, [], end.timestamp);
  const batch = builder.close();
  batch.writeInt16BE(attribute.control, at.attributes);
  setProducer(batch, { producerId: end.producerId, producerEpoch: end.producerEpoch, isTransactional: true });
  return batch;
}
