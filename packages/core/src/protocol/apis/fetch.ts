// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry, zeroUuid } from '../writer.ts';

/** Fetch, versions 4 to 18. */
export const fetch: Api<FetchRequest, FetchResponse> = {
  key: 1,
  name: 'Fetch',
  minVersion: 4,
  maxVersion: 18,
  flexibleVersion: 12,
  writeRequest: writeFetchRequest,
  readRequest: readFetchRequest,
  writeResponse: writeFetchResponse,
  readResponse: readFetchResponse,
};

export interface FetchRequest {
  /** 12+, default null */
  clusterId?: string | null;
  /** 4-14, default -1 */
  replicaId?: number;
  /** 15+ */
  replicaState?: ReplicaState;
  maxWaitMs: number;
  minBytes: number;
  /** default 0x7fffffff */
  maxBytes?: number;
  /** default 0 */
  isolationLevel?: number;
  /** 7+, default 0 */
  sessionId?: number;
  /** 7+, default -1 */
  sessionEpoch?: number;
  topics: readonly FetchTopic[];
  /** 7+ */
  forgottenTopicsData?: readonly ForgottenTopic[];
  /** 11+, default '' */
  rackId?: string;
}

export interface ForgottenTopic {
  /** 7-12 */
  topic?: string;
  /** 13+ */
  topicId?: string;
  partitions: readonly number[];
}

export interface FetchTopic {
  /** 4-12 */
  topic?: string;
  /** 13+ */
  topicId?: string;
  partitions: readonly FetchPartition[];
}

export interface FetchPartition {
  partition: number;
  /** 9+, default -1 */
  currentLeaderEpoch?: number;
  fetchOffset: number;
  /** 12+, default -1 */
  lastFetchedEpoch?: number;
  /** 5+, default -1 */
  logStartOffset?: number;
  partitionMaxBytes: number;
  /** 17+ */
  replicaDirectoryId?: string;
  /** 18+, default Infinity */
  highWatermark?: number;
}

export interface ReplicaState {
  /** default -1 */
  replicaId?: number;
  /** default -1 */
  replicaEpoch?: number;
}

export interface FetchResponse {
  throttleTimeMs: number;
  /** 7+ */
  errorCode?: number;
  /** 7+, default 0 */
  sessionId?: number;
  responses: readonly FetchableTopicResponse[];
  /** 16+ */
  nodeEndpoints?: readonly NodeEndpoint[];
}

export interface NodeEndpoint {
  nodeId: number;
  host: string;
  port: number;
  /** default null */
  rack?: string | null;
}

export interface FetchableTopicResponse {
  /** 4-12 */
  topic?: string;
  /** 13+ */
  topicId?: string;
  partitions: readonly PartitionData[];
}

export interface PartitionData {
  partitionIndex: number;
  errorCode: number;
  highWatermark: number;
  /** default -1 */
  lastStableOffset?: number;
  /** 5+, default -1 */
  logStartOffset?: number;
  /** 12+ */
  divergingEpoch?: EpochEndOffset;
  /** 12+ */
  currentLeader?: LeaderIdAndEpoch;
  /** 12+ */
  snapshotId?: SnapshotId;
  abortedTransactions: readonly AbortedTransaction[] | null;
  /** 11+, default -1 */
  preferredReadReplica?: number;
  records: Uint8Array | null;
}

export interface AbortedTransaction {
  producerId: number;
  firstOffset: number;
}

export interface SnapshotId {
  /** default -1 */
  endOffset?: number;
  /** default -1 */
  epoch?: number;
}

export interface LeaderIdAndEpoch {
  /** default -1 */
  leaderId?: number;
  /** default -1 */
  leaderEpoch?: number;
}

export interface EpochEndOffset {
  /** default -1 */
  epoch?: number;
  /** default -1 */
  endOffset?: number;
}

