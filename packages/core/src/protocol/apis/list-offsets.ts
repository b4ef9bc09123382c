// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** ListOffsets, versions 1 to 11. */
export const listOffsets: Api<ListOffsetsRequest, ListOffsetsResponse> = {
  key: 2,
  name: 'ListOffsets',
  minVersion: 1,
  maxVersion: 11,
  flexibleVersion: 6,
  writeRequest: writeListOffsetsRequest,
  readRequest: readListOffsetsRequest,
  writeResponse: writeListOffsetsResponse,
  readResponse: readListOffsetsResponse,
};

export interface ListOffsetsRequest {
  replicaId: number;
  /** 2+ */
  isolationLevel?: number;
  topics: readonly ListOffsetsTopic[];
  /** 10+ */
  timeoutMs?: number;
}

export interface ListOffsetsTopic {
  name: string;
  partitions: readonly ListOffsetsPartition[];
}

export interface ListOffsetsPartition {
  partitionIndex: number;
  /** 4+, default -1 */
  currentLeaderEpoch?: number;
  timestamp: number;
}

export interface ListOffsetsResponse {
  /** 2+ */
  throttleTimeMs?: number;
  topics: readonly ListOffsetsTopicResponse[];
}

export interface ListOffsetsTopicResponse {
  name: string;
  partitions: readonly ListOffsetsPartitionResponse[];
}

export interface ListOffsetsPartitionResponse {
  partitionIndex: number;
  errorCode: number;
  /** default -1 */
  timestamp?: number;
  /** default -1 */
  offset?: number;
  /** 4+, default -1 */
  leaderEpoch?: number;
}

function writeListOffsetsRequest(w: Writer, v: number, m: ListOffsetsRequest): void {
  w.int32(m.replicaId);
  const isolationLevel = m.isolationLevel ?? 0;
  if (v >= 2) w.int8(isolationLevel);
  else if (isolationLevel !== 0) cannotCarry('ListOffsetsRequest', 'isolationLevel', v);
  w.array(v, m.topics, writeListOffsetsTopic);
  if (v >= 10) w.int32(m.timeoutMs ?? 0);
  w.tags();
}

function readListOffsetsRequest(r: Reader, v: number): Decoded<ListOffsetsRequest> {
  const m: Decoded<ListOffsetsRequest> = {
    replicaId: r.int32(),
    isolationLevel: v >= 2 ? r.int8() : 0,
    topics: r.array(v, 3, readListOffsetsTopic),
    timeoutMs: v >= 10 ? r.int32() : 0,
  };
  r.tags();
  return m;
}

function writeListOffsetsTopic(w: Writer, v: number, m: ListOffsetsTopic): void {
  w.string(m.name);
  w.array(v, m.partitions, writeListOffsetsPartition);
  w.tags();
}

function readListOffsetsTopic(r: Reader, v: number): Decoded<ListOffsetsTopic> {
  const m: Decoded<ListOffsetsTopic> = { name: r.string(), partitions: r.array(v, 12, readListOffsetsPartition) };
  r.tags();
  return m;
}

function writeListOffsetsPartition(w: Writer, v: number, m: ListOffsetsPartition): void {
  w.int32(m.partitionIndex);
  if (v >= 4) w.int32(m.currentLeaderEpoch ?? -1);
  w.int64(m.timestamp);
  w.tags();
}

function readListOffsetsPartition(r: Reader, v: number): Decoded<ListOffsetsPartition> {
  const m: Decoded<ListOffsetsPartition> = { partitionIndex: r.int32(), currentLeaderEpoch: v >= 4 ? r.int32() : -1, timestamp: r.int64() };
  r.tags();
  return m;
}

function writeListOffsetsResponse(w: Writer, v: number, m: ListOffsetsResponse): void {
  if (v >= 2) w.int32(m.throttleTimeMs ?? 0);
  w.array(v, m.topics, writeListOffsetsTopicResponse);
  w.tags();
}

function readListOffsetsResponse(r: Reader, v: number): Decoded<ListOffsetsResponse> {
  const m: Decoded<ListOffsetsResponse> = { throttleTimeMs: v >= 2 ? r.int32() : 0, topics: r.array(v, 3, readListOffsetsTopicResponse) };
  r.tags();
  return m;
}

function writeListOffsetsTopicResponse(w: Writer, v: number, m: ListOffsetsTopicResponse): void {
  w.string(m.name);
  w.array(v, m.partitions, writeListOffsetsPartitionResponse);
  w.tags();
}

function readListOffsetsTopicResponse(r: Reader, v: number): Decoded<ListOffsetsTopicResponse> {
  const m: Decoded<ListOffsetsTopicResponse> = { name: r.string(), partitions: r.array(v, 22, readListOffsetsPartitionResponse) };
  r.tags();
  return m;
}

function writeListOffsetsPartitionResponse(w: Writer, v: number, m: ListOffsetsPartitionResponse): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  w.int64(m.timestamp ?? -1);
  w.int64(m.offset ?? -1);
  const leaderEpoch = m.leaderEpoch ?? -1;
  if (v >= 4) w.int32(leaderEpoch);
  else if (leaderEpoch !== -1) cannotCarry('ListOffsetsResponse', 'topics.partitions.leaderEpoch', v);
  w.tags();
}

function readListOffsetsPartitionResponse(r: Reader, v: number): Decoded<ListOffsetsPartitionResponse> {
  const m: Decoded<ListOffsetsPartitionResponse> = {
    partitionIndex: r.int32(),
    errorCode: r.int16(),
    timestamp: r.int64(),
    offset: r.int64(),
    leaderEpoch: v >= 4 ? r.int32() : -1,
  };
  r.tags();
  return m;
}
