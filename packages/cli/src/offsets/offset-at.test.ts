import { expect, it } from 'vitest';
import { offsetAt } from './offset-at.ts';
import { parsePlace } from './offset-spec.ts';

it.each([
  ['beginning', 3],
  ['end', 10],
  ['5', 5],
  ['1', 3],
  ['99', 10],
  ['+2', 5],
  ['+20', 10],
  ['-2', 8],
  ['-20', 3],
  ['@now', undefined],
  ['committed', undefined],
])('%s of 3 to 10', (text, offset) => {
  expect(offsetAt(parsePlace(text, 0), 3, 10)).toBe(offset);
});
