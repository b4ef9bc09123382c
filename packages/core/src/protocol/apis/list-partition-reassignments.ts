// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** ListPartitionReassignments, versions 0 to 0. */
export const listPartitionReassignments: Api<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse> = {
  key: 46,
  name: 'ListPartitionReassignments',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeListPartitionReassignmentsRequest,
  readRequest: readListPartitionReassignmentsRequest,
  writeResponse: writeListPartitionReassignmentsResponse,
  readResponse: readListPartitionReassignmentsResponse,
};

export interface ListPartitionReassignmentsRequest {
  /** default 60000 */
  timeoutMs?: number;
  /** default null */
  topics?: readonly ListPartitionReassignmentsTopics[] | null;
}

export interface ListPartitionReassignmentsTopics {
  name: string;
  partitionIndexes: readonly number[];
}

export interface ListPartitionReassignmentsResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  topics: readonly OngoingTopicReassignment[];
}

export interface OngoingTopicReassignment {
  name: string;
  partitions: readonly OngoingPartitionReassignment[];
}

export interface OngoingPartitionReassignment {
  partitionIndex: number;
  replicas: readonly number[];
  addingReplicas: readonly number[];
  removingReplicas: readonly number[];
}

function writeListPartitionReassignmentsRequest(w: Writer, v: number, m: ListPartitionReassignmentsRequest): void {
  w.int32(m.timeoutMs ?? 60000);
  w.nullableArray(v, m.topics ?? null, writeListPartitionReassignmentsTopics);
  w.tags();
}

function readListPartitionReassignmentsRequest(r: Reader, v: number): Decoded<ListPartitionReassignmentsRequest> {
  const m: Decoded<ListPartitionReassignmentsRequest> = {
    timeoutMs: r.int32(),
    topics: r.nullableArray(v, 3, readListPartitionReassignmentsTopics),
  };
  r.tags();
  return m;
}

function writeListPartitionReassignmentsTopics(w: Writer, v: number, m: ListPartitionReassignmentsTopics): void {
  w.string(m.name);
  w.array(v, m.partitionIndexes, writeInt32);
  w.tags();
}

function readListPartitionReassignmentsTopics(r: Reader, v: number): Decoded<ListPartitionReassignmentsTopics> {
  const m: Decoded<ListPartitionReassignmentsTopics> = { name: r.string(), partitionIndexes: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeListPartitionReassignmentsResponse(w: Writer, v: number, m: ListPartitionReassignmentsResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.array(v, m.topics, writeOngoingTopicReassignment);
  w.tags();
}

function readListPartitionReassignmentsResponse(r: Reader, v: number): Decoded<ListPartitionReassignmentsResponse> {
  const m: Decoded<ListPartitionReassignmentsResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    topics: r.array(v, 3, readOngoingTopicReassignment),
  };
  r.tags();
  return m;
}

function writeOngoingTopicReassignment(w: Writer, v: number, m: OngoingTopicReassignment): void {
  w.string(m.name);
  w.array(v, m.partitions, writeOngoingPartitionReassignment);
  w.tags();
}

function readOngoingTopicReassignment(r: Reader, v: number): Decoded<OngoingTopicReassignment> {
  const m: Decoded<OngoingTopicReassignment> = { name: r.string(), partitions: r.array(v, 8, readOngoingPartitionReassignment) };
  r.tags();
  return m;
}

function writeOngoingPartitionReassignment(w: Writer, v: number, m: OngoingPartitionReassignment): void {
  w.int32(m.partitionIndex);
  w.array(v, m.replicas, writeInt32);
  w.array(v, m.addingReplicas, writeInt32);
  w.array(v, m.removingReplicas, writeInt32);
  w.tags();
}

function readOngoingPartitionReassignment(r: Reader, v: number): Decoded<OngoingPartitionReassignment> {
  const m: Decoded<OngoingPartitionReassignment> = {
    partitionIndex: r.int32(),
    replicas: r.array(v, 4, readInt32),
    addingReplicas: r.array(v, 4, readInt32),
    removingReplicas: r.array(v, 4, readInt32),
  };
  r.tags();
  return m;
}
