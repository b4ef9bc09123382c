import { systemClock } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { Slice } from './slice.ts';

/** How many handlers of these durations have their turn before the loop does. */
function handledIn(durations: (i: number) => number): number {
  let time = 0;
  const slice = new Slice({ ...systemClock, now: () => time });
  slice.begin();
  let handled = 0;
  for (; !slice.isOver; handled++) time += durations(handled);
  return handled;
}

describe('Slice', () => {
  it.each([
    ['as long as it', 10, 1],
    ['a fifth of it', 2, 5],
    ['half a millisecond', 0.5, 20],
    ['an eighth of a millisecond', 0.125, 80],
  ])('ends after 10 ms of handlers that take %s', (_name, ms, handled) => {
    expect(handledIn(() => ms)).toBe(handled);
  });

  it('ends at most 15 handlers late, when they have been quick and become slow', () => {
    expect(handledIn((i) => (i < 1000 ? 0.001 : 1000))).toBeLessThanOrEqual(1000 + 16);
  });
});
