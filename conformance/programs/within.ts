import { performance } from 'node:perf_hooks';
import { expect } from 'vitest';
import { emptyProgram } from '../../tools/empty-program.ts';
import type { Finished } from './run.ts';

const attempts = 20;

/**
 * Runs a program, and expects that it takes no longer than this beyond the start of Node, on a machine that has nothing else to do. An empty program before
 * it tells how far this machine is from that: the limit is strict on a quiet machine, and no luck on a busy one. The least of some runs counts, since
 * whatever disturbs a run makes it slower; one that keeps to it is enough.
 */
export async function within(limitMs: number, program: () => Promise<Finished>): Promise<Finished> {
  let least = Infinity;
  let finished: Finished | undefined;
  for (let attempt = 0; attempt < attempts && least > limitMs; attempt++) {
    const empty = await emptyProgram();
    const started = performance.now();
    finished = await program();
    least = Math.min(least, (performance.now() - started - empty.ms) / empty.slowness);
  }
  expect(least, 'milliseconds beyond the start of Node').toBeLessThan(limitMs);
  return finished!;
}
