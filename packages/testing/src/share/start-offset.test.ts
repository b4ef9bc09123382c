import { expect, it } from 'vitest';
import { durationMs } from './start-offset.ts';

it.each([
  ['PT1H', 3_600_000],
  ['P2DT3M', 172_980_000],
  ['pt0.5s', 500],
  ['-PT1M', -60_000],
  ['PT-1M', -60_000],
])('reads %s as %i ms', (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});

it.each(['1H', '', 'PT1X'])('refuses %j', (text) => {
  expect(() => durationMs(text)).toThrow(RangeError);
});
