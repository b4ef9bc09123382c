import type { BrokerConnection } from './connection.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { FetchSessionCache } from '../fetch/fetch-session-cache.ts';
import type { Interceptors } from './interceptors.ts';
import type { MetadataView } from './metadata-view.ts';
import type { NetworkFaults } from './network.ts';
import type { Usage } from '../quotas/usage.ts';
import type { RequestLog } from './request-log.ts';
import type { ApiRange } from './versions.ts';

/** What a connection needs of its broker. */
export interface ServingBroker {
  readonly id: number;
  readonly state: ClusterState;
  readonly network: NetworkFaults;
  readonly connections: Set<BrokerConnection>;
  readonly interceptors: Interceptors;
  readonly requestLog: RequestLog;
  readonly apiRanges: readonly ApiRange[];
  readonly metadata: MetadataView;
  readonly fetchSessions: FetchSessionCache;
  readonly usage: Usage;
  /** For what is the mock's own fault, or a test's. */
  onError(error: unknown): void;
}
