import type { VirtualClock } from '@tskafka/testing';

export interface SettleOptions {
  /** How far the clock goes at once. Default 10 ms. */
  readonly stepMs?: number;
  /** More about what has not settled. */
  readonly why?: () => string;
}

/** Lets virtual time pass, in small steps, until the promise has settled. Rejects when it has not within `ms`. */
export async function settledWithin<T>(
  clock: VirtualClock,
  promise: Promise<T>,
  ms: number,
  { stepMs = 10, why = () => '' }: SettleOptions = {},
): Promise<T> {
  let isSettled = false;
  const settle = (): void => void (isSettled = true);
  promise.then(settle, settle);
  await clock.advance(0);
  for (let passed = 0; !isSettled && passed < ms; passed += stepMs) await clock.advance(stepMs);
  if (!isSettled) throw new Error(`nothing has settled within ${ms} ms${why()}`);
  return promise;
}
