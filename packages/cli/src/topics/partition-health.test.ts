import { expect, it } from 'vitest';
import { healthFilters, isWrong } from './partition-health.ts';

it.each<[string, number | undefined, number[], string[]]>([
  ['all replicas in sync', 1, [1, 2, 3], []],
  ['one behind', 1, [1, 2], ['under-replicated', 'at-min-isr']],
  ['fewer than may be', 1, [1], ['under-replicated', 'under-min-isr']],
  ['no leader', undefined, [1, 2], ['unavailable', 'under-replicated', 'under-min-isr', 'at-min-isr']],
])('three replicas, of which two must be in sync: %s', (_, leader, isr, wrong) => {
  expect(healthFilters.filter((filter) => isWrong(filter, { leader, replicas: [1, 2, 3], isr }, 2))).toEqual(wrong);
});
