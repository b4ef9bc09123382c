import { describe, expect, it } from 'vitest';
import { AnswerMemory } from './answer-memory.ts';

const MiB = 1024 * 1024;

/** Not toBe: its report of a difference would print the bytes. */
function isSame(a: Buffer, b: Buffer): boolean {
  return a.buffer === b.buffer;
}

describe('AnswerMemory', () => {
  it('lends what was given back once more, and nothing that is still lent', () => {
    const memory = new AnswerMemory(16 * MiB);
    const [first, second] = [memory.take(3 * MiB), memory.take(3 * MiB)];
    expect(isSame(first, second)).toBe(false);
    memory.giveBack(first);
    const third = memory.take(3 * MiB - 100);
    expect([isSame(third, first), third.length]).toEqual([true, 3 * MiB - 100]);
    expect(isSame(memory.take(3 * MiB), first)).toBe(false);
  });

  it('takes memory back once', () => {
    const memory = new AnswerMemory(16 * MiB);
    const lent = memory.take(MiB);
    expect(memory.isLent(lent.subarray(5, 6))).toBe(true);
    memory.giveBack(lent.subarray(5, 6));
    memory.giveBack(lent);
    expect(memory.isLent(lent)).toBe(false);
    expect([isSame(memory.take(MiB), lent), isSame(memory.take(MiB), lent)]).toEqual([true, false]);
  });

  it("neither lends nor takes what is short, or another's", () => {
    const memory = new AnswerMemory(16 * MiB);
    expect(memory.isLent(memory.take(1000))).toBe(false);
    const other = Buffer.alloc(MiB);
    memory.giveBack(other);
    expect(isSame(memory.take(MiB), other)).toBe(false);
  });

  it('does not lend what is more than twice as long as it need be', () => {
    const memory = new AnswerMemory(16 * MiB);
    const long = memory.take(8 * MiB);
    memory.giveBack(long);
    expect(isSame(memory.take(3 * MiB), long)).toBe(false);
    expect(isSame(memory.take(4 * MiB), long)).toBe(true);
  });

  it('keeps no more than it may, and of that what was given back last', () => {
    const memory = new AnswerMemory(16 * MiB);
    const lent = [memory.take(10 * MiB), memory.take(7 * MiB), memory.take(6 * MiB), memory.take(17 * MiB)] as const;
    for (const each of lent) memory.giveBack(each);
    expect(isSame(memory.take(10 * MiB), lent[0])).toBe(false);
    expect(isSame(memory.take(7 * MiB), lent[1])).toBe(true);
    expect(isSame(memory.take(6 * MiB), lent[2])).toBe(true);
    expect(isSame(memory.take(17 * MiB), lent[3])).toBe(false);
  });

  it('keeps nothing after 16 short answers in a row', () => {
    const memory = new AnswerMemory(16 * MiB);
    let lent = memory.take(MiB);
    const isKeptAfter = (short: number): boolean => {
      memory.giveBack(lent);
      for (let i = 0; i < short; i++) memory.wasShort();
      const before = lent;
      lent = memory.take(MiB);
      return isSame(lent, before);
    };
    expect([isKeptAfter(15), isKeptAfter(15), isKeptAfter(16), isKeptAfter(0)]).toEqual([true, true, false, true]);
  });
});
