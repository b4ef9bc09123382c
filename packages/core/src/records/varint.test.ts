import { describe, expect, it } from 'vitest';
import { VarintReader, varintBytes, writeVarint, writeVarlong } from './varint.ts';

// As Kafka's ByteUtils writes them.
const int32s: [value: number, hex: string][] = [
  [0, '00'],
  [-1, '01'],
  [1, '02'],
  [63, '7e'],
  [-64, '7f'],
  [64, '8001'],
  [-65, '8101'],
  [8191, 'fe7f'],
  [-8192, 'ff7f'],
  [8192, '808001'],
  [1048575, 'feff7f'],
  [1048576, '80808001'],
  [134217727, 'feffff7f'],
  [134217728, '8080808001'],
  [2 ** 31 - 1, 'feffffff0f'],
  [-(2 ** 31), 'ffffffff0f'],
];
const int64s: [value: number, hex: string][] = [
  [2 ** 31, '8080808010'],
  [-(2 ** 31) - 1, '8180808010'],
  [2 ** 40, '808080808040'],
  [Number.MAX_SAFE_INTEGER, 'feffffffffffff1f'],
  [Number.MIN_SAFE_INTEGER, 'fdffffffffffff1f'],
];

describe('varints', () => {
  it.each(int32s)('%d is %s', (value, hex) => {
    const bytes = Buffer.alloc(6);
    const end = writeVarint(bytes, 0, value);
    expect(bytes.toString('hex', 0, end)).toBe(hex);
    expect(varintBytes(value)).toBe(end);
    const reader = new VarintReader(bytes);
    expect(reader.varint()).toBe(value);
    expect(reader.position).toBe(end);
  });

  it.each([...int32s, ...int64s])('%d as an int64 is %s', (value, hex) => {
    const bytes = Buffer.alloc(11);
    const end = writeVarlong(bytes, 0, value);
    expect(bytes.toString('hex', 0, end)).toBe(hex);
    const reader = new VarintReader(bytes);
    expect(reader.varlong()).toBe(value);
    expect(reader.position).toBe(end);
    expect(new VarintReader(bytes).varlongBigInt()).toBe(BigInt(value));
  });

  it.each([
    ['feffffffffffffffff01', 2n ** 63n - 1n],
    ['ffffffffffffffffff01', -(2n ** 63n)],
    ['8080808080808020', 2n ** 53n],
  ])('%s is beyond the safe integers, and read exactly', (hex, value) => {
    const reader = new VarintReader(Buffer.from(hex, 'hex'));
    expect(reader.varlong()).toBeNaN();
    expect(reader.position).toBe(hex.length / 2);
    expect(new VarintReader(Buffer.from(hex, 'hex')).varlongBigInt()).toBe(value);
  });

  it.each(['', '80', '8080', '80808080', '8080808080', 'ffffffff10', '808080808000'])('H7: %s is no int32', (hex) => {
    expect(() => new VarintReader(Buffer.from(hex, 'hex')).varint()).toThrow(/cut off, or longer than 32 bits/);
  });

  it.each(['', '80', '80808080', '808080808080808080', 'ffffffffffffffffff02', '8080808080808080808000'])('H7: %s is no int64', (hex) => {
    expect(() => new VarintReader(Buffer.from(hex, 'hex')).varlong()).toThrow(/cut off, or longer than/);
  });
});