function writeFetchRequest(w: Writer, v: number, m: FetchRequest): void {
  const replicaId = m.replicaId ?? -1;
  if (v <= 14) w.int32(replicaId);
  else if (replicaId !== -1) cannotCarry('FetchRequest', 'replicaId', v);
  w.int32(m.maxWaitMs);
  w.int32(m.minBytes);
  w.int32(m.maxBytes ?? 0x7fffffff);
  w.int8(m.isolationLevel ?? 0);
  if (v >= 7) w.int32(m.sessionId ?? 0);
  if (v >= 7) w.int32(m.sessionEpoch ?? -1);
  w.array(v, m.topics, writeFetchTopic);
  const forgottenTopicsData = m.forgottenTopicsData ?? [];
  if (v >= 7) w.array(v, forgottenTopicsData, writeForgottenTopic);
  else if (forgottenTopicsData.length !== 0) cannotCarry('FetchRequest', 'forgottenTopicsData', v);
  if (v >= 11) w.string(m.rackId ?? '');
  const clusterId = m.clusterId ?? null;
  const replicaState = m.replicaState ?? { replicaId: -1, replicaEpoch: -1 };
  if (v < 15 && !isDefaultReplicaState(replicaState)) cannotCarry('FetchRequest', 'replicaState', v);
  w.tags([
    v >= 12 && clusterId !== null && [0, (w) => w.string(clusterId)],
    v >= 15 && !isDefaultReplicaState(replicaState) && [1, (w) => writeReplicaState(w, v, replicaState)],
  ]);
}

function readFetchRequest(r: Reader, v: number): Decoded<FetchRequest> {
  const m: Decoded<FetchRequest> = {
    clusterId: null,
    replicaId: v <= 14 ? r.int32() : -1,
    replicaState: { replicaId: -1, replicaEpoch: -1 },
    maxWaitMs: r.int32(),
    minBytes: r.int32(),
    maxBytes: r.int32(),
    isolationLevel: r.int8(),
    sessionId: v >= 7 ? r.int32() : 0,
    sessionEpoch: v >= 7 ? r.int32() : -1,
    topics: r.array(v, 3, readFetchTopic),
    forgottenTopicsData: v >= 7 ? r.array(v, 3, readForgottenTopic) : [],
    rackId: v >= 11 ? r.string() : '',
  };
  r.tags((tag) => {
    if (tag === 0 && v >= 12) m.clusterId = r.nullableString();
    else if (tag === 1 && v >= 15) m.replicaState = readReplicaState(r, v);
    else return false;
    return true;
  });
  return m;
}

function writeForgottenTopic(w: Writer, v: number, m: ForgottenTopic): void {
  if (v <= 12) w.string(m.topic ?? '');
  if (v >= 13) w.uuid(m.topicId ?? zeroUuid);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readForgottenTopic(r: Reader, v: number): Decoded<ForgottenTopic> {
  const m: Decoded<ForgottenTopic> = {
    topic: v <= 12 ? r.string() : '',
    topicId: v >= 13 ? r.uuid() : zeroUuid,
    partitions: r.array(v, 4, readInt32),
  };
  r.tags();
  return m;
}

function writeFetchTopic(w: Writer, v: number, m: FetchTopic): void {
  if (v <= 12) w.string(m.topic ?? '');
  if (v >= 13) w.uuid(m.topicId ?? zeroUuid);
  w.array(v, m.partitions, writeFetchPartition);
  w.tags();
}

function readFetchTopic(r: Reader, v: number): Decoded<FetchTopic> {
  const m: Decoded<FetchTopic> = {
    topic: v <= 12 ? r.string() : '',
    topicId: v >= 13 ? r.uuid() : zeroUuid,
    partitions: r.array(v, 16, readFetchPartition),
  };
  r.tags();
  return m;
}

function writeFetchPartition(w: Writer, v: number, m: FetchPartition): void {
  w.int32(m.partition);
  if (v >= 9) w.int32(m.currentLeaderEpoch ?? -1);
  w.int64(m.fetchOffset);
  const lastFetchedEpoch = m.lastFetchedEpoch ?? -1;
  if (v >= 12) w.int32(lastFetchedEpoch);
  else if (lastFetchedEpoch !== -1) cannotCarry('FetchRequest', 'topics.partitions.lastFetchedEpoch', v);
  if (v >= 5) w.int64(m.logStartOffset ?? -1);
  w.int32(m.partitionMaxBytes);
  const replicaDirectoryId = m.replicaDirectoryId ?? zeroUuid;
  const highWatermark = m.highWatermark ?? Infinity;
  w.tags([
    v >= 17 && replicaDirectoryId !== zeroUuid && [0, (w) => w.uuid(replicaDirectoryId)],
    v >= 18 && highWatermark !== Infinity && [1, (w) => w.int64(highWatermark)],
  ]);
}

function readFetchPartition(r: Reader, v: number): Decoded<FetchPartition> {
  const m: Decoded<FetchPartition> = {
    partition: r.int32(),
    currentLeaderEpoch: v >= 9 ? r.int32() : -1,
    fetchOffset: r.int64(),
    lastFetchedEpoch: v >= 12 ? r.int32() : -1,
    logStartOffset: v >= 5 ? r.int64() : -1,
    partitionMaxBytes: r.int32(),
    replicaDirectoryId: zeroUuid,
    highWatermark: Infinity,
  };
  r.tags((tag) => {
    if (tag === 0 && v >= 17) m.replicaDirectoryId = r.uuid();
    else if (tag === 1 && v >= 18) m.highWatermark = r.int64();
    else return false;
    return true;
  });
  return m;
}

function writeReplicaState(w: Writer, _v: number, m: ReplicaState): void {
  w.int32(m.replicaId ?? -1);
  w.int64(m.replicaEpoch ?? -1);
  w.tags();
}

function readReplicaState(r: Reader, _v: number): Decoded<ReplicaState> {
  const m: Decoded<ReplicaState> = { replicaId: r.int32(), replicaEpoch: r.int64() };
  r.tags();
  return m;
}

function isDefaultReplicaState(m: ReplicaState): boolean {
  return (m.replicaId ?? -1) === -1 && (m.replicaEpoch ?? -1) === -1;
}

function writeFetchResponse(w: Writer, v: number, m: FetchResponse): void {
  w.int32(m.throttleTimeMs);
  if (v >= 7) w.int16(m.errorCode ?? 0);
  const sessionId = m.sessionId ?? 0;
  if (v >= 7) w.int32(sessionId);
  else if (sessionId !== 0) cannotCarry('FetchResponse', 'sessionId', v);
  w.array(v, m.responses, writeFetchableTopicResponse);
  const nodeEndpoints = m.nodeEndpoints ?? [];
  if (v < 16 && nodeEndpoints.length !== 0) cannotCarry('FetchResponse', 'nodeEndpoints', v);
  w.tags([v >= 16 && nodeEndpoints.length !== 0 && [0, (w) => w.array(v, nodeEndpoints, writeNodeEndpoint)]]);
}

function readFetchResponse(r: Reader, v: number): Decoded<FetchResponse> {
  const m: Decoded<FetchResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: v >= 7 ? r.int16() : 0,
    sessionId: v >= 7 ? r.int32() : 0,
    responses: r.array(v, 3, readFetchableTopicResponse),
    nodeEndpoints: [],
  };
  r.tags((tag) => {
    if (tag === 0 && v >= 16) m.nodeEndpoints = r.array(v, 11, readNodeEndpoint);
    else return false;
    return true;
  });
  return m;
}

