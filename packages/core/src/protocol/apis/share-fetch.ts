// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt8, writeInt8, readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** ShareFetch, versions 1 to 2. */
export const shareFetch: Api<ShareFetchRequest, ShareFetchResponse> = {
  key: 78,
  name: 'ShareFetch',
  minVersion: 1,
  maxVersion: 2,
  flexibleVersion: 1,
  writeRequest: writeShareFetchRequest,
  readRequest: readShareFetchRequest,
  writeResponse: writeShareFetchResponse,
  readResponse: readShareFetchResponse,
};

export interface ShareFetchRequest {
  /** default null */
  groupId?: string | null;
  memberId: string | null;
  shareSessionEpoch: number;
  maxWaitMs: number;
  minBytes: number;
  /** default 0x7fffffff */
  maxBytes?: number;
  maxRecords: number;
  batchSize: number;
  /** 2+, default 0 */
  shareAcquireMode?: number;
  /** 2+, default false */
  isRenewAck?: boolean;
  topics: readonly FetchTopic[];
  forgottenTopicsData: readonly ForgottenTopic[];
}

export interface ForgottenTopic {
  topicId: string;
  partitions: readonly number[];
}

export interface FetchTopic {
  topicId: string;
  partitions: readonly FetchPartition[];
}

export interface FetchPartition {
  partitionIndex: number;
  acknowledgementBatches: readonly AcknowledgementBatch[];
}

export interface AcknowledgementBatch {
  firstOffset: number;
  lastOffset: number;
  acknowledgeTypes: readonly number[];
}

export interface ShareFetchResponse {
  throttleTimeMs: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  acquisitionLockTimeoutMs: number;
  responses: readonly ShareFetchableTopicResponse[];
  nodeEndpoints: readonly NodeEndpoint[];
}

export interface NodeEndpoint {
  nodeId: number;
  host: string;
  port: number;
  /** default null */
  rack?: string | null;
}

export interface ShareFetchableTopicResponse {
  topicId: string;
  partitions: readonly PartitionData[];
}

export interface PartitionData {
  partitionIndex: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  acknowledgeErrorCode: number;
  /** default null */
  acknowledgeErrorMessage?: string | null;
  currentLeader: LeaderIdAndEpoch;
  records: Uint8Array;
  acquiredRecords: readonly AcquiredRecords[];
}

export interface AcquiredRecords {
  firstOffset: number;
  lastOffset: number;
  deliveryCount: number;
}

export interface LeaderIdAndEpoch {
  leaderId: number;
  leaderEpoch: number;
}

function writeShareFetchRequest(w: Writer, v: number, m: ShareFetchRequest): void {
  w.nullableString(m.groupId ?? null);
  w.nullableString(m.memberId);
  w.int32(m.shareSessionEpoch);
  w.int32(m.maxWaitMs);
  w.int32(m.minBytes);
  w.int32(m.maxBytes ?? 0x7fffffff);
  w.int32(m.maxRecords);
  w.int32(m.batchSize);
  if (v >= 2) w.int8(m.shareAcquireMode ?? 0);
  const isRenewAck = m.isRenewAck ?? false;
  if (v >= 2) w.bool(isRenewAck);
  else if (isRenewAck !== false) cannotCarry('ShareFetchRequest', 'isRenewAck', v);
  w.array(v, m.topics, writeFetchTopic);
  w.array(v, m.forgottenTopicsData, writeForgottenTopic);
  w.tags();
}

function readShareFetchRequest(r: Reader, v: number): Decoded<ShareFetchRequest> {
  const m: Decoded<ShareFetchRequest> = {
    groupId: r.nullableString(),
    memberId: r.nullableString(),
    shareSessionEpoch: r.int32(),
    maxWaitMs: r.int32(),
    minBytes: r.int32(),
    maxBytes: r.int32(),
    maxRecords: r.int32(),
    batchSize: r.int32(),
    shareAcquireMode: v >= 2 ? r.int8() : 0,
    isRenewAck: v >= 2 ? r.bool() : false,
    topics: r.array(v, 18, readFetchTopic),
    forgottenTopicsData: r.array(v, 18, readForgottenTopic),
  };
  r.tags();
  return m;
}

