import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';

describe('crc32c', () => {
  it.each([
    ['123456789', 0xe3069283],
    ['', 0],
    ['The quick brown fox jumps over the lazy dog', 0x22620404],
  ])('of %j is what the standard says', (text, expected) => {
    expect(crc32c(Buffer.from(text))).toBe(expected);
  });

  it('is the same wherever the bytes begin and however many there are', () => {
    for (let start = 0; start < 8; start++) {
      for (let length = 0; length < 70; length++) {
        const bytes = Buffer.alloc(start + length + 3, 0xa5);
        for (let i = 0; i < length; i++) bytes[start + i] = (i * 37 + length) & 255;
        expect(crc32c(bytes, start, start + length)).toBe(bitByBit(bytes.subarray(start, start + length)));
      }
    }
  });
});

function bitByBit(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
