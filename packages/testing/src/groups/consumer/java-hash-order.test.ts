import { describe, expect, it } from 'vitest';
import { javaHash } from '../coordinator-key.ts';
import { compareUuids, copiedHashOrder, hashOrder, timelineOrder, uuidHash } from './java-hash-order.ts';

// What Java 17 and the classes of Kafka 4.3.1 give.
describe('the order of Java hash maps', () => {
  it.each([
    [
      ['m1', 'm2', 'm3', 'm4', 'm5'],
      ['m1', 'm2', 'm3', 'm4', 'm5'],
    ],
    [
      ['consumer-d', 'consumer-c', 'consumer-b', 'consumer-a'],
      ['consumer-d', 'consumer-c', 'consumer-b', 'consumer-a'],
    ],
    [
      ['uniform', 'range'],
      ['uniform', 'range'],
    ],
  ])('of %j is %j', (keys, ordered) => {
    expect(hashOrder(keys, javaHash)).toEqual(ordered);
  });

  it('of small numbers is their own; large ones wrap around the table', () => {
    const numbers = (keys: readonly number[]) => copiedHashOrder(keys, (key) => key);
    expect(numbers([3, 1, 2])).toEqual([1, 2, 3]);
    expect(numbers([1, 17, 16, 2])).toEqual([16, 1, 17, 2]);
  });

  it('of a timeline map is the reverse within a slot', () => {
    expect(timelineOrder(['a', 'b'])).toHaveLength(2);
    expect(timelineOrder(['Aa', 'BB'])).toEqual(['BB', 'Aa']); // the same hash
  });
});

describe('topic ids', () => {
  it.each([
    ['AAAAAAAAAAEAAAAAAAAAAg', 3],
    ['_____________________w', 0],
    ['QXISHYKWTC-n93MeVToxNA', 824777752],
  ])('%s hashes to %i', (id, hash) => {
    expect(uuidHash(id)).toBe(hash);
  });

  it('are compared as signed numbers', () => {
    const [negative, one, two] = ['_____________________w', 'AAAAAAAAAAEAAAAAAAAAAg', 'AAAAAAAAAAEAAAAAAAAAAw'] as const;
    expect([two, negative, one].sort(compareUuids)).toEqual([negative, one, two]);
  });
});
