import { describe, expect, it } from 'vitest';
import { QuotaRate } from './quota-rate.ts';
import { TokenBucket } from './token-bucket.ts';

describe('QuotaRate', () => {
  it('takes ten seconds of nothing for granted at the beginning', () => {
    const rate = new QuotaRate();
    rate.record(1000, 0);
    expect(rate.measure(0)).toBe(100);
    expect(rate.throttleMs(100, 0)).toBe(0);
    rate.record(100, 0);
    expect(rate.throttleMs(100, 0)).toBe(1000);
  });

  it('falls with time, and forgets after eleven seconds', () => {
    const rate = new QuotaRate();
    rate.record(2200, 0);
    expect(rate.measure(0)).toBe(220);
    expect(rate.measure(10_500)).toBeCloseTo(2200 / 10.5);
    expect(rate.measure(11_000)).toBe(0);
  });

  it('forgets second by second', () => {
    const rate = new QuotaRate();
    for (let second = 0; second < 20; second++) rate.record(100, second * 1000);
    expect(rate.measure(19_000)).toBeCloseTo(100 * (11 / 10), 5);
  });
});

describe('TokenBucket', () => {
  it('has eleven seconds’ worth, may be overdrawn once, and fills with time', () => {
    const bucket = new TokenBucket();
    bucket.take(12, 1, 0);
    expect(bucket.throttleMs(1, 0)).toBe(1000);
    expect(bucket.throttleMs(1, 999)).toBe(1);
    expect(bucket.throttleMs(1, 1000)).toBe(0);
    bucket.take(5, 1, 100_000); // no more than a burst has come together meanwhile
    bucket.take(7, 1, 100_000);
    expect(bucket.throttleMs(1, 100_000)).toBe(1000);
  });
});
