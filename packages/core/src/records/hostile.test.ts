import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CorruptRecordError, ProtocolError } from '../errors.ts';
import { RecordBatchBuilder } from './batch-builder.ts';
import { checkCrc, readBatches } from './batch.ts';
import { at } from './batch-layout.ts';
import { readControlType, transactionEndBatch } from './control.ts';
import { crc32c } from './crc32c.ts';
import { decompressSync } from './decompress.ts';
import { goldenBatches } from './golden/batches.ts';
import { type KafkaRecord, readRecords } from './record.ts';

// Hundreds of thousands of errors, which nobody prints: without stack traces they take half the time.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

/** One record without key or headers, whose value is 'value'. */
function small(): Buffer {
  const builder = new RecordBatchBuilder();
  builder.append(null, 'value', [], 1_700_000_000_000);
  return builder.close();
}

/** A batch with `count` records, whose bytes are `records`. */
function batchOf(records: readonly number[], count = 1): Buffer {
  const bytes = Buffer.concat([small().subarray(0, at.records), Buffer.from(records)]);
  bytes.writeInt32BE(count, at.recordCount);
  return resize(bytes);
}

/** Makes the length and the checksum of one batch right again. */
function resize(bytes: Buffer): Buffer {
  bytes.writeInt32BE(bytes.length - at.partitionLeaderEpoch, at.batchLength);
  bytes.writeUInt32BE(crc32c(bytes, at.attributes), at.crc);
  return bytes;
}

function read(bytes: Buffer): KafkaRecord[] {
  return readBatches(bytes).flatMap((batch) => {
    checkCrc(batch);
    return readRecords(batch, decompressSync(batch, { maxDecompressedBytes: 1024 * 1024 }));
  });
}

/** Whether reading was refused. Whatever is not a ProtocolError is a bug, and passes through. */
function isRefused(bytes: Buffer): boolean {
  try {
    read(bytes);
    return false;
  } catch (error) {
    if (error instanceof ProtocolError) return true;
    throw error;
  }
}

describe('a hostile batch header', () => {
  it.each<[name: string, change: (bytes: Buffer) => unknown]>([
    ['a negative length', (bytes) => bytes.writeInt32BE(-1, at.batchLength)],
    ['the length 0', (bytes) => bytes.writeInt32BE(0, at.batchLength)],
    ['a length below its header', (bytes) => bytes.writeInt32BE(at.records - at.partitionLeaderEpoch - 1, at.batchLength)],
    ['the magic 3', (bytes) => bytes.writeInt8(3, at.magic)],
    ['the magic 1', (bytes) => bytes.writeInt8(1, at.magic)],
    ['the magic -1', (bytes) => bytes.writeInt8(-1, at.magic)],
    ['the codec 5', (bytes) => bytes.writeInt16BE(5, at.attributes)],
    ['the codec 7', (bytes) => bytes.writeInt16BE(7, at.attributes)],
    ['-1 records', (bytes) => bytes.writeInt32BE(-1, at.recordCount)],
    ['2^31-1 records', (bytes) => bytes.writeInt32BE(2 ** 31 - 1, at.recordCount)],
    ['one record too few', (bytes) => bytes.writeInt32BE(0, at.recordCount)],
    ['one record too many', (bytes) => bytes.writeInt32BE(2, at.recordCount)],
    ['a negative last offset delta', (bytes) => bytes.writeInt32BE(-1, at.lastOffsetDelta)],
    ['a negative base offset', (bytes) => bytes.writeBigInt64BE(-1n, at.baseOffset)],
    ['the base offset 2^63-1', (bytes) => bytes.writeBigInt64BE(2n ** 63n - 1n, at.baseOffset)],
    ['the base offset 2^53', (bytes) => bytes.writeBigInt64BE(2n ** 53n, at.baseOffset)],
    ['a next offset that is not safe', (bytes) => bytes.writeBigInt64BE(2n ** 53n - 1n, at.baseOffset)],
    ['the producer id 2^63-1', (bytes) => bytes.writeBigInt64BE(2n ** 63n - 1n, at.producerId)],
    ['the producer id -2^63', (bytes) => bytes.writeBigInt64BE(-(2n ** 63n), at.producerId)],
    ['another checksum', (bytes) => (bytes[at.crc]! ^= 1)],
  ])('H9: with %s is a CorruptRecordError', (_, change) => {
    const bytes = small();
    change(bytes);
    if (bytes[at.crc] === small()[at.crc]) bytes.writeUInt32BE(crc32c(bytes, at.attributes), at.crc);
    expect(() => read(bytes)).toThrow(CorruptRecordError);
  });

  it('H9: with a length beyond the end is a batch that was cut off, and left out', () => {
    const bytes = Buffer.concat([small(), small()]);
    bytes.writeInt32BE(2 ** 31 - 1, small().length + at.batchLength);
    expect(read(bytes)).toHaveLength(1);
  });

  it('H9: with 2^31-1 compressed records takes no memory for them', () => {
    const builder = new RecordBatchBuilder();
    builder.append(null, 'value', [], 0);
    const bytes = builder.close({ compression: 'lz4' });
    bytes.writeInt32BE(2 ** 31 - 1, at.recordCount);
    expect(() => read(resize(bytes))).toThrow(/2147483647 records do not fit into 12 bytes/);
  });

  it('H9: with the largest offset that is safe is read', () => {
    const bytes = small();
    bytes.writeBigInt64BE(2n ** 53n - 2n, at.baseOffset);
    expect(read(bytes)[0]!.offset).toBe(Number.MAX_SAFE_INTEGER - 1);
  });

  it('T4: with timestamps of any kind gives them clamped, never an error', () => {
    for (const base of [-(2n ** 63n), -(2n ** 53n), -1n, 2n ** 53n, 2n ** 63n - 1n]) {
      const bytes = small();
      bytes.writeBigInt64BE(base, at.baseTimestamp);
      bytes.writeBigInt64BE(base, at.maxTimestamp);
      const clamped = Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(base)));
      const exact = base === -1n ? undefined : base;
      expect(readRecords(readBatches(bytes)[0]!, bytes.subarray(at.records))[0]).toMatchObject({
        timestamp: clamped,
        timestampBigInt: exact,
      });
      bytes.writeInt16BE(8, at.attributes);
      const [batch] = readBatches(bytes);
      expect(batch).toMatchObject({ timestampType: 'logAppendTime', baseTimestamp: clamped, maxTimestamp: clamped });
      expect(readRecords(batch!, batch!.records)[0]).toMatchObject({ timestamp: clamped, timestampBigInt: exact });
    }
  });
});

