import type { Clock, Timer } from './clock.ts';

/**
 * A timer that ends a wait. After a blocked event loop timers run before the sockets are read, and what is waited for may be here already: so they are
 * read first. Cancelled by what came of that, it calls nobody.
 */
export function timeLimit(clock: Clock, over: () => void, ms: number, options?: { readonly background?: boolean }): Timer {
  let reading: NodeJS.Immediate | undefined;
  const timer = clock.setTimeout(() => (reading = setImmediate(over)), ms, options);
  return {
    cancel() {
      timer.cancel();
      clearImmediate(reading);
    },
  };
}
