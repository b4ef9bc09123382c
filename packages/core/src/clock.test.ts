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

  it('T3: a cancelled timer does not fire', async () => {
    let fired = false;
    systemClock.setTimeout(() => (fired = true), 1).cancel();
    await new Promise<void>((resolve) => systemClock.setTimeout(resolve, 20));
    expect(fired).toBe(false);
  });
});
