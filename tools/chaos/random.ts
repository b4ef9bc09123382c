/** Chance that a seed replays: mulberry32. Every user takes a stream of its own, so that the pace of one does not change another. */
export function seeded(seed: number, stream: string): () => number {
  let state = seed;
  for (const letter of stream) state = Math.imul(state ^ letter.codePointAt(0)!, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `low` up to and with `high`. */
export function between(random: () => number, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

export function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!;
}

/** All of them, in a new order. */
export function shuffled<T>(random: () => number, items: readonly T[]): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0]!);
}

/** All in a new order each time around, as long as there is time. */
export function* turns(names: readonly string[], random: () => number, isTime: () => boolean): Generator<string> {
  while (isTime()) {
    for (const name of shuffled(random, names)) {
      if (!isTime()) return;
      yield name;
    }
  }
}
