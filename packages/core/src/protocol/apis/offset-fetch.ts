// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry, zeroUuid } from '../writer.ts';

/** OffsetFetch, versions 1 to 10. */
export const offsetFetch: Api<OffsetFetchRequest, OffsetFetchResponse> = {
  key: 9,
  name: 'OffsetFetch',
  minVersion: 1,
  maxVersion: 10,
  flexibleVersion: 6,
  writeRequest: writeOffsetFetchRequest,
  readRequest: readOffsetFetchRequest,
  writeResponse: writeOffsetFetchResponse,
  readResponse: readOffsetFetchResponse,
};

export interface OffsetFetchRequest {
  /** 1-7 */
  groupId?: string;
  /** 1-7, null 2-7 */
  topics?: readonly OffsetFetchRequestTopic[] | null;
  /** 8+ */
  groups?: readonly OffsetFetchRequestGroup[];
  /** 7+, default false */
  requireStable?: boolean;
}

export interface OffsetFetchRequestGroup {
  groupId: string;
  /** 9+, default null */
  memberId?: string | null;
  /** 9+, default -1 */
  memberEpoch?: number;
  topics: readonly OffsetFetchRequestTopics[] | null;
}

export interface OffsetFetchRequestTopics {
  /** 8-9 */
  name?: string;
  /** 10+ */
  topicId?: string;
  partitionIndexes: readonly number[];
}

export interface OffsetFetchRequestTopic {
  name: string;
  partitionIndexes: readonly number[];
}

export interface OffsetFetchResponse {
  /** 3+ */
  throttleTimeMs?: number;
  /** 1-7 */
  topics?: readonly OffsetFetchResponseTopic[];
  /** 2-7, default 0 */
  errorCode?: number;
  /** 8+ */
  groups?: readonly OffsetFetchResponseGroup[];
}

export interface OffsetFetchResponseGroup {
  groupId: string;
  topics: readonly OffsetFetchResponseTopics[];
  /** default 0 */
  errorCode?: number;
}

export interface OffsetFetchResponseTopics {
  /** 8-9 */
  name?: string;
  /** 10+ */
  topicId?: string;
  partitions: readonly Partitions[];
}

export interface Partitions {
  partitionIndex: number;
  committedOffset: number;
  /** default -1 */
  committedLeaderEpoch?: number;
  metadata: string | null;
  errorCode: number;
}

export interface OffsetFetchResponseTopic {
  name: string;
  partitions: readonly Partition[];
}

export interface Partition {
  partitionIndex: number;
  committedOffset: number;
  /** 5-7, default -1 */
  committedLeaderEpoch?: number;
  metadata: string | null;
  errorCode: number;
}

function writeOffsetFetchRequest(w: Writer, v: number, m: OffsetFetchRequest): void {
  const groupId = m.groupId ?? '';
  if (v <= 7) w.string(groupId);
  else if (groupId !== '') cannotCarry('OffsetFetchRequest', 'groupId', v);
  const topics = m.topics === undefined ? [] : m.topics;
  if (v <= 7) {
    if (v >= 2) w.nullableArray(v, topics, writeOffsetFetchRequestTopic);
    else w.array(v, topics ?? cannotCarry('OffsetFetchRequest', 'topics: null', v), writeOffsetFetchRequestTopic);
  } else if (topics === null || topics.length !== 0) cannotCarry('OffsetFetchRequest', 'topics', v);
  const groups = m.groups ?? [];
  if (v >= 8) w.array(v, groups, writeOffsetFetchRequestGroup);
  else if (groups.length !== 0) cannotCarry('OffsetFetchRequest', 'groups', v);
  const requireStable = m.requireStable ?? false;
  if (v >= 7) w.bool(requireStable);
  else if (requireStable !== false) cannotCarry('OffsetFetchRequest', 'requireStable', v);
  w.tags();
}

function readOffsetFetchRequest(r: Reader, v: number): Decoded<OffsetFetchRequest> {
  const m: Decoded<OffsetFetchRequest> = {
    groupId: v <= 7 ? r.string() : '',
    topics: v <= 7 ? (v >= 2 ? r.nullableArray(v, 3, readOffsetFetchRequestTopic) : r.array(v, 3, readOffsetFetchRequestTopic)) : [],
    groups: v >= 8 ? r.array(v, 3, readOffsetFetchRequestGroup) : [],
    requireStable: v >= 7 ? r.bool() : false,
  };
  r.tags();
  return m;
}

function writeOffsetFetchRequestGroup(w: Writer, v: number, m: OffsetFetchRequestGroup): void {
  w.string(m.groupId);
  if (v >= 9) w.nullableString(m.memberId ?? null);
  if (v >= 9) w.int32(m.memberEpoch ?? -1);
  w.nullableArray(v, m.topics, writeOffsetFetchRequestTopics);
  w.tags();
}

function readOffsetFetchRequestGroup(r: Reader, v: number): Decoded<OffsetFetchRequestGroup> {
  const m: Decoded<OffsetFetchRequestGroup> = {
    groupId: r.string(),
    memberId: v >= 9 ? r.nullableString() : null,
    memberEpoch: v >= 9 ? r.int32() : -1,
    topics: r.nullableArray(v, 3, readOffsetFetchRequestTopics),
  };
  r.tags();
  return m;
}

function writeOffsetFetchRequestTopics(w: Writer, v: number, m: OffsetFetchRequestTopics): void {
  if (v <= 9) w.string(m.name ?? '');
  if (v >= 10) w.uuid(m.topicId ?? zeroUuid);
  w.array(v, m.partitionIndexes, writeInt32);
  w.tags();
}

