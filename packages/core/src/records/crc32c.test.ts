import { afterEach, describe, expect, it, vi } from 'vitest';
import { crc32c } from './crc32c.ts';

const { WebAssembly: wasm } = globalThis as unknown as {
  WebAssembly: { validate: (bytes: Uint8Array) => boolean; Instance: new () => object };
};
const relaxedSwizzle = Buffer.of(0xfd, 0x80, 0x02);
const outOfMemory = function (): never {
  throw new RangeError('WebAssembly.Instance(): Out of memory');
};

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

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

  it.each([
    ['by vectors', () => {}],
    [
      'by vectors of an older Node.js',
      () => vi.spyOn(wasm, 'validate').mockImplementation((bytes) => !Buffer.from(bytes).includes(relaxedSwizzle)),
    ],
    ['on a machine without vectors', () => vi.spyOn(wasm, 'validate').mockReturnValue(false)],
    ['without address space for WebAssembly', () => vi.spyOn(wasm, 'Instance').mockImplementation(outOfMemory)],
    ['without WebAssembly', () => vi.stubGlobal('WebAssembly', undefined)],
  ])('is the same for long ones, %s', async (_how, arrange) => {
    arrange();
    vi.resetModules();
    const { crc32c } = await import('./crc32c.ts');
    const bytes = Buffer.alloc(70_000);
    for (let i = 0; i < 5; i++) crc32c(bytes); // only then the wide way is taken
    for (let i = 0, random = 1; i < bytes.length; i++) bytes[i] = (random = (random * 48271) % 0x7fffffff) >>> 7;
    for (const start of [0, 1, 21]) {
      for (const length of [511, 512, 1023, 1024, 1025, 1535, 1536, 16_383, 16_384, 16_385, 17_000, 65_000]) {
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
