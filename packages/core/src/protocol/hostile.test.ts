import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProtocolError } from '../errors.ts';
import { codecOf, vectors } from './golden/vectors.ts';
import { Reader } from './reader.ts';

const messages = vectors().map((vector) => ({ vector, codec: codecOf(vector), bytes: Buffer.from(vector.bytes, 'hex') }));
type Golden = (typeof messages)[number];

/** Decodes, and says whether it was refused. Whatever is not a ProtocolError is a bug, and passes through. */
function isRefused({ codec }: Golden, bytes: Buffer): boolean {
  try {
    codec.read(new Reader(bytes, codec.flexible));
    return false;
  } catch (error) {
    if (error instanceof ProtocolError) return true;
    throw error;
  }
}

function named({ vector }: Golden): string {
  return `${vector.name} ${vector.kind} version ${vector.version} ${vector.case}`;
}

// Hundreds of thousands of errors, which nobody prints: without stack traces they take half the time.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

describe('hostile bytes', { timeout: 600_000 }, () => {
  it('H16: every golden message cut at every byte is a ProtocolError', () => {
    const accepted: string[] = [];
    let cuts = 0;
    for (const golden of messages) {
      for (let length = 0; length < golden.bytes.length; length++, cuts++) {
        if (!isRefused(golden, golden.bytes.subarray(0, length))) accepted.push(`${named(golden)} cut at ${length}`);
      }
    }
    expect(accepted).toEqual([]);
    expect(cuts).toBeGreaterThan(100_000);
  });

  // Every bit is `npm run fuzz -- --bits`; here is every 7th, which meets each bit of a byte in turn.
  it('H17: golden messages with one bit flipped are values or ProtocolErrors', () => {
    let refused = 0;
    let flips = 0;
    for (const golden of messages) {
      const bytes = Buffer.from(golden.bytes);
      for (let bit = flips % 7; bit < bytes.length * 8; bit += 7, flips++) {
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        if (isRefused(golden, bytes)) refused++;
        bytes[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
    expect(flips).toBeGreaterThan(100_000);
    // Both happen, else this test sees nothing.
    expect(refused).toBeGreaterThan(flips / 100);
    expect(refused).toBeLessThan(flips / 2);
  });
});
