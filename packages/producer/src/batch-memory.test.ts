import { describe, expect, it } from 'vitest';
import { BatchMemory } from './batch-memory.ts';

const size = 64 * 1024;

describe('BatchMemory', () => {
  it('gives the memory of a full batch again, once it is given back', () => {
    const memory = new BatchMemory(size);
    const first = memory.take(size);
    expect(memory.take(size).buffer).not.toBe(first.buffer);
    memory.give(first.subarray(0, 100)); // whatever part of it was sent
    const again = memory.take(size);
    expect(again.buffer).toBe(first.buffer);
    expect(again).toHaveLength(size);
  });

  it('takes back once what it has lent once', () => {
    const memory = new BatchMemory(size);
    const first = memory.take(size);
    memory.give(first);
    memory.give(first);
    expect(memory.take(size).buffer).not.toBe(memory.take(size).buffer);
  });

  it('does not take what is not its own: Node.js cuts small buffers out of one', () => {
    const slab = Buffer.allocUnsafe(100);
    const memory = new BatchMemory(slab.buffer.byteLength);
    memory.give(slab);
    memory.give(memory.take(100));
    memory.give(Buffer.allocUnsafeSlow(slab.buffer.byteLength));
    const taken = memory.take(slab.buffer.byteLength);
    expect(taken.buffer).not.toBe(slab.buffer);
  });

  it('keeps 4 MiB ready at most', () => {
    const memory = new BatchMemory(size);
    const lent = Array.from({ length: 100 }, () => memory.take(size));
    for (const each of lent) memory.give(each);
    const known = new Set(lent.map(({ buffer }) => buffer));
    expect(Array.from({ length: 100 }, () => memory.take(size)).filter(({ buffer }) => known.has(buffer))).toHaveLength(64);
  });
});