function readOffsetFetchRequestTopics(r: Reader, v: number): Decoded<OffsetFetchRequestTopics> {
  const m: Decoded<OffsetFetchRequestTopics> = {
    name: v <= 9 ? r.string() : '',
    topicId: v >= 10 ? r.uuid() : zeroUuid,
    partitionIndexes: r.array(v, 4, readInt32),
  };
  r.tags();
  return m;
}

function writeOffsetFetchRequestTopic(w: Writer, v: number, m: OffsetFetchRequestTopic): void {
  w.string(m.name);
  w.array(v, m.partitionIndexes, writeInt32);
  w.tags();
}

function readOffsetFetchRequestTopic(r: Reader, v: number): Decoded<OffsetFetchRequestTopic> {
  const m: Decoded<OffsetFetchRequestTopic> = { name: r.string(), partitionIndexes: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeOffsetFetchResponse(w: Writer, v: number, m: OffsetFetchResponse): void {
  if (v >= 3) w.int32(m.throttleTimeMs ?? 0);
  const topics = m.topics ?? [];
  if (v <= 7) w.array(v, topics, writeOffsetFetchResponseTopic);
  else if (topics.length !== 0) cannotCarry('OffsetFetchResponse', 'topics', v);
  if (v >= 2 && v <= 7) w.int16(m.errorCode ?? 0);
  const groups = m.groups ?? [];
  if (v >= 8) w.array(v, groups, writeOffsetFetchResponseGroup);
  else if (groups.length !== 0) cannotCarry('OffsetFetchResponse', 'groups', v);
  w.tags();
}

function readOffsetFetchResponse(r: Reader, v: number): Decoded<OffsetFetchResponse> {
  const m: Decoded<OffsetFetchResponse> = {
    throttleTimeMs: v >= 3 ? r.int32() : 0,
    topics: v <= 7 ? r.array(v, 3, readOffsetFetchResponseTopic) : [],
    errorCode: v >= 2 && v <= 7 ? r.int16() : 0,
    groups: v >= 8 ? r.array(v, 5, readOffsetFetchResponseGroup) : [],
  };
  r.tags();
  return m;
}

function writeOffsetFetchResponseGroup(w: Writer, v: number, m: OffsetFetchResponseGroup): void {
  w.string(m.groupId);
  w.array(v, m.topics, writeOffsetFetchResponseTopics);
  w.int16(m.errorCode ?? 0);
  w.tags();
}

function readOffsetFetchResponseGroup(r: Reader, v: number): Decoded<OffsetFetchResponseGroup> {
  const m: Decoded<OffsetFetchResponseGroup> = {
    groupId: r.string(),
    topics: r.array(v, 3, readOffsetFetchResponseTopics),
    errorCode: r.int16(),
  };
  r.tags();
  return m;
}

function writeOffsetFetchResponseTopics(w: Writer, v: number, m: OffsetFetchResponseTopics): void {
  if (v <= 9) w.string(m.name ?? '');
  if (v >= 10) w.uuid(m.topicId ?? zeroUuid);
  w.array(v, m.partitions, writePartitions);
  w.tags();
}

function readOffsetFetchResponseTopics(r: Reader, v: number): Decoded<OffsetFetchResponseTopics> {
  const m: Decoded<OffsetFetchResponseTopics> = {
    name: v <= 9 ? r.string() : '',
    topicId: v >= 10 ? r.uuid() : zeroUuid,
    partitions: r.array(v, 20, readPartitions),
  };
  r.tags();
  return m;
}

function writePartitions(w: Writer, _v: number, m: Partitions): void {
  w.int32(m.partitionIndex);
  w.int64(m.committedOffset);
  w.int32(m.committedLeaderEpoch ?? -1);
  w.nullableString(m.metadata);
  w.int16(m.errorCode);
  w.tags();
}

function readPartitions(r: Reader, _v: number): Decoded<Partitions> {
  const m: Decoded<Partitions> = {
    partitionIndex: r.int32(),
    committedOffset: r.int64(),
    committedLeaderEpoch: r.int32(),
    metadata: r.nullableString(),
    errorCode: r.int16(),
  };
  r.tags();
  return m;
}

function writeOffsetFetchResponseTopic(w: Writer, v: number, m: OffsetFetchResponseTopic): void {
  w.string(m.name);
  w.array(v, m.partitions, writePartition);
  w.tags();
}

function readOffsetFetchResponseTopic(r: Reader, v: number): Decoded<OffsetFetchResponseTopic> {
  const m: Decoded<OffsetFetchResponseTopic> = { name: r.string(), partitions: r.array(v, 16, readPartition) };
  r.tags();
  return m;
}

function writePartition(w: Writer, v: number, m: Partition): void {
  w.int32(m.partitionIndex);
  w.int64(m.committedOffset);
  if (v >= 5) w.int32(m.committedLeaderEpoch ?? -1);
  w.nullableString(m.metadata);
  w.int16(m.errorCode);
  w.tags();
}

function readPartition(r: Reader, v: number): Decoded<Partition> {
  const m: Decoded<Partition> = {
    partitionIndex: r.int32(),
    committedOffset: r.int64(),
    committedLeaderEpoch: v >= 5 ? r.int32() : -1,
    metadata: r.nullableString(),
    errorCode: r.int16(),
  };
  r.tags();
  return m;
}