describe('a hostile record', () => {
  // length, attributes, timestamp delta, offset delta, key length, value length, header count; all but the attributes zig-zag.
  const plain = [12, 0, 0, 0, 1, 1, 0];

  it('is read when nothing is wrong with it', () => {
    expect(read(batchOf(plain))).toMatchObject([{ offset: 0, key: null, value: null, headers: [] }]);
    expect(read(batchOf([...plain, ...plain], 2))).toHaveLength(2);
  });

  it.each<[name: string, records: number[]]>([
    ['a negative length', [11, 0, 0, 0, 1, 1, 0]],
    ['a length beyond the batch', [14, 0, 0, 0, 1, 1, 0]],
    ['a length of 2^31-1', [0xfe, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0, 1, 1, 0]],
    ['a length that is too short', [10, 0, 0, 0, 1, 1, 0]],
    ['a length that is too long', [14, 0, 0, 0, 1, 1, 0, 0]],
    ['bytes behind it', [...plain, 0]],
    ['an offset delta beyond the last', [12, 0, 0, 2, 1, 1, 0]],
    ['a negative offset delta', [12, 0, 0, 1, 1, 1, 0]],
    ['the key length -2', [12, 0, 0, 0, 3, 1, 0]],
    ['a key beyond its end', [12, 0, 0, 0, 8, 1, 0]],
    ['a key of 2^31-1 bytes', [20, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0x0f, 1, 0]],
    ['the value length -2', [12, 0, 0, 0, 1, 3, 0]],
    ['a value beyond its end', [12, 0, 0, 0, 1, 4, 0]],
    ['-1 headers', [12, 0, 0, 0, 1, 1, 1]],
    ['more headers than fit', [16, 0, 0, 0, 1, 1, 4, 0, 0]],
    ['2^31-1 headers', [20, 0, 0, 0, 1, 1, 0xfe, 0xff, 0xff, 0xff, 0x0f]],
    ['a header without key', [16, 0, 0, 0, 1, 1, 2, 1, 0]],
    ['a header key beyond its end', [16, 0, 0, 0, 1, 1, 2, 8, 0]],
    ['a header value beyond its end', [16, 0, 0, 0, 1, 1, 2, 0, 2]],
    ['a header value length of -2', [16, 0, 0, 0, 1, 1, 2, 0, 3]],
    ['the end of the batch inside a varint', [12, 0, 0, 0, 1, 1, 0x80]],
  ])('H9: with %s is a CorruptRecordError', (_, records) => {
    expect(() => read(batchOf(records))).toThrow(CorruptRecordError);
  });

  it.each<[name: string, records: number[]]>([
    ['a varint of more than 32 bits', [20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x1f, 1, 0]],
    ['a varint of six bytes', [22, 0, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 1, 0]],
    ['a varlong of more than 64 bits', [30, 0, ...Array<number>(9).fill(0xff), 2, 0, 1, 1, 0]],
    ['a varlong of eleven bytes', [32, 0, ...Array<number>(10).fill(0x80), 0, 0, 1, 1, 0]],
  ])('H7: with %s is a CorruptRecordError', (_, records) => {
    expect(() => read(batchOf(records))).toThrow(/longer than (32|64) bits/);
  });

  it('H7: with padded varints is read, as Java does', () => {
    expect(read(batchOf([0x96, 0, 0, 0x80, 0, 0x80, 0, 0x81, 0, 0x81, 0x80, 0, 0]))).toMatchObject([{ offset: 0, key: null, value: null }]);
  });
});

