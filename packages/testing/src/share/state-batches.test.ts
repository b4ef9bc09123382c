import { expect, it } from 'vitest';
import type { StateBatch } from './in-flight-batch.ts';
import { combineStateBatches } from './state-batches.ts';

/** `0-9 acknowledged 1, 10-19 available 2` */
function parse(text: string): StateBatch[] {
  return text
    .split(', ')
    .filter(Boolean)
    .map((part) => {
      const [range, state, deliveryCount] = part.split(' ') as [string, StateBatch['state'], string];
      const [firstOffset, lastOffset] = range.split('-').map(Number) as [number, number];
      return { firstOffset, lastOffset, state, deliveryCount: Number(deliveryCount) };
    });
}

it.each([
  ['', '0-9 acknowledged 1', 0, '0-9 acknowledged 1'],
  ['0-9 acknowledged 1', '10-19 acknowledged 1', 0, '0-19 acknowledged 1'],
  ['0-9 acknowledged 1', '10-19 acknowledged 2', 0, '0-9 acknowledged 1, 10-19 acknowledged 2'],
  ['0-9 available 1', '3-4 acknowledged 2', 0, '0-2 available 1, 3-4 acknowledged 2, 5-9 available 1'],
  ['0-9 available 1', '0-9 acknowledged 2', 0, '0-9 acknowledged 2'],
  ['0-4 available 1, 5-9 available 1', '3-6 archived 2', 0, '0-2 available 1, 3-6 archived 2, 7-9 available 1'],
  ['0-9 acknowledged 1', '20-29 available 1', 5, '5-9 acknowledged 1, 20-29 available 1'],
  ['0-9 acknowledged 1', '', 10, ''],
])('%j with %j, from %i on, is %j', (stored, newer, startOffset, expected) => {
  expect(combineStateBatches(parse(stored), parse(newer), startOffset)).toEqual(parse(expected));
});
