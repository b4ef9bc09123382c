import { afterAll, expect, it } from 'vitest';
import { broker } from '../../broker.ts';
import { mockSide, realSide } from '../side.ts';
import { type Ground, pathOf, shorten, walk } from './walk.ts';
import type { Walker } from './walker.ts';

/** Scenarios show what somebody has thought of. Here dice ask both clusters, each seed something else, and every answer is compared. */
export async function walkOn<W extends Walker>(
  nodes: 1 | 3,
  ground: Ground<W>,
  { seeds, steps }: { readonly seeds: number; readonly steps: number },
): Promise<void> {
  const sides = { kafka: await realSide(broker), mock: await mockSide(nodes) };
  afterAll(() => broker.closeWires());

  it.each(Array.from({ length: seeds }, (_, i) => i + 1))(
    'the mock answers as Kafka does, whatever it is asked (seed %i)',
    { timeout: 60_000 },
    async (seed) => {
      const path = pathOf(ground, seed, steps);
      // As with the scenarios, what differs once may be that a real cluster takes its time.
      const parting = (await walk(sides, ground, path)) && (await walk(sides, ground, path));
      expect(parting && (await shorten(sides, ground, path, parting, 20_000))).toBeUndefined();
    },
  );
}
