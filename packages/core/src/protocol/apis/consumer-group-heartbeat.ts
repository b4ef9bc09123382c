// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32, readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** ConsumerGroupHeartbeat, versions 0 to 1. */
export const consumerGroupHeartbeat: Api<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> = {
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
  writeRequest: writeConsumerGroupHeartbeatRequest,
  readRequest: readConsumerGroupHeartbeatRequest,
  writeResponse: writeConsumerGroupHeartbeatResponse,
  readResponse: readConsumerGroupHeartbeatResponse,
};

export interface ConsumerGroupHeartbeatRequest {
  groupId: string;
  memberId: string;
  memberEpoch: number;
  /** default null */
  instanceId?: string | null;
  /** default null */
  rackId?: string | null;
  /** default -1 */
  rebalanceTimeoutMs?: number;
  /** default null */
  subscribedTopicNames?: readonly string[] | null;
  /** 1+, default null */
  subscribedTopicRegex?: string | null;
  /** default null */
  serverAssignor?: string | null;
  /** default null */
  topicPartitions?: readonly ConsumerGroupHeartbeatRequestTopicPartitions[] | null;
}

export interface ConsumerGroupHeartbeatRequestTopicPartitions {
  topicId: string;
  partitions: readonly number[];
}

export interface ConsumerGroupHeartbeatResponse {
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
  topicPartitions: readonly ConsumerGroupHeartbeatResponseTopicPartitions[];
}

export interface ConsumerGroupHeartbeatResponseTopicPartitions {
  topicId: string;
  partitions: readonly number[];
}

function writeConsumerGroupHeartbeatRequest(w: Writer, v: number, m: ConsumerGroupHeartbeatRequest): void {
  w.string(m.groupId);
  w.string(m.memberId);
  w.int32(m.memberEpoch);
  w.nullableString(m.instanceId ?? null);
  w.nullableString(m.rackId ?? null);
  w.int32(m.rebalanceTimeoutMs ?? -1);
  w.nullableArray(v, m.subscribedTopicNames ?? null, writeString);
  const subscribedTopicRegex = m.subscribedTopicRegex ?? null;
  if (v >= 1) w.nullableString(subscribedTopicRegex);
  else if (subscribedTopicRegex !== null) cannotCarry('ConsumerGroupHeartbeatRequest', 'subscribedTopicRegex', v);
  w.nullableString(m.serverAssignor ?? null);
  w.nullableArray(v, m.topicPartitions ?? null, writeConsumerGroupHeartbeatRequestTopicPartitions);
  w.tags();
}

function readConsumerGroupHeartbeatRequest(r: Reader, v: number): Decoded<ConsumerGroupHeartbeatRequest> {
  const m: Decoded<ConsumerGroupHeartbeatRequest> = {
    groupId: r.string(),
    memberId: r.string(),
    memberEpoch: r.int32(),
    instanceId: r.nullableString(),
    rackId: r.nullableString(),
    rebalanceTimeoutMs: r.int32(),
    subscribedTopicNames: r.nullableArray(v, 1, readString),
    subscribedTopicRegex: v >= 1 ? r.nullableString() : null,
    serverAssignor: r.nullableString(),
    topicPartitions: r.nullableArray(v, 18, readConsumerGroupHeartbeatRequestTopicPartitions),
  };
  r.tags();
  return m;
}

function writeConsumerGroupHeartbeatRequestTopicPartitions(w: Writer, v: number, m: ConsumerGroupHeartbeatRequestTopicPartitions): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readConsumerGroupHeartbeatRequestTopicPartitions(r: Reader, v: number): Decoded<ConsumerGroupHeartbeatRequestTopicPartitions> {
  const m: Decoded<ConsumerGroupHeartbeatRequestTopicPartitions> = { topicId: r.uuid(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeConsumerGroupHeartbeatResponse(w: Writer, v: number, m: ConsumerGroupHeartbeatResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.nullableString(m.memberId ?? null);
  w.int32(m.memberEpoch);
  w.int32(m.heartbeatIntervalMs);
  w.nullableStruct(v, m.assignment ?? null, writeAssignment);
  w.tags();
}

function readConsumerGroupHeartbeatResponse(r: Reader, v: number): Decoded<ConsumerGroupHeartbeatResponse> {
  const m: Decoded<ConsumerGroupHeartbeatResponse> = {
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
  w.array(v, m.topicPartitions, writeConsumerGroupHeartbeatResponseTopicPartitions);
  w.tags();
}

function readAssignment(r: Reader, v: number): Decoded<Assignment> {
  const m: Decoded<Assignment> = { topicPartitions: r.array(v, 18, readConsumerGroupHeartbeatResponseTopicPartitions) };
  r.tags();
  return m;
}

function writeConsumerGroupHeartbeatResponseTopicPartitions(w: Writer, v: number, m: ConsumerGroupHeartbeatResponseTopicPartitions): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readConsumerGroupHeartbeatResponseTopicPartitions(r: Reader, v: number): Decoded<ConsumerGroupHeartbeatResponseTopicPartitions> {
  const m: Decoded<ConsumerGroupHeartbeatResponseTopicPartitions> = { topicId: r.uuid(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}
