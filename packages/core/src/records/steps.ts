/** Work in pieces: each `yield` is a place where others may run, the end gives the result. */
export type Steps<Result> = Generator<void, Result>;

/** How long the event loop may stand still for one of our pieces of work. */
const turnMs = 5;

/** Does it all now. */
export function runNow<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Does it in turns of some milliseconds, between which the event loop goes on. */
export async function runInTurns<Result>(steps: Steps<Result>): Promise<Result> {
  for (let turnEnd = performance.now() + turnMs; ;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < turnEnd) continue;
    await new Promise((resolve) => setImmediate(resolve));
    turnEnd = performance.now() + turnMs;
  }
}
