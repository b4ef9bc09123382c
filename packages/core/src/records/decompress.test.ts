import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CorruptRecordError } from '../errors.ts';
import { readBatches, type RecordBatch } from './batch.ts';
import { RecordBatchBuilder } from './batch-builder.ts';
import { type Compression, compressions, compressSync } from './compression.ts';
import { decompress, decompressSync } from './decompress.ts';
import { compressLz4 } from './lz4-frame.ts';
import { xxhash32 } from './xxhash32.ts';

const mebibyte = 1024 * 1024;
const cap = { maxDecompressedBytes: mebibyte };
const codecs = compressions.slice(1);

/** A batch whose records are `compressed`, whatever that is. */
function batchOf(compression: Compression, compressed: Uint8Array): RecordBatch {
  const builder = new RecordBatchBuilder();
  builder.append(null, null, [], 0);
  const header = builder.close().subarray(0, 61);
  header.writeInt16BE(compressions.indexOf(compression), 21);
  const bytes = Buffer.concat([header, compressed]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  return readBatches(bytes)[0]!;
}

/** Expects both ways of decompressing to refuse, without taking much more memory than the bound. */
async function expectRefused(batch: RecordBatch, reason: RegExp = /./): Promise<void> {
  const before = process.memoryUsage().arrayBuffers;
  expect(() => decompressSync(batch, cap)).toThrow(CorruptRecordError);
  await expect(decompress(batch, cap)).rejects.toThrow(CorruptRecordError);
  expect(() => decompressSync(batch, cap)).toThrow(reason);
  // Three times, each with a piece of output that was one too many; nothing needs to have been collected between.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * 1.5 * mebibyte);
}

function uint32(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
}

describe('decompress', () => {
  it.each(codecs)('gives back what was compressed, whatever its size and shape: %s', async (compression) => {
    const text = Buffer.from('all work and no play makes a dull test\n'.repeat(8000));
    for (const size of [0, 1, 4, 11, 12, 13, 60, 61, 256, 257, 32767, 32768, 32769, 65535, 65536, 65537, 200_000]) {
      for (const records of [
        text.subarray(0, size),
        noise(size),
        Buffer.alloc(size),
        Buffer.alloc(size, 'abc'),
        Buffer.alloc(size, '0123456'),
      ]) {
        const batch = batchOf(compression, compressSync(compression, records));
        expect(decompressSync(batch).equals(records)).toBe(true);
        expect((await decompress(batch)).equals(records)).toBe(true);
      }
    }
  });

  it.each(codecs)('takes exactly as much as is allowed: %s', async (compression) => {
    for (const records of [Buffer.alloc(mebibyte), noise(mebibyte)]) {
      const batch = batchOf(compression, compressSync(compression, records));
      expect(decompressSync(batch, cap).equals(records)).toBe(true);
      expect((await decompress(batch, cap)).equals(records)).toBe(true);
    }
  });

  it.each(codecs)('H10: stops one byte beyond what is allowed: %s', async (compression) => {
    for (const records of [Buffer.alloc(mebibyte + 1), noise(mebibyte + 1)]) {
      await expectRefused(batchOf(compression, compressSync(compression, records)));
    }
  });

  it.each(codecs)('H10: stops at the bound of a bomb: %s', async (compression) => {
    await expectRefused(batchOf(compression, compressSync(compression, Buffer.alloc(64 * mebibyte))));
  });

  it.each(codecs)('H10: counts streams that follow each other together: %s', async (compression) => {
    const one = compressSync(compression, Buffer.alloc(mebibyte / 4));
    expect(decompressSync(batchOf(compression, Buffer.concat([one, one, one, one])), cap).equals(Buffer.alloc(mebibyte))).toBe(true);
    await expectRefused(batchOf(compression, Buffer.concat([one, one, one, one, one])));
  });

  it.each(codecs)('H10: refuses bytes that are nothing: %s', async (compression) => {
    for (const nothing of [Buffer.from('nothing'), noise(1000), Buffer.alloc(100), Buffer.alloc(100, 255)]) {
      await expectRefused(batchOf(compression, nothing));
    }
  });

  it.each(codecs)('H10: what follows the stream is refused, or does not count: %s', (compression) => {
    for (const junk of [[0], [1, 2, 3], [...noise(100)], Array<number>(5000).fill(0)]) {
      const records = Buffer.alloc(1000, 'x');
      const batch = batchOf(compression, Buffer.concat([compressSync(compression, records), Buffer.from(junk)]));
      try {
        expect(decompressSync(batch, cap)).toEqual(records);
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptRecordError);
      }
    }
  });

  it.each(['snappy', 'lz4'] as const)('H10: lets others run while it decompresses much: %s', async (compression) => {
    const batch = batchOf(compression, compressSync(compression, Buffer.alloc(32 * mebibyte)));
    let turns = 0;
    const count = (): void => {
      turns++;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    await decompress(batch);
    clearImmediate(immediate);
    expect(turns).toBeGreaterThanOrEqual(15);
  });

  it('H10: lets others run while it decompresses one raw snappy block', async () => {
    const copies = 16 * 1024 * 16 - 1;
    const block = Buffer.concat([
      Buffer.from([...varint(16 * mebibyte), 60 << 2, 63, ...Buffer.alloc(64, 'a')]),
      Buffer.alloc(copies * 3, Buffer.from([0xfe, 1, 0])),
    ]);
    let turns = 0;
    const count = (): void => {
      turns++;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    expect((await decompress(batchOf('snappy', block))).equals(Buffer.alloc(16 * mebibyte, 'a'))).toBe(true);
    clearImmediate(immediate);
    expect(turns).toBeGreaterThanOrEqual(7);
  });
});

/** Bytes that no codec makes smaller; always the same ones. */
function noise(size: number): Buffer {
  let state = size;
  return Buffer.from(Uint8Array.from({ length: size }, () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 24));
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

describe('hostile snappy', () => {
  const xerial = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  const chunk = (...block: number[]): Buffer => Buffer.from([0, 0, block.length >> 8, block.length & 255, ...block]);

  it('is read as one raw block, as librdkafka writes it', () => {
    expect(decompressSync(batchOf('snappy', Buffer.from([5, 16, ...Buffer.from('hello')])))).toEqual(Buffer.from('hello'));
  });

  it.each<[name: string, compressed: number[]]>([
    ['a stated length of 4 GiB', [0xff, 0xff, 0xff, 0xff, 0x0f, 0, 97]],
    ['a stated length beyond 32 bits', [0xff, 0xff, 0xff, 0xff, 0x1f, 0, 97]],
    ['a stated length that does not end', [0x80, 0x80, 0x80]],
    ['a stated length that is too large', [6, 16, ...Buffer.from('hello')]],
    ['a stated length that is too small', [4, 16, ...Buffer.from('hello')]],
    ['nothing', []],
    ['a literal beyond the end', [5, 16, 104]],
    ['a literal of 4 GiB', [5, 0xfc, 0xff, 0xff, 0xff, 0xff, 97]],
    ['a literal length that is cut off', [5, 0xfc, 0xff]],
    ['a copy before the start', [8, 0, 97, 0x0d, 2]],
    ['a copy of distance 0', [8, 0, 97, 0x0d, 0]],
    ['a copy beyond the stated length', [4, 0, 97, 0x0d, 1]],
    ['a copy that is cut off', [8, 0, 97, 0x0e, 1]],
    ['a copy with a distance of 4 GiB', [8, 0, 97, 0x0f, 0xff, 0xff, 0xff, 0xff]],
  ])('H10: with %s is a CorruptRecordError', async (_, compressed) => {
    await expectRefused(batchOf('snappy', Buffer.from(compressed)));
  });

  it.each<[name: string, compressed: Buffer]>([
    ['a chunk of negative length', Buffer.concat([xerial, Buffer.from([255, 255, 255, 255, 1, 0, 97])])],
    ['a chunk of length 0', Buffer.concat([xerial, Buffer.from([0, 0, 0, 0])])],
    ['a chunk beyond the end', Buffer.concat([xerial, Buffer.from([0x7f, 255, 255, 255, 1, 0, 97])])],
    ['a chunk length that is cut off', Buffer.concat([xerial, chunk(1, 0, 97), Buffer.from([0, 0])])],
    ['a stream inside a chunk', Buffer.concat([xerial, chunk(...xerial, ...chunk(1, 0, 97))])],
    ['chunks that together state too much', Buffer.concat([xerial, ...Array<Buffer>(20).fill(chunk(0x80, 0x80, 4, 0, 97))])],
  ])('H10: with %s is a CorruptRecordError', async (_, compressed) => {
    await expectRefused(batchOf('snappy', compressed));
  });

  it('H10: a million chunks are done in time, and in turns', async () => {
    const compressed = Buffer.concat([xerial, Buffer.alloc(7_000_000, chunk(1, 0, 97))]);
    expect((await decompress(batchOf('snappy', compressed))).equals(Buffer.alloc(1_000_000, 'a'))).toBe(true);
  });
});

describe('hostile lz4', () => {
  const magic = [4, 0x22, 0x4d, 0x18];
  /** A frame with the flags, and the checksum of the header that belongs to them. */
  const frame = (flags: number, blockSize: number, options: readonly number[], ...rest: number[]): Buffer => {
    const descriptor = [flags, blockSize << 4, ...options];
    return Buffer.from([...magic, ...descriptor, (xxhash32(Buffer.from(descriptor)) >>> 8) & 255, ...rest]);
  };
  const hello = [...uint32(6), 0x50, ...Buffer.from('hello')];
  const stored = [...uint32(0x80000005), ...Buffer.from('hello')];
  const end = uint32(0);
  const helloHash = uint32(xxhash32(Buffer.from('hello')));

  it.each<[name: string, compressed: Buffer]>([
    ['a plain frame', frame(0x60, 4, [], ...hello, ...end)],
    ['a stored block', frame(0x60, 4, [], ...stored, ...end)],
    ['the size of the content', frame(0x68, 4, [5, 0, 0, 0, 0, 0, 0, 0], ...hello, ...end)],
    ['the checksum of the content', frame(0x64, 4, [], ...hello, ...end, ...helloHash)],
    ['the checksums of blocks', frame(0x70, 4, [], ...hello, ...uint32(xxhash32(Buffer.from(hello.slice(4)))), ...end)],
    ['all of it, dependent blocks of 4 MiB', frame(0x4c, 7, [5, 0, 0, 0, 0, 0, 0, 0], ...hello, ...end, ...helloHash)],
    ['frames to skip around it', Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, ...uint32(3), 1, 2, 3]), frame(0x60, 4, [], ...hello, ...end), Buffer.from([0x5f, 0x2a, 0x4d, 0x18, ...uint32(0)])])], // prettier-ignore
  ])('is read with %s', (_, compressed) => {
    expect(decompressSync(batchOf('lz4', compressed))).toEqual(Buffer.from('hello'));
  });

  it('is read where a block repeats what is in the block before', () => {
    const second = [...uint32(5), 0x01, 5, 0, 0x10, 0x21];
    const content = Buffer.from('hellohello!');
    expect(decompressSync(batchOf('lz4', frame(0x40, 4, [], ...hello, ...second, ...end)))).toEqual(content);
    expect(() => decompressSync(batchOf('lz4', frame(0x60, 4, [], ...hello, ...second, ...end)))).toThrow(CorruptRecordError);
  });

  it.each<[name: string, compressed: Buffer]>([
    ['another magic', Buffer.from([5, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, ...end])],
    ['another version', frame(0xa0, 4, [], ...hello, ...end)],
    ['a dictionary', frame(0x61, 4, [1, 0, 0, 0], ...hello, ...end)],
    ['an unknown block size', frame(0x60, 3, [], ...hello, ...end)],
    ['another checksum of the header', Buffer.from([...magic, 0x60, 0x40, 0x83, ...hello, ...end])],
    ['another checksum of the content', frame(0x64, 4, [], ...hello, ...end, 1, 2, 3, 4)],
    ['another checksum of a block', frame(0x70, 4, [], ...hello, 1, 2, 3, 4, ...end)],
    ['no end', frame(0x60, 4, [], ...hello)],
    ['a frame that ends in its header', Buffer.from(magic)],
    ['a block beyond the end', frame(0x60, 4, [], ...uint32(7), 0x50, ...Buffer.from('hello'))],
    ['a block above the block size', frame(0x60, 4, [], ...uint32(65537), ...Array<number>(65537).fill(0), ...end)],
    ['a size of the content that lies', frame(0x68, 4, [4, 0, 0, 0, 0, 0, 0, 0], ...hello, ...end)],
    ['a size of the content beyond the bound', frame(0x68, 4, [1, 0, 0, 1, 0, 0, 0, 0], ...hello, ...end)],
    ['a size of the content of 2^64-1', frame(0x68, 4, Array<number>(8).fill(255), ...hello, ...end)],
    ['a match before the start', frame(0x60, 4, [], ...uint32(5), 0x10, 97, 2, 0, 0, ...end)],
    ['a match of distance 0', frame(0x60, 4, [], ...uint32(5), 0x10, 97, 0, 0, 0, ...end)],
    ['a match at the end', frame(0x60, 4, [], ...uint32(4), 0x10, 97, 1, 0, ...end)],
    ['a match whose distance is cut off', frame(0x60, 4, [], ...uint32(3), 0x10, 97, 1, ...end)],
    ['a literal length that does not end', frame(0x60, 4, [], ...uint32(4), 0xf0, 255, 255, 255, ...end)],
    ['a match length that does not end', frame(0x60, 4, [], ...uint32(6), 0x1f, 97, 1, 0, 255, 255, ...end)],
    ['a frame to skip beyond the end', Buffer.from([0x50, 0x2a, 0x4d, 0x18, ...uint32(0xffffffff), 1, 2, 3])],
    ['a block that becomes more than the block size', frame(0x60, 4, [], ...uint32(304), 0x1f, 97, 1, 0, ...Array<number>(298).fill(255), 0, 0x00, ...end)], // prettier-ignore
  ])('H10: with %s is a CorruptRecordError', async (_, compressed) => {
    await expectRefused(batchOf('lz4', compressed));
  });

  it('H10: blocks of 4 MiB that hold little take the memory of little', () => {
    const blocks = Buffer.concat([frame(0x60, 7, []), Buffer.alloc(1000 * hello.length, Buffer.from(hello)), Buffer.from(end)]);
    const records = decompressSync(batchOf('lz4', blocks));
    expect(records).toHaveLength(5000);
    expect(records.buffer.byteLength).toBeLessThan(100_000);
  });

  it('has the checksums of the reference implementation', () => {
    expect(xxhash32(Buffer.alloc(0))).toBe(0x02cc5d05);
    expect(xxhash32(Buffer.from('a'))).toBe(0x550d7456);
    expect(xxhash32(Buffer.from('abc'))).toBe(0x32d153ff);
    expect(xxhash32(Buffer.from('Nobody inspects the spammish repetition'))).toBe(0xe2293b2f);
    expect(compressLz4(Buffer.from('x'))[6]).toBe(0x82);
  });
});

describe('hostile zlib', () => {
  it('H10: a gzip stream that lies about its length is not believed', () => {
    for (const stated of [0, 1, 0xffffffff]) {
      const compressed = zlib.gzipSync(Buffer.from('hello'));
      compressed.writeUInt32LE(stated, compressed.length - 4);
      expect(() => decompressSync(batchOf('gzip', compressed))).toThrow(CorruptRecordError);
    }
  });

  it('H10: a zstd frame whose window is above 128 MiB is refused', () => {
    const frame = (windowDescriptor: number): Buffer =>
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, windowDescriptor, 41, 0, 0, ...Buffer.from('hello')]);
    expect(decompressSync(batchOf('zstd', frame((27 - 10) << 3)))).toEqual(Buffer.from('hello'));
    expect(() => decompressSync(batchOf('zstd', frame((28 - 10) << 3)))).toThrow(CorruptRecordError);
    expect(() => decompressSync(batchOf('zstd', frame((31 - 10) << 3)))).toThrow(/memory/);
  });
});
