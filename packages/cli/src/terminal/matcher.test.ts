import { expect, it } from 'vitest';
import { matcherOf } from './matcher.ts';

it.each([
  [undefined, 'anything', true],
  ['orders', 'orders', true],
  ['orders', 'orders-eu', false],
  ['orders-*', 'orders-eu', true],
  ['*-eu', 'orders-eu', true],
  ['order?', 'orders', true],
  ['order?', 'order', false],
  ['a.b', 'axb', false],
  ['a+(b)', 'a+(b)', true],
])('%s against %s: %s', (pattern, name, matches) => {
  expect(matcherOf(pattern)(name)).toBe(matches);
});
