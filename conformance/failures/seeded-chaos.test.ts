import { expect, it } from 'vitest';
import { runChaos } from './chaos-run.ts';

/** `TSKAFKA_CHAOS_SEEDS=1-500` looks further. */
const [first, last] = (process.env['TSKAFKA_CHAOS_SEEDS'] ?? '1-10').split('-').map(Number) as [number, number];
const seeds = Array.from({ length: last - first + 1 }, (_, i) => first + i);

it.each(seeds)(
  'nothing is lost, doubled or reordered, whatever happens to the cluster (seed %i)',
  async (seed) => {
    const { violations, events } = await runChaos(seed);
    expect(violations, events.map(({ atMs, description }) => `${atMs.toFixed()} ${description}`).join('\n')).toEqual([]);
    expect(events.length).toBeGreaterThan(20);
  },
  600_000,
);

it('happens in the same way again with the same seed, and otherwise with another', async () => {
  const [one, again, other] = [await runChaos(1), await runChaos(1), await runChaos(2)];
  expect(again.events).toEqual(one.events);
  expect(again.traffic).toEqual(one.traffic);
  expect(other.events).not.toEqual(one.events);
}, 600_000);
