import { expect, it } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { GroupTimers } from './group-timers.ts';

function setUp(): { clock: VirtualClock; timers: GroupTimers; fired: string[]; note: (what: string) => () => void } {
  const clock = new VirtualClock();
  const fired: string[] = [];
  return { clock, timers: new GroupTimers(clock), fired, note: (what) => () => void fired.push(what) };
}

it('a timer fires once, when its time has come', async () => {
  const { clock, timers, fired, note } = setUp();
  timers.schedule('a', 100, note('a'));
  await clock.advance(99);
  expect(fired).toEqual([]);
  await clock.advance(1000);
  expect(fired).toEqual(['a']);
});

it('a second timer of the same name takes the place of the first', async () => {
  const { clock, timers, fired, note } = setUp();
  timers.schedule('a', 100, note('first'));
  timers.schedule('a', 200, note('second'));
  await clock.advance(1000);
  expect(fired).toEqual(['second']);
});

it('a timer that is cancelled does not fire, and one that sets itself again does', async () => {
  const { clock, timers, fired, note } = setUp();
  timers.schedule('a', 100, note('a'));
  timers.schedule('b', 100, () => timers.schedule('b', 50, note('b again')));
  timers.cancel('a');
  await clock.advance(1000);
  expect(fired).toEqual(['b again']);
  timers.schedule('c', 1, note('c'));
  timers.schedule('d', 1, note('d'));
  timers.cancelAll();
  await clock.advance(1000);
  expect([fired, clock.pendingTimers]).toEqual([['b again'], 0]);
});
