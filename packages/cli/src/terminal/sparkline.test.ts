import { expect, it } from 'vitest';
import { sparkline } from './sparkline.ts';

it.each([
  ['nothing yet', [], 8, ''],
  ['one value lies flat', [7], 8, '▁'],
  ['the same values lie flat', [5, 5, 5], 8, '▁▁▁'],
  ['from the lowest to the highest', [0, 1, 2, 3, 4, 5, 6, 7], 8, '▁▂▃▄▅▆▇█'],
  ['only the last ones, and among them', [900, 10, 20], 2, '▁█'],
])('%s', (_what, values, width, line) => {
  expect(sparkline(values, width)).toBe(line);
});
