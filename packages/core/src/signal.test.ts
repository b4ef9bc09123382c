import { getEventListeners, once, setMaxListeners } from 'node:events';
import { expect, it } from 'vitest';
import { delay, systemClock } from './clock.ts';
import { LinkedAbort, raceWithSignal, underSignals } from './signal.ts';

it('lets more calls than ten wait with one signal, without a warning of Node', async () => {
  const stop = new AbortController();
  setMaxListeners(10, stop.signal); // the default of Node 20
  const warnings: Error[] = [];
  const warned = (warning: Error): number => warnings.push(warning);
  process.on('warning', warned);
  const waiting = Array.from({ length: 12 }, () => [
    raceWithSignal(new Promise(() => {}), stop.signal),
    delay(systemClock, 60_000, stop.signal),
    once(new LinkedAbort(stop.signal).signal, 'abort'),
  ]).flat();
  await new Promise(setImmediate); // Node warns in the next turn
  process.off('warning', warned);
  stop.abort();
  await Promise.allSettled(waiting);
  expect(warnings).toEqual([]);
});

it('ends what it does when one of several signals is aborted, and leaves nothing on them', async () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const signals = [one.signal, undefined, other.signal];
  expect(await underSignals(signals, () => Promise.resolve('done'))).toBe('done');
  const waiting = underSignals(signals, (signal) => delay(systemClock, 60_000, signal));
  other.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect([one, other].flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
});