function writeForgottenTopic(w: Writer, v: number, m: ForgottenTopic): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readForgottenTopic(r: Reader, v: number): Decoded<ForgottenTopic> {
  const m: Decoded<ForgottenTopic> = { topicId: r.uuid(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeFetchTopic(w: Writer, v: number, m: FetchTopic): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writeFetchPartition);
  w.tags();
}

function readFetchTopic(r: Reader, v: number): Decoded<FetchTopic> {
  const m: Decoded<FetchTopic> = { topicId: r.uuid(), partitions: r.array(v, 6, readFetchPartition) };
  r.tags();
  return m;
}

function writeFetchPartition(w: Writer, v: number, m: FetchPartition): void {
  w.int32(m.partitionIndex);
  w.array(v, m.acknowledgementBatches, writeAcknowledgementBatch);
  w.tags();
}

function readFetchPartition(r: Reader, v: number): Decoded<FetchPartition> {
  const m: Decoded<FetchPartition> = { partitionIndex: r.int32(), acknowledgementBatches: r.array(v, 18, readAcknowledgementBatch) };
  r.tags();
  return m;
}

function writeAcknowledgementBatch(w: Writer, v: number, m: AcknowledgementBatch): void {
  w.int64(m.firstOffset);
  w.int64(m.lastOffset);
  w.array(v, m.acknowledgeTypes, writeInt8);
  w.tags();
}

function readAcknowledgementBatch(r: Reader, v: number): Decoded<AcknowledgementBatch> {
  const m: Decoded<AcknowledgementBatch> = { firstOffset: r.int64(), lastOffset: r.int64(), acknowledgeTypes: r.array(v, 1, readInt8) };
  r.tags();
  return m;
}

function writeShareFetchResponse(w: Writer, v: number, m: ShareFetchResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.int32(m.acquisitionLockTimeoutMs);
  w.array(v, m.responses, writeShareFetchableTopicResponse);
  w.array(v, m.nodeEndpoints, writeNodeEndpoint);
  w.tags();
}

function readShareFetchResponse(r: Reader, v: number): Decoded<ShareFetchResponse> {
  const m: Decoded<ShareFetchResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    acquisitionLockTimeoutMs: r.int32(),
    responses: r.array(v, 18, readShareFetchableTopicResponse),
    nodeEndpoints: r.array(v, 11, readNodeEndpoint),
  };
  r.tags();
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

function writeShareFetchableTopicResponse(w: Writer, v: number, m: ShareFetchableTopicResponse): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionData);
  w.tags();
}

function readShareFetchableTopicResponse(r: Reader, v: number): Decoded<ShareFetchableTopicResponse> {
  const m: Decoded<ShareFetchableTopicResponse> = { topicId: r.uuid(), partitions: r.array(v, 22, readPartitionData) };
  r.tags();
  return m;
}

function writePartitionData(w: Writer, v: number, m: PartitionData): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.int16(m.acknowledgeErrorCode);
  w.nullableString(m.acknowledgeErrorMessage ?? null);
  writeLeaderIdAndEpoch(w, v, m.currentLeader);
  w.bytes(m.records);
  w.array(v, m.acquiredRecords, writeAcquiredRecords);
  w.tags();
}

function readPartitionData(r: Reader, v: number): Decoded<PartitionData> {
  const m: Decoded<PartitionData> = {
    partitionIndex: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    acknowledgeErrorCode: r.int16(),
    acknowledgeErrorMessage: r.nullableString(),
    currentLeader: readLeaderIdAndEpoch(r, v),
    records: r.bytes(),
    acquiredRecords: r.array(v, 19, readAcquiredRecords),
  };
  r.tags();
  return m;
}

function writeAcquiredRecords(w: Writer, _v: number, m: AcquiredRecords): void {
  w.int64(m.firstOffset);
  w.int64(m.lastOffset);
  w.int16(m.deliveryCount);
  w.tags();
}

function readAcquiredRecords(r: Reader, _v: number): Decoded<AcquiredRecords> {
  const m: Decoded<AcquiredRecords> = { firstOffset: r.int64(), lastOffset: r.int64(), deliveryCount: r.int16() };
  r.tags();
  return m;
}

function writeLeaderIdAndEpoch(w: Writer, _v: number, m: LeaderIdAndEpoch): void {
  w.int32(m.leaderId);
  w.int32(m.leaderEpoch);
  w.tags();
}

function readLeaderIdAndEpoch(r: Reader, _v: number): Decoded<LeaderIdAndEpoch> {
  const m: Decoded<LeaderIdAndEpoch> = { leaderId: r.int32(), leaderEpoch: r.int32() };
  r.tags();
  return m;
}