function writeNodeEndpoint(w: Writer, _v: number, m: NodeEndpoint): void {
  w.int32(m.nodeId);
  w.string(m.host);
  w.int32(m.port);
  w.nullableString(m.rack ?? null);
  w.tags();
}

function readNodeEndpoint(r: Reader, _v: number): Decoded<NodeEndpoint> {
  const m: Decoded<NodeEndpoint> = { nodeId: r.int32(), host: r.string(), port: r.int32(), rack: r.nullableString() };
  r.tags();
  return m;
}

function writeFetchableTopicResponse(w: Writer, v: number, m: FetchableTopicResponse): void {
  if (v <= 12) w.string(m.topic ?? '');
  if (v >= 13) w.uuid(m.topicId ?? zeroUuid);
  w.array(v, m.partitions, writePartitionData);
  w.tags();
}

function readFetchableTopicResponse(r: Reader, v: number): Decoded<FetchableTopicResponse> {
  const m: Decoded<FetchableTopicResponse> = {
    topic: v <= 12 ? r.string() : '',
    topicId: v >= 13 ? r.uuid() : zeroUuid,
    partitions: r.array(v, 30, readPartitionData),
  };
  r.tags();
  return m;
}

function writePartitionData(w: Writer, v: number, m: PartitionData): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  w.int64(m.highWatermark);
  w.int64(m.lastStableOffset ?? -1);
  if (v >= 5) w.int64(m.logStartOffset ?? -1);
  w.nullableArray(v, m.abortedTransactions, writeAbortedTransaction);
  const preferredReadReplica = m.preferredReadReplica ?? -1;
  if (v >= 11) w.int32(preferredReadReplica);
  else if (preferredReadReplica !== -1) cannotCarry('FetchResponse', 'responses.partitions.preferredReadReplica', v);
  w.nullableBytes(m.records);
  const divergingEpoch = m.divergingEpoch ?? { epoch: -1, endOffset: -1 };
  if (v < 12 && !isDefaultEpochEndOffset(divergingEpoch)) cannotCarry('FetchResponse', 'responses.partitions.divergingEpoch', v);
  const currentLeader = m.currentLeader ?? { leaderId: -1, leaderEpoch: -1 };
  if (v < 12 && !isDefaultLeaderIdAndEpoch(currentLeader)) cannotCarry('FetchResponse', 'responses.partitions.currentLeader', v);
  const snapshotId = m.snapshotId ?? { endOffset: -1, epoch: -1 };
  if (v < 12 && !isDefaultSnapshotId(snapshotId)) cannotCarry('FetchResponse', 'responses.partitions.snapshotId', v);
  w.tags([
    v >= 12 && !isDefaultEpochEndOffset(divergingEpoch) && [0, (w) => writeEpochEndOffset(w, v, divergingEpoch)],
    v >= 12 && !isDefaultLeaderIdAndEpoch(currentLeader) && [1, (w) => writeLeaderIdAndEpoch(w, v, currentLeader)],
    v >= 12 && !isDefaultSnapshotId(snapshotId) && [2, (w) => writeSnapshotId(w, v, snapshotId)],
  ]);
}

