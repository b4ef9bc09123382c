import { at, attribute, writeInt64 } from './batch-layout.ts';
import { type Crc32c, crc32c } from './crc32c.ts';

// The fields of a finished batch that are set later than its records, in place.

export interface ProducerFields {
  /** -1, the default, when the producer is not idempotent. */
  readonly producerId?: number;
  readonly producerEpoch?: number;
  /** The sequence number of the first record. */
  readonly baseSequence?: number;
  readonly isTransactional?: boolean;
}

/** Sets who wrote `batch` and its place in their sequence; an epoch bump renumbers with it. Computes the checksum. */
export function setProducer(batch: Buffer, fields: ProducerFields, checksum: Crc32c = crc32c): void {
  setAttribute(batch, attribute.transactional, fields.isTransactional ?? false);
  writeInt64(batch, at.producerId, fields.producerId ?? -1);
  batch.writeInt16BE(fields.producerEpoch ?? -1, at.producerEpoch);
  batch.writeInt32BE(fields.baseSequence ?? -1, at.baseSequence);
  setCrc(batch, checksum);
}

/** What a broker does when it appends `batch`: gives it its place in the log. Both fields are outside the checksum. */
export function setOffset(batch: Buffer, baseOffset: number, partitionLeaderEpoch: number): void {
  writeInt64(batch, at.baseOffset, baseOffset);
  batch.writeInt32BE(partitionLeaderEpoch, at.partitionLeaderEpoch);
}

/** What a broker does for a topic with `message.timestamp.type=LogAppendTime`. Computes the checksum. */
export function setAppendTime(batch: Buffer, timestamp: number, checksum: Crc32c = crc32c): void {
  setAttribute(batch, attribute.logAppendTime, true);
  writeInt64(batch, at.maxTimestamp, timestamp);
  setCrc(batch, checksum);
}

function setAttribute(batch: Buffer, bit: number, on: boolean): void {
  const attributes = batch.readInt16BE(at.attributes);
  batch.writeInt16BE(on ? attributes | bit : attributes & ~bit, at.attributes);
}

function setCrc(batch: Buffer, checksum: Crc32c): void {
  batch.writeUInt32BE(checksum(batch, at.attributes, batch.length), at.crc);
}
