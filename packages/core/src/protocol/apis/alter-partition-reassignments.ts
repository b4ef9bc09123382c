// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** AlterPartitionReassignments, versions 0 to 1. */
export const alterPartitionReassignments: Api<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse> = {
  key: 45,
  name: 'AlterPartitionReassignments',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
  writeRequest: writeAlterPartitionReassignmentsRequest,
  readRequest: readAlterPartitionReassignmentsRequest,
  writeResponse: writeAlterPartitionReassignmentsResponse,
  readResponse: readAlterPartitionReassignmentsResponse,
};

export interface AlterPartitionReassignmentsRequest {
  /** default 60000 */
  timeoutMs?: number;
  /** 1+, default true */
  allowReplicationFactorChange?: boolean;
  topics: readonly ReassignableTopic[];
}

export interface ReassignableTopic {
  name: string;
  partitions: readonly ReassignablePartition[];
}

export interface ReassignablePartition {
  partitionIndex: number;
  /** default null */
  replicas?: readonly number[] | null;
}

export interface AlterPartitionReassignmentsResponse {
  throttleTimeMs: number;
  /** 1+, default true */
  allowReplicationFactorChange?: boolean;
  errorCode: number;
  errorMessage: string | null;
  responses: readonly ReassignableTopicResponse[];
}

export interface ReassignableTopicResponse {
  name: string;
  partitions: readonly ReassignablePartitionResponse[];
}

export interface ReassignablePartitionResponse {
  partitionIndex: number;
  errorCode: number;
  errorMessage: string | null;
}

function writeAlterPartitionReassignmentsRequest(w: Writer, v: number, m: AlterPartitionReassignmentsRequest): void {
  w.int32(m.timeoutMs ?? 60000);
  const allowReplicationFactorChange = m.allowReplicationFactorChange ?? true;
  if (v >= 1) w.bool(allowReplicationFactorChange);
  else if (allowReplicationFactorChange !== true) cannotCarry('AlterPartitionReassignmentsRequest', 'allowReplicationFactorChange', v);
  w.array(v, m.topics, writeReassignableTopic);
  w.tags();
}

function readAlterPartitionReassignmentsRequest(r: Reader, v: number): Decoded<AlterPartitionReassignmentsRequest> {
  const m: Decoded<AlterPartitionReassignmentsRequest> = {
    timeoutMs: r.int32(),
    allowReplicationFactorChange: v >= 1 ? r.bool() : true,
    topics: r.array(v, 3, readReassignableTopic),
  };
  r.tags();
  return m;
}

function writeReassignableTopic(w: Writer, v: number, m: ReassignableTopic): void {
  w.string(m.name);
  w.array(v, m.partitions, writeReassignablePartition);
  w.tags();
}

function readReassignableTopic(r: Reader, v: number): Decoded<ReassignableTopic> {
  const m: Decoded<ReassignableTopic> = { name: r.string(), partitions: r.array(v, 6, readReassignablePartition) };
  r.tags();
  return m;
}

function writeReassignablePartition(w: Writer, v: number, m: ReassignablePartition): void {
  w.int32(m.partitionIndex);
  w.nullableArray(v, m.replicas ?? null, writeInt32);
  w.tags();
}

function readReassignablePartition(r: Reader, v: number): Decoded<ReassignablePartition> {
  const m: Decoded<ReassignablePartition> = { partitionIndex: r.int32(), replicas: r.nullableArray(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeAlterPartitionReassignmentsResponse(w: Writer, v: number, m: AlterPartitionReassignmentsResponse): void {
  w.int32(m.throttleTimeMs);
  if (v >= 1) w.bool(m.allowReplicationFactorChange ?? true);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.array(v, m.responses, writeReassignableTopicResponse);
  w.tags();
}

function readAlterPartitionReassignmentsResponse(r: Reader, v: number): Decoded<AlterPartitionReassignmentsResponse> {
  const m: Decoded<AlterPartitionReassignmentsResponse> = {
    throttleTimeMs: r.int32(),
    allowReplicationFactorChange: v >= 1 ? r.bool() : true,
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    responses: r.array(v, 3, readReassignableTopicResponse),
  };
  r.tags();
  return m;
}

function writeReassignableTopicResponse(w: Writer, v: number, m: ReassignableTopicResponse): void {
  w.string(m.name);
  w.array(v, m.partitions, writeReassignablePartitionResponse);
  w.tags();
}

function readReassignableTopicResponse(r: Reader, v: number): Decoded<ReassignableTopicResponse> {
  const m: Decoded<ReassignableTopicResponse> = { name: r.string(), partitions: r.array(v, 8, readReassignablePartitionResponse) };
  r.tags();
  return m;
}

function writeReassignablePartitionResponse(w: Writer, _v: number, m: ReassignablePartitionResponse): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.tags();
}

function readReassignablePartitionResponse(r: Reader, _v: number): Decoded<ReassignablePartitionResponse> {
  const m: Decoded<ReassignablePartitionResponse> = { partitionIndex: r.int32(), errorCode: r.int16(), errorMessage: r.nullableString() };
  r.tags();
  return m;
}
