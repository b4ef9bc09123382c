// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry, zeroUuid } from '../writer.ts';

/** Produce, versions 3 to 13. */
export const produce: Api<ProduceRequest, ProduceResponse> = {
  key: 0,
  name: 'Produce',
  minVersion: 3,
  maxVersion: 13,
  flexibleVersion: 9,
  writeRequest: writeProduceRequest,
  readRequest: readProduceRequest,
  writeResponse: writeProduceResponse,
  readResponse: readProduceResponse,
};

export interface ProduceRequest {
  /** default null */
  transactionalId?: string | null;
  acks: number;
  timeoutMs: number;
  topicData: readonly TopicProduceData[];
}

export interface TopicProduceData {
  /** 3-12 */
  name?: string;
  /** 13+ */
  topicId?: string;
  partitionData: readonly PartitionProduceData[];
}

export interface PartitionProduceData {
  index: number;
  records: Uint8Array | null;
}

export interface ProduceResponse {
  responses: readonly TopicProduceResponse[];
  /** default 0 */
  throttleTimeMs?: number;
  /** 10+ */
  nodeEndpoints?: readonly NodeEndpoint[];
}

export interface NodeEndpoint {
  nodeId: number;
  host: string;
  port: number;
  /** default null */
  rack?: string | null;
}

export interface TopicProduceResponse {
  /** 3-12 */
  name?: string;
  /** 13+ */
  topicId?: string;
  partitionResponses: readonly PartitionProduceResponse[];
}

export interface PartitionProduceResponse {
  index: number;
  errorCode: number;
  baseOffset: number;
  /** default -1 */
  logAppendTimeMs?: number;
  /** 5+, default -1 */
  logStartOffset?: number;
  /** 8+ */
  recordErrors?: readonly BatchIndexAndErrorMessage[];
  /** 8+, default null */
  errorMessage?: string | null;
  /** 10+ */
  currentLeader?: LeaderIdAndEpoch;
}

export interface LeaderIdAndEpoch {
  /** default -1 */
  leaderId?: number;
  /** default -1 */
  leaderEpoch?: number;
}

export interface BatchIndexAndErrorMessage {
  batchIndex: number;
  /** default null */
  batchIndexErrorMessage?: string | null;
}

function writeProduceRequest(w: Writer, v: number, m: ProduceRequest): void {
  w.nullableString(m.transactionalId ?? null);
  w.int16(m.acks);
  w.int32(m.timeoutMs);
  w.array(v, m.topicData, writeTopicProduceData);
  w.tags();
}

function readProduceRequest(r: Reader, v: number): Decoded<ProduceRequest> {
  const m: Decoded<ProduceRequest> = {
    transactionalId: r.nullableString(),
    acks: r.int16(),
    timeoutMs: r.int32(),
    topicData: r.array(v, 3, readTopicProduceData),
  };
  r.tags();
  return m;
}

function writeTopicProduceData(w: Writer, v: number, m: TopicProduceData): void {
  if (v <= 12) w.string(m.name ?? '');
  if (v >= 13) w.uuid(m.topicId ?? zeroUuid);
  w.array(v, m.partitionData, writePartitionProduceData);
  w.tags();
}

function readTopicProduceData(r: Reader, v: number): Decoded<TopicProduceData> {
  const m: Decoded<TopicProduceData> = {
    name: v <= 12 ? r.string() : '',
    topicId: v >= 13 ? r.uuid() : zeroUuid,
    partitionData: r.array(v, 6, readPartitionProduceData),
  };
  r.tags();
  return m;
}

function writePartitionProduceData(w: Writer, _v: number, m: PartitionProduceData): void {
  w.int32(m.index);
  w.nullableBytes(m.records);
  w.tags();
}

function readPartitionProduceData(r: Reader, _v: number): Decoded<PartitionProduceData> {
  const m: Decoded<PartitionProduceData> = { index: r.int32(), records: r.nullableBytes() };
  r.tags();
  return m;
}

