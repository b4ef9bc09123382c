import { nextTurn } from '../next-turn.ts';

/** Work in pieces: each `yield` tells about how many bytes were handled since the last, and is a place where others may run. */
export type Steps<Result> = Generator<number, Result>;

/** How much is done before the event loop gets its turn: a few milliseconds of decompressing, for others work in the same turn. */
const turnBytes = 512 * 1024;

/** Does it all now. */
export function runNow<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Does it in turns, between which the event loop goes on. */
export async function runInTurns<Result>(steps: Steps<Result>): Promise<Result> {
  for (let handled = 0; ;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    handled += step.value;
    if (handled < turnBytes) continue;
    handled = 0;
    await nextTurn();
  }
}
