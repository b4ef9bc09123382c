import { expect, it } from 'vitest';
import { timeSpan } from './time-span.ts';

it.each([
  [0, '0s'],
  [0.2, '1s'],
  [59, '59s'],
  [130, '2m 10s'],
  [3599.5, '1h 0m'],
  [10_000, '2h 46m'],
  [47 * 3600, '47h 0m'],
  [76 * 3600, '3d 4h'],
])('%d seconds are %s', (seconds, text) => {
  expect(timeSpan(seconds)).toBe(text);
});
