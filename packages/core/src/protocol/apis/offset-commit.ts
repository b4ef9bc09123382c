// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry, zeroUuid } from '../writer.ts';

/** OffsetCommit, versions 2 to 10. */
export const offsetCommit: Api<OffsetCommitRequest, OffsetCommitResponse> = {
  key: 8,
  name: 'OffsetCommit',
  minVersion: 2,
  maxVersion: 10,
  flexibleVersion: 8,
  writeRequest: writeOffsetCommitRequest,
  readRequest: readOffsetCommitRequest,
  writeResponse: writeOffsetCommitResponse,
  readResponse: readOffsetCommitResponse,
};

export interface OffsetCommitRequest {
  groupId: string;
  /** default -1 */
  generationIdOrMemberEpoch?: number;
  memberId: string;
  /** 7+, default null */
  groupInstanceId?: string | null;
  /** 2-4, default -1 */
  retentionTimeMs?: number;
  topics: readonly OffsetCommitRequestTopic[];
}

export interface OffsetCommitRequestTopic {
  /** 2-9 */
  name?: string;
  /** 10+ */
  topicId?: string;
  partitions: readonly OffsetCommitRequestPartition[];
}

export interface OffsetCommitRequestPartition {
  partitionIndex: number;
  committedOffset: number;
  /** 6+, default -1 */
  committedLeaderEpoch?: number;
  committedMetadata: string | null;
}

export interface OffsetCommitResponse {
  /** 3+ */
  throttleTimeMs?: number;
  topics: readonly OffsetCommitResponseTopic[];
}

export interface OffsetCommitResponseTopic {
  /** 2-9 */
  name?: string;
  /** 10+ */
  topicId?: string;
  partitions: readonly OffsetCommitResponsePartition[];
}

export interface OffsetCommitResponsePartition {
  partitionIndex: number;
  errorCode: number;
}

function writeOffsetCommitRequest(w: Writer, v: number, m: OffsetCommitRequest): void {
  w.string(m.groupId);
  w.int32(m.generationIdOrMemberEpoch ?? -1);
  w.string(m.memberId);
  const groupInstanceId = m.groupInstanceId ?? null;
  if (v >= 7) w.nullableString(groupInstanceId);
  else if (groupInstanceId !== null) cannotCarry('OffsetCommitRequest', 'groupInstanceId', v);
  if (v <= 4) w.int64(m.retentionTimeMs ?? -1);
  w.array(v, m.topics, writeOffsetCommitRequestTopic);
  w.tags();
}

function readOffsetCommitRequest(r: Reader, v: number): Decoded<OffsetCommitRequest> {
  const m: Decoded<OffsetCommitRequest> = {
    groupId: r.string(),
    generationIdOrMemberEpoch: r.int32(),
    memberId: r.string(),
    groupInstanceId: v >= 7 ? r.nullableString() : null,
    retentionTimeMs: v <= 4 ? r.int64() : -1,
    topics: r.array(v, 3, readOffsetCommitRequestTopic),
  };
  r.tags();
  return m;
}

function writeOffsetCommitRequestTopic(w: Writer, v: number, m: OffsetCommitRequestTopic): void {
  if (v <= 9) w.string(m.name ?? '');
  if (v >= 10) w.uuid(m.topicId ?? zeroUuid);
  w.array(v, m.partitions, writeOffsetCommitRequestPartition);
  w.tags();
}

function readOffsetCommitRequestTopic(r: Reader, v: number): Decoded<OffsetCommitRequestTopic> {
  const m: Decoded<OffsetCommitRequestTopic> = {
    name: v <= 9 ? r.string() : '',
    topicId: v >= 10 ? r.uuid() : zeroUuid,
    partitions: r.array(v, 14, readOffsetCommitRequestPartition),
  };
  r.tags();
  return m;
}

function writeOffsetCommitRequestPartition(w: Writer, v: number, m: OffsetCommitRequestPartition): void {
  w.int32(m.partitionIndex);
  w.int64(m.committedOffset);
  if (v >= 6) w.int32(m.committedLeaderEpoch ?? -1);
  w.nullableString(m.committedMetadata);
  w.tags();
}

function readOffsetCommitRequestPartition(r: Reader, v: number): Decoded<OffsetCommitRequestPartition> {
  const m: Decoded<OffsetCommitRequestPartition> = {
    partitionIndex: r.int32(),
    committedOffset: r.int64(),
    committedLeaderEpoch: v >= 6 ? r.int32() : -1,
    committedMetadata: r.nullableString(),
  };
  r.tags();
  return m;
}

function writeOffsetCommitResponse(w: Writer, v: number, m: OffsetCommitResponse): void {
  if (v >= 3) w.int32(m.throttleTimeMs ?? 0);
  w.array(v, m.topics, writeOffsetCommitResponseTopic);
  w.tags();
}

function readOffsetCommitResponse(r: Reader, v: number): Decoded<OffsetCommitResponse> {
  const m: Decoded<OffsetCommitResponse> = { throttleTimeMs: v >= 3 ? r.int32() : 0, topics: r.array(v, 3, readOffsetCommitResponseTopic) };
  r.tags();
  return m;
}

function writeOffsetCommitResponseTopic(w: Writer, v: number, m: OffsetCommitResponseTopic): void {
  if (v <= 9) w.string(m.name ?? '');
  if (v >= 10) w.uuid(m.topicId ?? zeroUuid);
  w.array(v, m.partitions, writeOffsetCommitResponsePartition);
  w.tags();
}

function readOffsetCommitResponseTopic(r: Reader, v: number): Decoded<OffsetCommitResponseTopic> {
  const m: Decoded<OffsetCommitResponseTopic> = {
    name: v <= 9 ? r.string() : '',
    topicId: v >= 10 ? r.uuid() : zeroUuid,
    partitions: r.array(v, 6, readOffsetCommitResponsePartition),
  };
  r.tags();
  return m;
}

function writeOffsetCommitResponsePartition(w: Writer, _v: number, m: OffsetCommitResponsePartition): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  w.tags();
}

function readOffsetCommitResponsePartition(r: Reader, _v: number): Decoded<OffsetCommitResponsePartition> {
  const m: Decoded<OffsetCommitResponsePartition> = { partitionIndex: r.int32(), errorCode: r.int16() };
  r.tags();
  return m;
}
