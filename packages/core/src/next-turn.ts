/**
 * Resolves when the event loop has turned: timers that were due have fired, and sockets were read. One `setImmediate` is not enough:
 * asked for while a socket is read, it comes in the same turn, before the timers; so work in two pieces would hold them up for both.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
