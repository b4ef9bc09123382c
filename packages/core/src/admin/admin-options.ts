import { checkOptions, duration } from '../check-options.ts';
import type { Cluster } from '../cluster/cluster.ts';

export interface AdminOptions {
  /** How long the whole may take. Default: the client's apiTimeoutMs. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The limits of one call. */
export interface AdminLimits {
  readonly timeoutMs: number;
  /** How long the broker may hold a request back until it is done. */
  readonly heldMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Checks the options of a function, which has `others` beside AdminOptions, and fills in the client's limits. */
export function limitsOf(cluster: Cluster, of: string, options: AdminOptions, others: readonly string[] = []): AdminLimits {
  checkOptions(of, options, ['timeoutMs', 'signal', ...others]);
  const { apiTimeoutMs, longestHoldMs } = cluster.options;
  const timeoutMs = duration('timeoutMs', options.timeoutMs, apiTimeoutMs);
  return { timeoutMs, heldMs: Math.min(timeoutMs, longestHoldMs), signal: options.signal };
}
