import { expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

it('stands still until it is moved', async () => {
  const clock = new VirtualClock(1000);
  const fired: string[] = [];
  clock.setTimeout(() => fired.push('b'), 20);
  clock.setTimeout(() => fired.push('a'), 10);
  await clock.advance(9);
  expect(fired).toEqual([]);
  await clock.advance(11);
  expect(fired).toEqual(['a', 'b']);
  expect([clock.now(), clock.wallTime(), clock.pendingTimers]).toEqual([20, 1020, 0]);
});

it('fires a timer at its own time, and one that it sets in turn', async () => {
  const clock = new VirtualClock();
  const times: number[] = [];
  const repeat = (): void => {
    times.push(clock.now());
    clock.setTimeout(repeat, 10);
  };
  clock.setTimeout(repeat, 10);
  await clock.advance(35);
  expect(times).toEqual([10, 20, 30]);
});

it('fires timers of the same time in the order in which they were set', async () => {
  const clock = new VirtualClock();
  const fired: number[] = [];
  for (const n of [1, 2, 3]) clock.setTimeout(() => fired.push(n), 5);
  await clock.advance(5);
  expect(fired).toEqual([1, 2, 3]);
});

it('does not fire what was cancelled', async () => {
  const clock = new VirtualClock();
  let fired = false;
  clock.setTimeout(() => (fired = true), 5).cancel();
  await clock.advance(10);
  expect(fired).toBe(false);
});

it('lets promises settle before the next timer', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  clock.setTimeout(() => void Promise.resolve().then(() => seen.push('promise')), 1);
  clock.setTimeout(() => seen.push('timer'), 2);
  await clock.advance(2);
  expect(seen).toEqual(['promise', 'timer']);
});

it('tells the time of day in whole milliseconds, as a machine does', async () => {
  const clock = new VirtualClock(1000);
  await clock.advance(0.75);
  expect([clock.now(), clock.wallTime()]).toEqual([0.75, 1000]);
});
