import { performance } from 'node:perf_hooks';
import { expect } from 'vitest';
import { type Finished, run } from './run.ts';

const attempts = 10;

/**
 * Runs a program, and expects that it takes no longer than this beyond the start of Node, on a machine that has nothing else to do. An empty program before
 * it tells how far this machine is from that, by how much longer it took than its processor time: the limit is strict on a quiet machine, and no luck on a
 * busy one. The least of some runs counts, since whatever disturbs a run makes it slower. One that keeps to it is enough.
 */
export async function within(limitMs: number, program: () => Promise<Finished>): Promise<Finished> {
  let least = Infinity;
  let finished: Finished | undefined;
  for (let attempt = 0; attempt < attempts && least > limitMs; attempt++) {
    const empty = await timed(() => run('conformance/programs/empty.ts', []));
    const ours = await timed(program);
    finished = ours.finished;
    const slowness = Math.max(1, empty.ms / Number(empty.finished.stdout));
    least = Math.min(least, (ours.ms - empty.ms) / slowness);
  }
  expect(least, 'milliseconds beyond the start of Node').toBeLessThan(limitMs);
  return finished!;
}

async function timed(program: () => Promise<Finished>): Promise<{ finished: Finished; ms: number }> {
  const started = performance.now();
  const finished = await program();
  return { finished, ms: performance.now() - started };
}
