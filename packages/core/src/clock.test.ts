import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';

describe('systemClock', () => {
  // Node fires a timer beyond its bound after 1 ms, with a warning; vitest's setup makes the warning an error.
  it.each([2 ** 31, 2 ** 53, Infinity])('T3: a timer of %d ms does not fire at once', async (ms) => {
    let fired = false;
    const timer = systemClock.setTimeout(() => (fired = true), ms);
    await new Promise<void>((resolve) => systemClock.setTimeout(resolve, 20));
    timer.cancel();
    expect(fired).toBe(false);
  });

  it.each([-1, -(2 ** 40), -Infinity])('T3: a timer of %d ms fires at once', async (ms) => {
    await new Promise<void>((resolve) => systemClock.setTimeout(resolve, ms));
  });

  it('R9: no timer is early: who looks at the time then would find that it is not over, and wait for ever', async () => {
    const early: number[] = [];
    const ofOne = (ms: number): Promise<void> => {
      const due = systemClock.now() + ms;
      return new Promise((resolve) => {
        systemClock.setTimeout(() => {
          if (systemClock.now() < due) early.push(due - systemClock.now());
          resolve();
        }, ms);
      });
    };
    for (let round = 0; round < 100; round++) {
      const timers = [5, 5.9, 6.3, 7, 8.5, 9, 10, 11.999].map(ofOne);
      await Promise.all(timers);
    }
    expect(early).toEqual([]);
  });

  it('T3: a cancelled timer does not fire', async () => {
    let fired = false;
    systemClock.setTimeout(() => (fired = true), 1).cancel();
    await new Promise<void>((resolve) => systemClock.setTimeout(resolve, 20));
    expect(fired).toBe(false);
  });
});
