import { expect, it } from 'vitest';
import { walkShareGroup } from './share-walk.ts';

/** `TSKAFKA_WALK_SEEDS=1-500` looks further. */
const [first, last] = (process.env['TSKAFKA_WALK_SEEDS'] ?? '1-6').split('-').map(Number) as [number, number];
const seeds = Array.from({ length: last - first + 1 }, (_, i) => first + i);

it.each(seeds)(
  'a share group whose members come and go as they like has each message given out until one is done with it, and no longer (seed %i)',
  async (seed) => {
    const { story, violations } = await walkShareGroup(seed);
    expect(violations, story.join('\n')).toEqual([]);
  },
  300_000,
);