function readPartitionData(r: Reader, v: number): Decoded<PartitionData> {
  const m: Decoded<PartitionData> = {
    partitionIndex: r.int32(),
    errorCode: r.int16(),
    highWatermark: r.int64(),
    lastStableOffset: r.int64(),
    logStartOffset: v >= 5 ? r.int64() : -1,
    divergingEpoch: { epoch: -1, endOffset: -1 },
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
    snapshotId: { endOffset: -1, epoch: -1 },
    abortedTransactions: r.nullableArray(v, 16, readAbortedTransaction),
    preferredReadReplica: v >= 11 ? r.int32() : -1,
    records: r.nullableBytes(),
  };
  r.tags((tag) => {
    if (tag === 0 && v >= 12) m.divergingEpoch = readEpochEndOffset(r, v);
    else if (tag === 1 && v >= 12) m.currentLeader = readLeaderIdAndEpoch(r, v);
    else if (tag === 2 && v >= 12) m.snapshotId = readSnapshotId(r, v);
    else return false;
    return true;
  });
  return m;
}

function writeAbortedTransaction(w: Writer, _v: number, m: AbortedTransaction): void {
  w.int64(m.producerId);
  w.int64(m.firstOffset);
  w.tags();
}

function readAbortedTransaction(r: Reader, _v: number): Decoded<AbortedTransaction> {
  const m: Decoded<AbortedTransaction> = { producerId: r.int64(), firstOffset: r.int64() };
  r.tags();
  return m;
}

function writeSnapshotId(w: Writer, _v: number, m: SnapshotId): void {
  w.int64(m.endOffset ?? -1);
  w.int32(m.epoch ?? -1);
  w.tags();
}

function readSnapshotId(r: Reader, _v: number): Decoded<SnapshotId> {
  const m: Decoded<SnapshotId> = { endOffset: r.int64(), epoch: r.int32() };
  r.tags();
  return m;
}

function isDefaultSnapshotId(m: SnapshotId): boolean {
  return (m.endOffset ?? -1) === -1 && (m.epoch ?? -1) === -1;
}

function writeLeaderIdAndEpoch(w: Writer, _v: number, m: LeaderIdAndEpoch): void {
  w.int32(m.leaderId ?? -1);
  w.int32(m.leaderEpoch ?? -1);
  w.tags();
}

function readLeaderIdAndEpoch(r: Reader, _v: number): Decoded<LeaderIdAndEpoch> {
  const m: Decoded<LeaderIdAndEpoch> = { leaderId: r.int32(), leaderEpoch: r.int32() };
  r.tags();
  return m;
}

function isDefaultLeaderIdAndEpoch(m: LeaderIdAndEpoch): boolean {
  return (m.leaderId ?? -1) === -1 && (m.leaderEpoch ?? -1) === -1;
}

function writeEpochEndOffset(w: Writer, _v: number, m: EpochEndOffset): void {
  w.int32(m.epoch ?? -1);
  w.int64(m.endOffset ?? -1);
  w.tags();
}

function readEpochEndOffset(r: Reader, _v: number): Decoded<EpochEndOffset> {
  const m: Decoded<EpochEndOffset> = { epoch: r.int32(), endOffset: r.int64() };
  r.tags();
  return m;
}

function isDefaultEpochEndOffset(m: EpochEndOffset): boolean {
  return (m.epoch ?? -1) === -1 && (m.endOffset ?? -1) === -1;
}
