// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** CreatePartitions, versions 0 to 3. */
export const createPartitions: Api<CreatePartitionsRequest, CreatePartitionsResponse> = {
  key: 37,
  name: 'CreatePartitions',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: 2,
  writeRequest: writeCreatePartitionsRequest,
  readRequest: readCreatePartitionsRequest,
  writeResponse: writeCreatePartitionsResponse,
  readResponse: readCreatePartitionsResponse,
};

export interface CreatePartitionsRequest {
  topics: readonly CreatePartitionsTopic[];
  timeoutMs: number;
  validateOnly: boolean;
}

export interface CreatePartitionsTopic {
  name: string;
  count: number;
  assignments: readonly CreatePartitionsAssignment[] | null;
}

export interface CreatePartitionsAssignment {
  brokerIds: readonly number[];
}

export interface CreatePartitionsResponse {
  throttleTimeMs: number;
  results: readonly CreatePartitionsTopicResult[];
}

export interface CreatePartitionsTopicResult {
  name: string;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
}

function writeCreatePartitionsRequest(w: Writer, v: number, m: CreatePartitionsRequest): void {
  w.array(v, m.topics, writeCreatePartitionsTopic);
  w.int32(m.timeoutMs);
  w.bool(m.validateOnly);
  w.tags();
}

function readCreatePartitionsRequest(r: Reader, v: number): Decoded<CreatePartitionsRequest> {
  const m: Decoded<CreatePartitionsRequest> = {
    topics: r.array(v, 7, readCreatePartitionsTopic),
    timeoutMs: r.int32(),
    validateOnly: r.bool(),
  };
  r.tags();
  return m;
}

function writeCreatePartitionsTopic(w: Writer, v: number, m: CreatePartitionsTopic): void {
  w.string(m.name);
  w.int32(m.count);
  w.nullableArray(v, m.assignments, writeCreatePartitionsAssignment);
  w.tags();
}

function readCreatePartitionsTopic(r: Reader, v: number): Decoded<CreatePartitionsTopic> {
  const m: Decoded<CreatePartitionsTopic> = {
    name: r.string(),
    count: r.int32(),
    assignments: r.nullableArray(v, 2, readCreatePartitionsAssignment),
  };
  r.tags();
  return m;
}

function writeCreatePartitionsAssignment(w: Writer, v: number, m: CreatePartitionsAssignment): void {
  w.array(v, m.brokerIds, writeInt32);
  w.tags();
}

function readCreatePartitionsAssignment(r: Reader, v: number): Decoded<CreatePartitionsAssignment> {
  const m: Decoded<CreatePartitionsAssignment> = { brokerIds: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeCreatePartitionsResponse(w: Writer, v: number, m: CreatePartitionsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.results, writeCreatePartitionsTopicResult);
  w.tags();
}

function readCreatePartitionsResponse(r: Reader, v: number): Decoded<CreatePartitionsResponse> {
  const m: Decoded<CreatePartitionsResponse> = { throttleTimeMs: r.int32(), results: r.array(v, 5, readCreatePartitionsTopicResult) };
  r.tags();
  return m;
}

function writeCreatePartitionsTopicResult(w: Writer, _v: number, m: CreatePartitionsTopicResult): void {
  w.string(m.name);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.tags();
}

function readCreatePartitionsTopicResult(r: Reader, _v: number): Decoded<CreatePartitionsTopicResult> {
  const m: Decoded<CreatePartitionsTopicResult> = { name: r.string(), errorCode: r.int16(), errorMessage: r.nullableString() };
  r.tags();
  return m;
}
