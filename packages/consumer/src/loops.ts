import type { Take } from './waiting-readers.ts';

/** What `take` gives, or a promise of it; undefined when no more comes. */
type Next = <T>(take: Take<T>) => T | Promise<T | undefined>;

/** Where batches come from. */
interface BatchSource<Batch> {
  takeBatch(): Batch | undefined;
  /** The loop has gone on to the next one. */
  done(batch: Batch): void;
  /** The loop was left. */
  giveBack(batch: Batch): void;
}

const done = { done: true, value: undefined } as const;

/** Iterates over messages. `end` makes the end of the consumer an end of the loop, and throws what is an error. */
export function messageLoop<T>(next: Next, take: Take<T>, end: (error: unknown) => void): AsyncIterator<T, undefined> {
  return {
    next: () => resultOf(next(take), end),
    return: () => Promise.resolve(done),
  };
}

/** Iterates over batches, and gives back what a loop leaves of its last one. */
export function batchLoop<Batch>(next: Next, queue: BatchSource<Batch>, end: (error: unknown) => void): AsyncIterator<Batch, undefined> {
  let current: Batch | undefined;
  const take = (): Batch | undefined => {
    const last = current;
    current = undefined;
    if (last !== undefined) queue.done(last);
    return (current = queue.takeBatch());
  };
  return {
    next: () => resultOf(next(take), end),
    return: () => {
      if (current !== undefined) queue.giveBack(current);
      current = undefined;
      return Promise.resolve(done);
    },
  };
}

function resultOf<T>(taken: T | Promise<T | undefined>, end: (error: unknown) => void): Promise<IteratorResult<T, undefined>> {
  // What is there already needs no second promise.
  if (!(taken instanceof Promise)) return Promise.resolve({ done: false, value: taken });
  return taken.then(
    (value) => (value === undefined ? done : { done: false, value }),
    (error: unknown) => {
      end(error);
      return done;
    },
  );
}
