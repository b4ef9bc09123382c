export { MockCluster } from './mock-cluster.ts';
export type { BrokerSpec, MockClusterOptions, TopicSpec } from './options.ts';
export type { ApiName, Draft, RequestOf, ResponseOf } from './api-name.ts';
export type { Call, Interception, Interceptor, Outcome } from './interceptors.ts';
export type { LoggedRequest, RequestFilter } from './request-log.ts';
export { VirtualClock } from './virtual-clock.ts';
