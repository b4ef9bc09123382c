// Taken when the module is loaded: a test's fake timers replace the global ones (jest's the microtasks too), and the mock must go on delivering.
const immediate = setImmediate;
const microtask = queueMicrotask;

/** Turns of the event loop that pass without a breath, at most. */
const turnsWithoutBreath = 100;
let turns = 0;

/**
 * Calls `callback` once the running code has returned, in the order of the calls.
 *
 * It is a microtask, so that fake timers do not stop the mock. Now and then it lets the event loop turn: else two programs
 * that answer each other at once would starve every timer of the process.
 */
export function soon(callback: () => void): void {
  if (waiting.push(callback) === 1) schedule();
}

/** Resolves when whatever is in flight in this process has been delivered. */
export async function settled(): Promise<void> {
  // Counted anew, so that a run in virtual time does not depend on what happened in the process before.
  turns = 0;
  for (let i = 0; i < 3; i++) await new Promise((resolve) => immediate(resolve));
}

let waiting: (() => void)[] = [];

function schedule(): void {
  if (++turns < turnsWithoutBreath) return microtask(run);
  turns = 0;
  immediate(run);
}

function run(): void {
  const callbacks = waiting;
  waiting = [];
  // A callback that throws must not swallow the ones behind it.
  for (const [i, callback] of callbacks.entries()) {
    try {
      callback();
    } catch (error) {
      waiting = [...callbacks.slice(i + 1), ...waiting];
      if (waiting.length > 0) schedule();
      throw error;
    }
  }
}