describe('a hostile control batch', () => {
  const abort = (): Buffer => transactionEndBatch({ type: 'abort', producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 0 });
  const control = (...records: readonly (readonly number[])[]): Buffer => {
    const bytes = batchOf(records.flat(), records.length);
    bytes.writeInt32BE(Math.max(records.length - 1, 0), at.lastOffsetDelta);
    bytes.writeInt16BE(0x30, at.attributes);
    return resize(bytes);
  };
  const marker = (type: number, delta = 0): number[] => [20, 0, 0, delta * 2, 8, 0, 0, type >> 8, type & 255, 1, 0];
  const typeOf = (bytes: Buffer): string => readControlType(readBatches(bytes)[0]!);

  it('H15: with two records is what the first says', () => {
    expect(typeOf(control(marker(0), marker(1, 1)))).toBe('abort');
    expect(typeOf(control(marker(1), marker(0, 1)))).toBe('commit');
  });

  it('H15: with an unknown type is something to be skipped', () => {
    for (const type of [2, 6, 99, 0x7fff, 0xffff]) expect(typeOf(control(marker(type)))).toBe('other');
  });

  it('H15: without records is something to be skipped', () => {
    expect(typeOf(control())).toBe('other');
  });

  it('H15: with a key that is null, or too short, is a CorruptRecordError', () => {
    expect(() => typeOf(control([12, 0, 0, 0, 1, 1, 0]))).toThrow(CorruptRecordError);
    expect(() => typeOf(control([18, 0, 0, 0, 6, 0, 0, 0, 1, 0]))).toThrow(CorruptRecordError);
  });

  it('H10: that is a bomb is refused at a mebibyte', () => {
    const builder = new RecordBatchBuilder(2 ** 24);
    builder.append(Buffer.alloc(4), Buffer.alloc(2 ** 20), [], 0);
    const bytes = builder.close({ compression: 'snappy' });
    expect(() => typeOf(bytes)).toThrow(CorruptRecordError);
  });

  it('H17: with one bit flipped is one of the types, or a CorruptRecordError', () => {
    const bytes = abort();
    for (let bit = at.records * 8; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      try {
        expect(['abort', 'commit', 'other']).toContain(typeOf(flipped));
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptRecordError);
      }
    }
  });
});

describe('golden batches', { timeout: 600_000 }, () => {
  const golden = goldenBatches().filter(({ bytes }) => bytes.length < 2000);

  it('cut at every byte are left out', () => {
    for (const { bytes } of golden) {
      const two = Buffer.concat([bytes, bytes]);
      for (let length = 0; length < two.length; length++) {
        expect(readBatches(two.subarray(0, length))).toHaveLength(length < bytes.length ? 0 : 1);
      }
    }
  });

  it('H9: cut at every byte, with length and checksum put right, are CorruptRecordErrors', () => {
    for (const { name, bytes } of golden) {
      for (let length = at.records; length < bytes.length; length++) {
        expect(isRefused(resize(Buffer.from(bytes.subarray(0, length)))), `${name} cut at ${length}`).toBe(true);
      }
    }
  });

  it('H17: with any bit flipped that the checksum covers are CorruptRecordErrors', () => {
    for (const { bytes } of golden) {
      for (let bit = at.crc * 8; bit < bytes.length * 8; bit++) {
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(isRefused(bytes)).toBe(true);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
  });

  // Every bit is `npm run fuzz -- --bits`; here is every third, which meets each bit of a byte in turn.
  it('H17: with one bit flipped and the checksum put right are values or ProtocolErrors', () => {
    let refused = 0;
    let flips = 0;
    for (const { bytes } of golden) {
      for (let bit = flips % 3; bit < bytes.length * 8; bit += 3, flips++) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        flipped.writeUInt32BE(crc32c(flipped, at.attributes), at.crc);
        if (isRefused(flipped)) refused++;
      }
    }
    // Both happen, else this test sees nothing.
    expect(flips).toBeGreaterThan(10_000);
    expect(refused).toBeGreaterThan(flips / 10);
    expect(refused).toBeLessThan(flips);
  });
});
