import { expect, it } from 'vitest';
import { placeReplicas } from './place-replicas.ts';

it.each<[string, number[][], number[], number | undefined, number[][]]>([
  ['what lies there stays', [[1, 2], [2, 1]], [1, 2], undefined, [[1, 2], [2, 1]]],
  ['what lies elsewhere goes round', [[9], [9], [9], [9]], [1, 2], undefined, [[1], [2], [1], [2]]],
  ['one that stays is no longer first when it was not', [[9, 1]], [1, 2], undefined, [[1, 2]]],
  ['more replicas', [[1], [2], [3]], [1, 2, 3], 2, [[1, 2], [2, 3], [3, 1]]],
  ['fewer replicas, the first of which stay', [[1, 2, 3]], [1, 2, 3], 1, [[1]]],
])('%s', (_, current, brokers, count, expected) => {
  expect(placeReplicas(current, brokers, count)).toEqual(expected);
}); // prettier-ignore

it('gives each broker its share, of replicas and of first places', () => {
  const placed = placeReplicas(Array.from({ length: 12 }, () => [7, 8]), [1, 2, 3, 4]); // prettier-ignore
  for (const broker of [1, 2, 3, 4]) {
    expect(placed.flat().filter((id) => id === broker)).toHaveLength(6);
    expect(placed.filter(([first]) => first === broker)).toHaveLength(3);
  }
  for (const replicas of placed) expect(new Set(replicas).size).toBe(2);
});
