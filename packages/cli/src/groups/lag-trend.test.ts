import { expect, it } from 'vitest';
import { LagTrend } from './lag-trend.ts';

/** A moment each second: where groups are, and where partitions end. */
function trendOf(...moments: readonly (readonly [committed: number, end: number])[]): LagTrend {
  const trend = new LagTrend();
  for (const [i, [committed, end]] of moments.entries()) {
    trend.add({ atMs: i * 1000, lags: new Map([['orders/0', end - committed]]), committed, end });
  }
  return trend;
}

it.each([
  ['one moment says nothing', trendOf([0, 10]), undefined],
  ['nobody writes or reads', trendOf([5, 10], [5, 10]), 'in 0/s, out 0/s'],
  ['as fast as it comes', trendOf([0, 10], [1000, 1010]), 'in 1,000/s, out 1,000/s'],
  ['slower than it comes', trendOf([0, 10], [100, 300]), 'in 290/s, out 100/s, growing by 190/s'],
  ['faster than it comes', trendOf([0, 1000], [100, 1000], [200, 1000]), 'in 0/s, out 100/s, drains in 8s'],
  ['a long way to go', trendOf([0, 100_000], [10, 100_000]), 'in 0/s, out 10/s, drains in 2h 46m'],
  ['done', trendOf([0, 100], [100, 100]), 'in 0/s, out 100/s'],
])('%s', (_what, trend, summary) => {
  expect(trend.summary()).toBe(summary);
});

it('draws the lags of a partition', () => {
  const trend = trendOf([0, 0], [0, 5], [0, 10]);
  expect(trend.of('orders/0')).toBe('▁▅█');
  expect(trend.of('orders/1')).toBe('');
});
