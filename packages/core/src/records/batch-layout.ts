/** Where the fields of a record batch (magic 2) are. */
export const at = {
  baseOffset: 0,
  batchLength: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  /** The checksum covers everything from here on. The broker sets offset and leader epoch, so they are before it. */
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const;

/** The batch length counts neither the base offset nor itself. */
export const lengthOverhead = at.partitionLeaderEpoch;

/** The bits of the attributes. */
export const attribute = {
  compressionMask: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
} as const;

/** The smallest record: seven fields of one byte each. */
export const minRecordBytes = 7;

/** The int64 at `position`; one beyond the safe integers becomes the nearest safe one. */
export function clampedInt64(bytes: Buffer, position: number): number {
  return clamp(bytes.readInt32BE(position) * 2 ** 32 + bytes.readUInt32BE(position + 4));
}

/** `value` as a number; NaN for one beyond the safe integers. */
export function safeOrNaN(value: bigint): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : NaN;
}

export function clamp(value: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value));
}

/** Writes `value`, a safe integer, as an int64. */
export function writeInt64(bytes: Buffer, position: number, value: number): void {
  const high = Math.floor(value / 2 ** 32);
  bytes.writeInt32BE(high, position);
  bytes.writeUInt32BE(value - high * 2 ** 32, position + 4);
}
