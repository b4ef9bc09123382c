import { describe, expect, it } from 'vitest';
import { walkGroup, ways } from './group-walk.ts';

/** `TSKAFKA_WALK_SEEDS=1-500` looks further. */
const [first, last] = (process.env['TSKAFKA_WALK_SEEDS'] ?? '1-3').split('-').map(Number) as [number, number];
const seeds = Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe.each(Object.keys(ways) as (keyof typeof ways)[])('a group whose members come and go as they like, %s', (way) => {
  it.each(seeds)(
    'has each partition read by one at a time, and misses nothing (seed %i)',
    async (seed) => {
      const { story, violations } = await walkGroup(seed, way);
      expect(violations, story.join('\n')).toEqual([]);
    },
    300_000,
  );
});
