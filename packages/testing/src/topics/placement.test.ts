import { describe, expect, it } from 'vitest';
import { placeReplicas } from './placement.ts';

const brokers = (...racks: (string | undefined)[]) => racks.map((rack, i) => ({ id: i + 1, rack }));

describe('placeReplicas', () => {
  it('lets the leaders go round', () => {
    const leaders = placeReplicas(brokers(undefined, undefined, undefined), 6, 2).map(([leader]) => leader);
    expect(leaders).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('gives a partition no broker twice, and all as often as the others', () => {
    const placed = placeReplicas(brokers(undefined, undefined, undefined, undefined), 8, 3);
    for (const replicas of placed) expect(new Set(replicas).size).toBe(3);
    const loads = [1, 2, 3, 4].map((id) => placed.flat().filter((replica) => replica === id).length);
    expect(loads).toEqual([6, 6, 6, 6]);
  });

  it('uses every rack before one twice', () => {
    const racked = brokers('a', 'a', 'b', 'b', 'c', 'c');
    for (const replicas of placeReplicas(racked, 12, 3)) {
      expect(new Set(replicas.map((id) => racked[id - 1]!.rack)).size).toBe(3);
    }
  });

  it('goes on where the topic ends', () => {
    expect(placeReplicas(brokers(undefined, undefined, undefined), 1, 1, 2)).toEqual([[3]]);
  });
});
