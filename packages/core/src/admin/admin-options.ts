import { checkOptions, duration } from '../check-options.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** Options of every function of the admin API. */
export interface AdminOptions {
  /** How long the whole call may take, in milliseconds, however many requests it needs. Default: the client's apiTimeoutMs. */
  readonly timeoutMs?: number;
  /** Aborts the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The limits of one call. */
export interface AdminLimits {
  /** The function that was called. */
  readonly call: string;
  /** What is left of the time. So a call of several steps looks at the start of each. */
  readonly timeoutMs: number;
  /** How long the broker may hold a request back until it is done. */
  readonly heldMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Checks the options of a function, which has `others` beside AdminOptions, and fills in the client's limits. The time runs from now on. */
export function limitsOf(cluster: Cluster, of: string, options: AdminOptions, others: readonly string[] = []): AdminLimits {
  checkOptions(of, options, ['timeoutMs', 'signal', ...others]);
  const { apiTimeoutMs, longestHoldMs, clock } = cluster.options;
  const timeoutMs = duration('timeoutMs', options.timeoutMs, apiTimeoutMs);
  const deadline = clock.now() + timeoutMs;
  return {
    call: of,
    get timeoutMs() {
      return Math.max(1, Math.ceil(deadline - clock.now()));
    },
    heldMs: Math.min(timeoutMs, longestHoldMs),
    signal: options.signal,
  };
}

/** The same limits for a part of the call that is a call itself. */
export function partOf({ timeoutMs, signal }: AdminLimits): AdminOptions {
  return { timeoutMs, ...(signal && { signal }) };
}
