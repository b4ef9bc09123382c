// For producer and consumer of exactly this version. No promise is made to anybody else.
export { checkOptions, duration, wholeNumber } from './check-options.ts';
export type { Purpose } from './cluster/broker.ts';
export { backoffMs } from './cluster/backoff.ts';
export type { Cluster } from './cluster/cluster.ts';
export { clusterSymbol } from './cluster-symbol.ts';
export type { PartitionMetadata, TopicMetadata } from './cluster/metadata-cache.ts';
export { channels, publish } from './diagnostics.ts';
export { AnswerMemory } from './connection/answer-memory.ts';
export type { Connection } from './connection/connection.ts';
export { groupBy } from './group-by.ts';
export { checkOffset, type Place, placeOf } from './offsets/offset.ts';
export { type CommitIdentity, commitOffsets, type OffsetToCommit, topicsToCommit } from './offsets/commit.ts';
export { type CommittedOffset, fetchCommitted } from './offsets/committed.ts';
export { afterOutOfRange } from './offsets/out-of-range.ts';
export { after, Position } from './offsets/positions.ts';
export { offsetOf, type PlaceInPartition, type ResolvedOffset, resolveOffsets } from './offsets/resolve.ts';
export { startOf } from './offsets/start.ts';
export { LinkedAbort, raceWithSignal } from './signal.ts';
