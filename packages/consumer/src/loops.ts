import { ClosedError } from '@tskafka/core/protocol';
import type { Take, WaitingReaders } from './waiting-readers.ts';

/** What loops wait on. */
export interface LoopSource {
  /** What `take` gives, or a promise of it; undefined when no more comes. */
  next<T>(take: Take<T>): T | Promise<T | undefined>;
  /** Whoever waits by `take` waits no longer: what comes is for others. */
  leave(take: Take<unknown>): void;
  /** Makes the end of the consumer an end of the loop, and throws what is an error. */
  end(error: unknown): void;
}

interface LoopsOf extends Pick<LoopSource, 'next'> {
  readonly readers: WaitingReaders;
  readonly hasEnded: () => boolean;
}

/** What the loops of a consumer wait on: they end without an error when it does. */
export function loopsOf({ next, readers, hasEnded }: LoopsOf): LoopSource {
  return {
    next,
    leave: (take) => readers.leave(take),
    end: (error) => {
      if (!(error instanceof ClosedError) || !hasEnded()) throw error;
    },
  };
}

/** Where batches come from. */
interface BatchSource<Batch> {
  takeBatch(): Batch | undefined;
  /** The loop has gone on to the next one. */
  done(batch: Batch): void;
  /** The loop was left. */
  giveBack(batch: Batch): void;
}

const done = { done: true, value: undefined } as const;

/** Iterates over messages. `take` is this loop's alone. A stream leaves it while it waits, which `for await` never does. */
export function messageLoop<T>(source: LoopSource, take: Take<T>): AsyncIterator<T, undefined> {
  return {
    next: () => resultOf(source.next(take), source),
    return: () => {
      source.leave(take);
      return Promise.resolve(done);
    },
  };
}

/** Iterates over batches, and gives back what a loop leaves of its last one. */
export function batchLoop<Batch>(source: LoopSource, queue: BatchSource<Batch>): AsyncIterator<Batch, undefined> {
  let current: Batch | undefined;
  const take = (): Batch | undefined => {
    const last = current;
    current = undefined;
    if (last !== undefined) queue.done(last);
    return (current = queue.takeBatch());
  };
  return {
    next: () => resultOf(source.next(take), source),
    return: () => {
      source.leave(take);
      if (current !== undefined) queue.giveBack(current);
      current = undefined;
      return Promise.resolve(done);
    },
  };
}

function resultOf<T>(taken: T | Promise<T | undefined>, source: LoopSource): Promise<IteratorResult<T, undefined>> {
  // What is there already needs no second promise.
  if (!(taken instanceof Promise)) return Promise.resolve({ done: false, value: taken });
  return taken.then(
    (value) => (value === undefined ? done : { done: false, value }),
    (error: unknown) => {
      source.end(error);
      return done;
    },
  );
}
