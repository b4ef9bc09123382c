import type { Random } from '@tskafka/core/protocol';

/** Chance that is the same each time: for a cluster's and a client's `random`, when a run is to be repeated. */
export function seededRandom(seed: number): Random {
  // mulberry32: 32 bits of state, good enough to shuffle faults.
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
