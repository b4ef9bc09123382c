import { decompressSync, readRecords, type RecordBatch } from '@tskafka/core/protocol';

/** The end of a transaction in a log. */
export interface Marker {
  readonly committed: boolean;
  /** The leader epoch of the coordinator's partition of `__transaction_state`; -1 when the marker does not say. */
  readonly coordinatorEpoch: number;
}

/** Key and value both begin with a version of two bytes. */
const at = { type: 2, coordinatorEpoch: 2 } as const;

/** What a control batch says of a transaction; undefined when it is about something else. */
export function readMarker(batch: RecordBatch): Marker | undefined {
  const [record] = readRecords(batch, decompressSync(batch));
  if (record === undefined || record.key === null || record.key.length < 4) return undefined;
  const type = record.key.readInt16BE(at.type);
  if (type !== 0 && type !== 1) return undefined;
  const { value } = record;
  return { committed: type === 1, coordinatorEpoch: value !== null && value.length >= 6 ? value.readInt32BE(at.coordinatorEpoch) : -1 };
}
