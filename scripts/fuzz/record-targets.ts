import { checkCrc, readBatches, type RecordBatch } from '../../packages/core/src/records/batch.ts';
import { at } from '../../packages/core/src/records/batch-layout.ts';
import { readControlType } from '../../packages/core/src/records/control.ts';
import { crc32c } from '../../packages/core/src/records/crc32c.ts';
import { decompressSync } from '../../packages/core/src/records/decompress.ts';
import { goldenBatches } from '../../packages/core/src/records/golden/batches.ts';
import { readRecords } from '../../packages/core/src/records/record.ts';
import { VarintReader } from '../../packages/core/src/records/varint.ts';
import type { FuzzTarget, LengthField } from './target.ts';

/** Record batches in all codecs. Without the right checksum none of them would be looked into, so it is put right. */
export function recordTargets(): FuzzTarget[] {
  const golden = goldenBatches().filter(({ bytes }) => bytes.length < 3000);
  const seeds = golden.map(({ bytes }) => bytes);
  const pairs = seeds.map((seed, i) => Buffer.concat([seed, seeds[(i + 1) % seeds.length]!]));
  const length: LengthField = { at: at.batchLength, kind: 'int32' };
  return [
    ...golden.map(({ name, bytes }): FuzzTarget => ({
      name: `record batch (${name})`,
      seeds: [bytes],
      strangers: seeds,
      decode: decodeRecords,
      lengths: batchLengths,
      repair: (mutated) => setCrc(setLength(mutated)),
    })),
    { name: 'record batches', seeds: pairs, decode: decodeRecords, lengths: () => [length], repair: setCrc },
  ];
}

function decodeRecords(bytes: Buffer): unknown {
  return readBatches(bytes).map((batch) => {
    checkCrc(batch);
    const records = readRecords(batch, decompressSync(batch, { maxDecompressedBytes: 1024 * 1024 }));
    return [records, batch.isControl && readControlType(batch)];
  });
}

function batchLengths(seed: Buffer): LengthField[] {
  const header = [at.lastOffsetDelta, at.recordCount].map((position): LengthField => ({ at: position, kind: 'int32' }));
  const [batch] = readBatches(seed);
  return batch!.compression === 'none' ? [...header, ...recordLengths(batch!)] : header;
}

/** Every varint of every record. */
function recordLengths({ bytes, recordCount }: RecordBatch): LengthField[] {
  const lengths: LengthField[] = [];
  const reader = new VarintReader(bytes, at.records);
  const varint = (): number => {
    lengths.push({ at: reader.position, kind: 'varint' });
    return Number(reader.varlongBigInt());
  };
  const field = (): void => {
    reader.position += Math.max(varint(), 0);
  };
  for (let i = 0; i < recordCount; i++) {
    varint();
    reader.position++;
    varint();
    varint();
    field();
    field();
    for (let fields = 2 * varint(); fields > 0; fields--) field();
  }
  return lengths;
}

function setLength(bytes: Buffer): Buffer {
  if (bytes.length >= at.records) bytes.writeInt32BE(bytes.length - at.partitionLeaderEpoch, at.batchLength);
  return bytes;
}

/** Of every batch that is whole. */
function setCrc(bytes: Buffer): Buffer {
  for (let start = 0; bytes.length - start >= at.records;) {
    const end = start + at.partitionLeaderEpoch + bytes.readInt32BE(start + at.batchLength);
    if (end < start + at.records || end > bytes.length) break;
    bytes.writeUInt32BE(crc32c(bytes, start + at.attributes, end), start + at.crc);
    start = end;
  }
  return bytes;
}
