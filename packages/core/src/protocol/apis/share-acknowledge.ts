// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt8, writeInt8 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** ShareAcknowledge, versions 1 to 2. */
export const shareAcknowledge: Api<ShareAcknowledgeRequest, ShareAcknowledgeResponse> = {
  key: 79,
  name: 'ShareAcknowledge',
  minVersion: 1,
  maxVersion: 2,
  flexibleVersion: 1,
  writeRequest: writeShareAcknowledgeRequest,
  readRequest: readShareAcknowledgeRequest,
  writeResponse: writeShareAcknowledgeResponse,
  readResponse: readShareAcknowledgeResponse,
};

export interface ShareAcknowledgeRequest {
  /** default null */
  groupId?: string | null;
  memberId: string | null;
  shareSessionEpoch: number;
  /** 2+, default false */
  isRenewAck?: boolean;
  topics: readonly AcknowledgeTopic[];
}

export interface AcknowledgeTopic {
  topicId: string;
  partitions: readonly AcknowledgePartition[];
}

export interface AcknowledgePartition {
  partitionIndex: number;
  acknowledgementBatches: readonly AcknowledgementBatch[];
}

export interface AcknowledgementBatch {
  firstOffset: number;
  lastOffset: number;
  acknowledgeTypes: readonly number[];
}

export interface ShareAcknowledgeResponse {
  throttleTimeMs: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  /** 2+ */
  acquisitionLockTimeoutMs?: number;
  responses: readonly ShareAcknowledgeTopicResponse[];
  nodeEndpoints: readonly NodeEndpoint[];
}

export interface NodeEndpoint {
  nodeId: number;
  host: string;
  port: number;
  /** default null */
  rack?: string | null;
}

export interface ShareAcknowledgeTopicResponse {
  topicId: string;
  partitions: readonly PartitionData[];
}

export interface PartitionData {
  partitionIndex: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  currentLeader: LeaderIdAndEpoch;
}

export interface LeaderIdAndEpoch {
  leaderId: number;
  leaderEpoch: number;
}

function writeShareAcknowledgeRequest(w: Writer, v: number, m: ShareAcknowledgeRequest): void {
  w.nullableString(m.groupId ?? null);
  w.nullableString(m.memberId);
  w.int32(m.shareSessionEpoch);
  const isRenewAck = m.isRenewAck ?? false;
  if (v >= 2) w.bool(isRenewAck);
  else if (isRenewAck !== false) cannotCarry('ShareAcknowledgeRequest', 'isRenewAck', v);
  w.array(v, m.topics, writeAcknowledgeTopic);
  w.tags();
}

function readShareAcknowledgeRequest(r: Reader, v: number): Decoded<ShareAcknowledgeRequest> {
  const m: Decoded<ShareAcknowledgeRequest> = {
    groupId: r.nullableString(),
    memberId: r.nullableString(),
    shareSessionEpoch: r.int32(),
    isRenewAck: v >= 2 ? r.bool() : false,
    topics: r.array(v, 18, readAcknowledgeTopic),
  };
  r.tags();
  return m;
}

function writeAcknowledgeTopic(w: Writer, v: number, m: AcknowledgeTopic): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writeAcknowledgePartition);
  w.tags();
}

function readAcknowledgeTopic(r: Reader, v: number): Decoded<AcknowledgeTopic> {
  const m: Decoded<AcknowledgeTopic> = { topicId: r.uuid(), partitions: r.array(v, 6, readAcknowledgePartition) };
  r.tags();
  return m;
}

function writeAcknowledgePartition(w: Writer, v: number, m: AcknowledgePartition): void {
  w.int32(m.partitionIndex);
  w.array(v, m.acknowledgementBatches, writeAcknowledgementBatch);
  w.tags();
}

function readAcknowledgePartition(r: Reader, v: number): Decoded<AcknowledgePartition> {
  const m: Decoded<AcknowledgePartition> = { partitionIndex: r.int32(), acknowledgementBatches: r.array(v, 18, readAcknowledgementBatch) };
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

function writeShareAcknowledgeResponse(w: Writer, v: number, m: ShareAcknowledgeResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  if (v >= 2) w.int32(m.acquisitionLockTimeoutMs ?? 0);
  w.array(v, m.responses, writeShareAcknowledgeTopicResponse);
  w.array(v, m.nodeEndpoints, writeNodeEndpoint);
  w.tags();
}

function readShareAcknowledgeResponse(r: Reader, v: number): Decoded<ShareAcknowledgeResponse> {
  const m: Decoded<ShareAcknowledgeResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    acquisitionLockTimeoutMs: v >= 2 ? r.int32() : 0,
    responses: r.array(v, 18, readShareAcknowledgeTopicResponse),
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

function writeShareAcknowledgeTopicResponse(w: Writer, v: number, m: ShareAcknowledgeTopicResponse): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionData);
  w.tags();
}

function readShareAcknowledgeTopicResponse(r: Reader, v: number): Decoded<ShareAcknowledgeTopicResponse> {
  const m: Decoded<ShareAcknowledgeTopicResponse> = { topicId: r.uuid(), partitions: r.array(v, 17, readPartitionData) };
  r.tags();
  return m;
}

function writePartitionData(w: Writer, v: number, m: PartitionData): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  writeLeaderIdAndEpoch(w, v, m.currentLeader);
  w.tags();
}

function readPartitionData(r: Reader, v: number): Decoded<PartitionData> {
  const m: Decoded<PartitionData> = {
    partitionIndex: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    currentLeader: readLeaderIdAndEpoch(r, v),
  };
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