function writeProduceResponse(w: Writer, v: number, m: ProduceResponse): void {
  w.array(v, m.responses, writeTopicProduceResponse);
  w.int32(m.throttleTimeMs ?? 0);
  const nodeEndpoints = m.nodeEndpoints ?? [];
  if (v < 10 && nodeEndpoints.length !== 0) cannotCarry('ProduceResponse', 'nodeEndpoints', v);
  w.tags([v >= 10 && nodeEndpoints.length !== 0 && [0, (w) => w.array(v, nodeEndpoints, writeNodeEndpoint)]]);
}

function readProduceResponse(r: Reader, v: number): Decoded<ProduceResponse> {
  const m: Decoded<ProduceResponse> = { responses: r.array(v, 3, readTopicProduceResponse), throttleTimeMs: r.int32(), nodeEndpoints: [] };
  r.tags((tag) => {
    if (tag === 0 && v >= 10) m.nodeEndpoints = r.array(v, 11, readNodeEndpoint);
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

function writeTopicProduceResponse(w: Writer, v: number, m: TopicProduceResponse): void {
  if (v <= 12) w.string(m.name ?? '');
  if (v >= 13) w.uuid(m.topicId ?? zeroUuid);
  w.array(v, m.partitionResponses, writePartitionProduceResponse);
  w.tags();
}

function readTopicProduceResponse(r: Reader, v: number): Decoded<TopicProduceResponse> {
  const m: Decoded<TopicProduceResponse> = {
    name: v <= 12 ? r.string() : '',
    topicId: v >= 13 ? r.uuid() : zeroUuid,
    partitionResponses: r.array(v, 22, readPartitionProduceResponse),
  };
  r.tags();
  return m;
}

function writePartitionProduceResponse(w: Writer, v: number, m: PartitionProduceResponse): void {
  w.int32(m.index);
  w.int16(m.errorCode);
  w.int64(m.baseOffset);
  w.int64(m.logAppendTimeMs ?? -1);
  if (v >= 5) w.int64(m.logStartOffset ?? -1);
  if (v >= 8) w.array(v, m.recordErrors ?? [], writeBatchIndexAndErrorMessage);
  if (v >= 8) w.nullableString(m.errorMessage ?? null);
  const currentLeader = m.currentLeader ?? { leaderId: -1, leaderEpoch: -1 };
  if (v < 10 && !isDefaultLeaderIdAndEpoch(currentLeader)) cannotCarry('ProduceResponse', 'responses.partitionResponses.currentLeader', v);
  w.tags([v >= 10 && !isDefaultLeaderIdAndEpoch(currentLeader) && [0, (w) => writeLeaderIdAndEpoch(w, v, currentLeader)]]);
}

function readPartitionProduceResponse(r: Reader, v: number): Decoded<PartitionProduceResponse> {
  const m: Decoded<PartitionProduceResponse> = {
    index: r.int32(),
    errorCode: r.int16(),
    baseOffset: r.int64(),
    logAppendTimeMs: r.int64(),
    logStartOffset: v >= 5 ? r.int64() : -1,
    recordErrors: v >= 8 ? r.array(v, 6, readBatchIndexAndErrorMessage) : [],
    errorMessage: v >= 8 ? r.nullableString() : null,
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
  };
  r.tags((tag) => {
    if (tag === 0 && v >= 10) m.currentLeader = readLeaderIdAndEpoch(r, v);
    else return false;
    return true;
  });
  return m;
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

function writeBatchIndexAndErrorMessage(w: Writer, _v: number, m: BatchIndexAndErrorMessage): void {
  w.int32(m.batchIndex);
  w.nullableString(m.batchIndexErrorMessage ?? null);
  w.tags();
}

function readBatchIndexAndErrorMessage(r: Reader, _v: number): Decoded<BatchIndexAndErrorMessage> {
  const m: Decoded<BatchIndexAndErrorMessage> = { batchIndex: r.int32(), batchIndexErrorMessage: r.nullableString() };
  r.tags();
  return m;
}
