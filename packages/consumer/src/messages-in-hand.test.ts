import { describe, expect, it } from 'vitest';
import { MessagesInHand } from './messages-in-hand.ts';

function holding(...offsets: number[]): MessagesInHand {
  const messages = new MessagesInHand();
  for (const offset of offsets) messages.add(offset, offset * 10);
  return messages;
}

describe('MessagesInHand', () => {
  it.each([
    { name: 'nothing', held: [], done: [], first: undefined, size: 0 },
    { name: 'none done', held: [3, 5, 8], done: [], first: 3, size: 3 },
    { name: 'the first done', held: [3, 5, 8], done: [3], first: 5, size: 2 },
    { name: 'a gap, and the first is still there', held: [3, 5, 8], done: [5], first: 3, size: 2 },
    { name: 'the gap and the first done', held: [3, 5, 8], done: [5, 3], first: 8, size: 1 },
    { name: 'all done', held: [3, 5, 8], done: [8, 3, 5], first: undefined, size: 0 },
    { name: 'one done twice', held: [3, 5], done: [3, 3], first: 5, size: 1 },
    { name: 'one that is not in hand', held: [3, 5], done: [2, 4, 9], first: 3, size: 2 },
  ])('is where a reader goes on: $name', ({ held, done, first, size }) => {
    const messages = holding(...held);
    for (const offset of done) messages.delete(offset);
    expect(messages.first).toEqual(first === undefined ? undefined : { offset: first, leaderEpoch: first * 10 });
    expect(messages.size).toBe(size);
  });

  it('knows the leader epoch before each', () => {
    const messages = holding(3, 5);
    messages.delete(3);
    expect([3, 4, 5].map((offset) => messages.leaderEpochBefore(offset))).toEqual([-1, -1, 50]);
  });

  it('does what a map does, whatever is done first', () => {
    const [messages, map] = [new MessagesInHand(), new Map<number, number>()];
    let chance = 1;
    let offset = 0;
    for (let i = 0; i < 50_000; i++) {
      chance = (chance * 48271) % 0x7fffffff;
      // It grows to some thousands, shrinks, and is empty now and then.
      if (map.size === 0 || chance % 100 < (i % 20_000 < 10_000 ? 70 : 25)) {
        offset += 1 + (chance % 3);
        messages.add(offset, i);
        map.set(offset, i);
      } else {
        const keys = [...map.keys()].slice(0, 20);
        const gone = keys[chance % keys.length]!;
        messages.delete(gone);
        map.delete(gone);
      }
      const first = map.entries().next().value;
      expect(messages.first).toEqual(first && { offset: first[0], leaderEpoch: first[1] });
      expect(messages.size).toBe(map.size);
    }
  });
});
