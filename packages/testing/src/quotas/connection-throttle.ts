import type { ClusterState } from '../cluster-state.ts';
import { quotaWindow } from './quota-rate.ts';
import type { Usage } from './usage.ts';

/** Counts a connection from this address, and gives how long it is to be kept waiting before it is closed; 0 when it is welcome (KIP-612). */
export function connectionThrottleMs({ quotas, clock }: ClusterState, usage: Usage, ip: string): number {
  const limit = quotas.connectionRate(ip);
  if (limit === undefined) return 0;
  const rate = usage.of('connection_creation_rate', { user: ip, clientId: undefined });
  const now = clock.now();
  rate.record(1, now);
  const throttleMs = Math.min(quotaWindow.ms, rate.throttleMs(limit, now));
  // Those who are turned away do not count.
  if (throttleMs > 0) rate.record(-1, now);
  return throttleMs;
}
