import { expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { timeLimit } from './time-limit.ts';

let ring: (() => void) | undefined;
const clock: Clock = {
  now: () => 0,
  wallTime: () => 0,
  setTimeout(callback) {
    ring = callback;
    return { cancel: () => (ring = undefined) };
  },
};
const nextCheck = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('T5: a wait is over when the sockets were read after its time', async () => {
  let isOver = false;
  timeLimit(clock, () => (isOver = true), 10);
  ring!();
  expect(isOver).toBe(false);
  await nextCheck();
  expect(isOver).toBe(true);
});

it('T5: what comes while they are read still ends the wait, and so does what comes before', async () => {
  let isOver = false;
  const late = timeLimit(clock, () => (isOver = true), 10);
  ring!();
  late.cancel();
  timeLimit(clock, () => (isOver = true), 10).cancel();
  expect(ring).toBeUndefined();
  await nextCheck();
  expect(isOver).toBe(false);
});
