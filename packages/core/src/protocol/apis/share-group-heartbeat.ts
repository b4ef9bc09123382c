// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32, readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** ShareGroupHeartbeat, versions 1 to 1. */
export const shareGroupHeartbeat: Api<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse> = {
  key: 76,
  name: 'ShareGroupHeartbeat',
  minVersion: 1,
  maxVersion: 1,
  flexibleVersion: 1,
  writeRequest: writeShareGroupHeartbeatRequest,
  readRequest: readShareGroupHeartbeatRequest,
  writeResponse: writeShareGroupHeartbeatResponse,
  readResponse: readShareGroupHeartbeatResponse,
};

export interface ShareGroupHeartbeatRequest {
  groupId: string;
  memberId: string;
  memberEpoch: number;
  /** default null */
  rackId?: string | null;
  /** default null */
  subscribedTopicNames?: readonly string[] | null;
}

export interface ShareGroupHeartbeatResponse {
  throttleTimeMs: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  /** default null */
  memberId?: string | null;
  memberEpoch: number;
  heartbeatIntervalMs: number;
  /** default null */
  assignment?: Assignment | null;
}

export interface Assignment {
  topicPartitions: readonly TopicPartitions[];
}

export interface TopicPartitions {
  topicId: string;
  partitions: readonly number[];
}

function writeShareGroupHeartbeatRequest(w: Writer, v: number, m: ShareGroupHeartbeatRequest): void {
  w.string(m.groupId);
  w.string(m.memberId);
  w.int32(m.memberEpoch);
  w.nullableString(m.rackId ?? null);
  w.nullableArray(v, m.subscribedTopicNames ?? null, writeString);
  w.tags();
}

function readShareGroupHeartbeatRequest(r: Reader, v: number): Decoded<ShareGroupHeartbeatRequest> {
  const m: Decoded<ShareGroupHeartbeatRequest> = {
    groupId: r.string(),
    memberId: r.string(),
    memberEpoch: r.int32(),
    rackId: r.nullableString(),
    subscribedTopicNames: r.nullableArray(v, 1, readString),
  };
  r.tags();
  return m;
}

function writeShareGroupHeartbeatResponse(w: Writer, v: number, m: ShareGroupHeartbeatResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.nullableString(m.memberId ?? null);
  w.int32(m.memberEpoch);
  w.int32(m.heartbeatIntervalMs);
  w.nullableStruct(v, m.assignment ?? null, writeAssignment);
  w.tags();
}

function readShareGroupHeartbeatResponse(r: Reader, v: number): Decoded<ShareGroupHeartbeatResponse> {
  const m: Decoded<ShareGroupHeartbeatResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    memberId: r.nullableString(),
    memberEpoch: r.int32(),
    heartbeatIntervalMs: r.int32(),
    assignment: r.nullableStruct(v, readAssignment),
  };
  r.tags();
  return m;
}

function writeAssignment(w: Writer, v: number, m: Assignment): void {
  w.array(v, m.topicPartitions, writeTopicPartitions);
  w.tags();
}

function readAssignment(r: Reader, v: number): Decoded<Assignment> {
  const m: Decoded<Assignment> = { topicPartitions: r.array(v, 18, readTopicPartitions) };
  r.tags();
  return m;
}

function writeTopicPartitions(w: Writer, v: number, m: TopicPartitions): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readTopicPartitions(r: Reader, v: number): Decoded<TopicPartitions> {
  const m: Decoded<TopicPartitions> = { topicId: r.uuid(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}
