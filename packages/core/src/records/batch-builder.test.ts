import { describe, expect, it } from 'vitest';
import { checkCrc, readBatches } from './batch.ts';
import { type HeaderToWrite, RecordBatchBuilder, type RecordBytes } from './batch-builder.ts';
import { readRecords } from './record.ts';

function readBack(bytes: Buffer): ReturnType<typeof readRecords> {
  const [batch] = readBatches(bytes);
  checkCrc(batch!);
  return readRecords(batch!, batch!.records);
}

describe('RecordBatchBuilder', () => {
  it('knows its size and count at any time', () => {
    const builder = new RecordBatchBuilder();
    expect([builder.size, builder.count]).toEqual([61, 0]);
    builder.append('key', 'value', [], 0);
    expect([builder.size, builder.count]).toEqual([61 + 15, 1]);
    expect(builder.close()).toHaveLength(61 + 15);
  });

  it('refuses a record with which it would outgrow its bound, and stays as it was', () => {
    const builder = new RecordBatchBuilder(400);
    const value = 'x'.repeat(100);
    while (builder.append(null, value, [], 1));
    const { size, count } = builder;
    expect(count).toBeGreaterThan(1);
    expect(size).toBeLessThanOrEqual(400);
    expect(builder.append(null, 'y'.repeat(100), [['h', 'v']], 99)).toBe(false);
    expect([builder.size, builder.count]).toEqual([size, count]);
    const records = readBack(builder.close());
    expect(records.map((record) => record.value!.toString())).toEqual(Array<string>(count).fill(value));
  });

  it('takes a first record that is larger than its bound, and nothing after it', () => {
    const builder = new RecordBatchBuilder(400);
    expect(builder.append(null, 'x'.repeat(1000), [], 1)).toBe(true);
    expect(builder.append(null, '', [], 1)).toBe(false);
    expect(readBack(builder.close())).toHaveLength(1);
  });

  // The first guess is that a string is ASCII and that a record's length takes as many bytes as usual: both go wrong somewhere here.
  it.each<[name: string, unit: string]>([
    ['ASCII', 'x'],
    ['Latin-1', 'é'],
    ['three bytes a character', '€'],
    ['four bytes a character', '🦆'],
    ['a lone surrogate', '\ud800'],
    ['ASCII that ends otherwise', 'xxxxxxxü'],
  ])('writes strings as UTF-8, whatever their length: %s', (_, unit) => {
    for (let count = 0; count < 300; count++) {
      const text = unit.repeat(count);
      const all: [RecordBytes | null, RecordBytes | null, HeaderToWrite[]][] = [
        [null, text, []],
        [text, null, []],
        [text, text, [[text, text], ['', null]]],
        [Buffer.from(text), text, [['h', Buffer.from(text)]]],
      ]; // prettier-ignore
      const builder = new RecordBatchBuilder(2 ** 20, 61);
      for (const [key, value, headers] of all) builder.append(key, value, headers, 1);
      const bytes = (field: RecordBytes | null): Buffer | null => (field === null ? null : Buffer.from(field as string));
      const expected = all.map(([key, value, headers], offset) => ({
        offset,
        key: bytes(key),
        value: bytes(value),
        headers: headers.map(([name, content]) => [Buffer.from(name).toString(), bytes(content)]),
      }));
      expect(readBack(builder.close())).toMatchObject(expected);
    }
  });

  it('takes timestamps in any order', () => {
    const timestamps = [1000, 0, -5, 2 ** 40, Number.MAX_SAFE_INTEGER, 1000, -(2 ** 40)];
    const builder = new RecordBatchBuilder();
    for (const timestamp of timestamps) builder.append(null, '', [], timestamp);
    const bytes = builder.close();
    expect(readBack(bytes).map(({ timestamp }) => timestamp)).toEqual(timestamps);
    expect(readBatches(bytes)[0]).toMatchObject({ baseTimestamp: 1000, maxTimestamp: Number.MAX_SAFE_INTEGER });
  });

  it.each([NaN, 1.5, Infinity, 2 ** 53])('refuses the timestamp %d, and stays as it was', (timestamp) => {
    const builder = new RecordBatchBuilder();
    expect(() => builder.append(null, '', [], timestamp)).toThrow(RangeError);
    expect(builder.count).toBe(0);
  });

  it.each([5, {}, true])('refuses the value %j, and stays as it was', (value) => {
    const builder = new RecordBatchBuilder();
    expect(() => builder.append(null, value as unknown as string, [], 0)).toThrow(TypeError);
    expect(() => builder.append(null, '', [['h', value as unknown as string]], 0)).toThrow(TypeError);
    expect(builder.count).toBe(0);
  });

  it('refuses to close without records', () => {
    expect(() => new RecordBatchBuilder().close()).toThrow(RangeError);
  });

  it('closes to the same bytes on the event loop and off it', async () => {
    for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
      const builder = new RecordBatchBuilder();
      for (let i = 0; i < 2000; i++) builder.append(`key ${i % 10}`, `value number ${i}`, [], i);
      expect((await builder.closeAsync({ compression, producerId: 3 })).equals(builder.close({ compression, producerId: 3 }))).toBe(true);
    }
  });

  it('computes the checksum with the function that it is given', () => {
    const builder = new RecordBatchBuilder();
    builder.append(null, '', [], 0);
    expect(builder.close({ checksum: () => 0x12345678 }).readUInt32BE(17)).toBe(0x12345678);
  });
});
