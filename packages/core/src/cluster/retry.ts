import { type Clock, delay, type Random, type Timer } from '../clock.ts';
import { BrokerError, KafkaError, SocketDisconnectedError, TimeoutError } from '../errors.ts';
import { errorCodes, isStaleMetadata } from '../protocol/error-codes.ts';
import { LinkedAbort, raceWithSignal } from '../signal.ts';
import { timeLimit } from '../time-limit.ts';
import { backoffMs, type BackoffOptions } from './backoff.ts';
import type { Reachability } from './reachability.ts';

export interface RetryOptions {
  /** What is asked for: the error says it when no answer came within the time. */
  readonly what: string;
  /** The whole time for all attempts. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Topics whose metadata is fetched anew when an attempt fails because it was out of date. Default: all known. An attempt that
   * fetches metadata itself says 'none'.
   */
  readonly topics?: readonly string[] | 'none';
  /** When, by the clock, an error is final although the whole time is not over. */
  readonly finalAt?: (error: KafkaError) => number;
}

/** What a retry needs of a cluster. */
export interface RetryContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly retryBackoff: BackoffOptions;
  readonly unavailableTimeoutMs: number;
  readonly reachability: Reachability;
  readonly closing: AbortSignal;
  refresh(topics: readonly string[] | undefined, signal: AbortSignal): Promise<unknown>;
}

/**
 * Repeats what fails with a retriable error, with growing pauses, and fetches metadata anew where the error says that it was stale.
 * The only retry of the library, but for the producer's and the fetcher's own loops.
 *
 * An attempt is given a signal, which ends it with all that it waits for. Rejects with the last error when the time is over, and with
 * NoBrokersAvailableError when no broker could be reached for unavailableTimeoutMs.
 */
export async function retry<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { what, timeoutMs, signal, topics, finalAt = () => Infinity }: RetryOptions,
  context: RetryContext,
): Promise<T> {
  const { clock, random, retryBackoff, refresh } = context;
  const patience = new Patience({ what, timeoutMs, signal }, context);
  try {
    for (let failures = 1; ; failures++) {
      patience.signal.throwIfAborted();
      try {
        return await raceWithSignal(attempt(patience.signal), patience.signal);
      } catch (error) {
        if (patience.signal.aborted || !(error instanceof KafkaError) || !error.retriable) throw error;
        patience.failed(error);
        patience.signal.throwIfAborted();
        const waitMs = backoffMs(failures, pausesAfter(error, retryBackoff), random);
        if (clock.now() + waitMs >= Math.min(patience.deadline, finalAt(error))) throw error;
        await delay(clock, waitMs, patience.signal);
        if (topics === 'none' || !saysStale(error)) continue;
        // What stands in its way stands in the way of the next attempt too, which tells it.
        await raceWithSignal(refresh(topics, patience.signal), patience.signal).catch(() => {});
      }
    }
  } finally {
    patience.end();
  }
}

/** How long a call goes on: until its caller gives up, the client is closed, its time is over, or no broker was reachable for too long. */
class Patience extends LinkedAbort {
  readonly #context: RetryContext;
  readonly #what: string;
  readonly #timeoutMs: number;
  readonly #start: number;
  #lastError: KafkaError | undefined;
  #timer: Timer | undefined;

  constructor({ what, timeoutMs, signal }: RetryOptions, context: RetryContext) {
    super(signal, context.closing);
    this.#context = context;
    this.#what = what;
    this.#timeoutMs = timeoutMs;
    this.#start = context.clock.now();
    this.#look();
  }

  get deadline(): number {
    return this.#start + this.#timeoutMs;
  }

  /** A call that begins in an outage makes its attempt all the same: the outage may just be over. */
  failed(error: KafkaError): void {
    const { reachability, unavailableTimeoutMs } = this.#context;
    this.#lastError = error;
    if (reachability.downMs >= unavailableTimeoutMs) this.abort(reachability.error(error));
  }

  end(): void {
    this.unlink();
    this.#timer?.cancel();
  }

  /** A broker may be silent, or be left alone by its back-off, for longer than the call may last: so a timer looks too. */
  #look(): void {
    if (this.signal.aborted) return;
    const { clock, reachability, unavailableTimeoutMs } = this.#context;
    const now = clock.now();
    const unavailableAt = Math.max(this.#start, now - reachability.downMs) + unavailableTimeoutMs;
    if (unavailableAt <= now) return this.abort(reachability.error(this.#lastError));
    if (this.deadline <= now) {
      return this.abort(this.#lastError ?? new TimeoutError(`${this.#what}: no answer within ${this.#timeoutMs} ms`, { retriable: true }));
    }
    const nextMs = Math.min(unavailableAt, this.deadline) - now;
    if (nextMs < Infinity) this.#timer = timeLimit(clock, () => this.#look(), nextMs);
  }
}

/** A coordinator writes the end of a transaction in a few milliseconds: Java asks for the next one after so many, whatever `retry.backoff.ms` is. */
const endOfTransactionMs = 20;

function pausesAfter(error: KafkaError, retryBackoff: BackoffOptions): BackoffOptions {
  if (!(error instanceof BrokerError) || error.code !== errorCodes.CONCURRENT_TRANSACTIONS) return retryBackoff;
  return { ...retryBackoff, initialMs: Math.min(endOfTransactionMs, retryBackoff.initialMs) };
}

/** What else a retry may be mended by: another controller; and a topic made anew has lower epochs than the one that we know. */
const staleToo: ReadonlySet<number> = new Set([errorCodes.NOT_CONTROLLER, errorCodes.UNKNOWN_LEADER_EPOCH]);

/** Whether an error may mean that our metadata is old. */
function saysStale(error: KafkaError): boolean {
  if (error instanceof BrokerError) return isStaleMetadata(error.code) || staleToo.has(error.code);
  return error instanceof SocketDisconnectedError || error instanceof TimeoutError;
}
