// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** InitializeShareGroupState, versions 0 to 0. */
export const initializeShareGroupState: Api<InitializeShareGroupStateRequest, InitializeShareGroupStateResponse> = {
  key: 83,
  name: 'InitializeShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeInitializeShareGroupStateRequest,
  readRequest: readInitializeShareGroupStateRequest,
  writeResponse: writeInitializeShareGroupStateResponse,
  readResponse: readInitializeShareGroupStateResponse,
};

export interface InitializeShareGroupStateRequest {
  groupId: string;
  topics: readonly InitializeStateData[];
}

export interface InitializeStateData {
  topicId: string;
  partitions: readonly PartitionData[];
}

export interface PartitionData {
  partition: number;
  stateEpoch: number;
  startOffset: number;
}

export interface InitializeShareGroupStateResponse {
  results: readonly InitializeStateResult[];
}

export interface InitializeStateResult {
  topicId: string;
  partitions: readonly PartitionResult[];
}

export interface PartitionResult {
  partition: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
}

function writeInitializeShareGroupStateRequest(w: Writer, v: number, m: InitializeShareGroupStateRequest): void {
  w.string(m.groupId);
  w.array(v, m.topics, writeInitializeStateData);
  w.tags();
}

function readInitializeShareGroupStateRequest(r: Reader, v: number): Decoded<InitializeShareGroupStateRequest> {
  const m: Decoded<InitializeShareGroupStateRequest> = { groupId: r.string(), topics: r.array(v, 18, readInitializeStateData) };
  r.tags();
  return m;
}

function writeInitializeStateData(w: Writer, v: number, m: InitializeStateData): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionData);
  w.tags();
}

function readInitializeStateData(r: Reader, v: number): Decoded<InitializeStateData> {
  const m: Decoded<InitializeStateData> = { topicId: r.uuid(), partitions: r.array(v, 17, readPartitionData) };
  r.tags();
  return m;
}

function writePartitionData(w: Writer, _v: number, m: PartitionData): void {
  w.int32(m.partition);
  w.int32(m.stateEpoch);
  w.int64(m.startOffset);
  w.tags();
}

function readPartitionData(r: Reader, _v: number): Decoded<PartitionData> {
  const m: Decoded<PartitionData> = { partition: r.int32(), stateEpoch: r.int32(), startOffset: r.int64() };
  r.tags();
  return m;
}

function writeInitializeShareGroupStateResponse(w: Writer, v: number, m: InitializeShareGroupStateResponse): void {
  w.array(v, m.results, writeInitializeStateResult);
  w.tags();
}

function readInitializeShareGroupStateResponse(r: Reader, v: number): Decoded<InitializeShareGroupStateResponse> {
  const m: Decoded<InitializeShareGroupStateResponse> = { results: r.array(v, 18, readInitializeStateResult) };
  r.tags();
  return m;
}

function writeInitializeStateResult(w: Writer, v: number, m: InitializeStateResult): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionResult);
  w.tags();
}

function readInitializeStateResult(r: Reader, v: number): Decoded<InitializeStateResult> {
  const m: Decoded<InitializeStateResult> = { topicId: r.uuid(), partitions: r.array(v, 8, readPartitionResult) };
  r.tags();
  return m;
}

function writePartitionResult(w: Writer, _v: number, m: PartitionResult): void {
  w.int32(m.partition);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.tags();
}

function readPartitionResult(r: Reader, _v: number): Decoded<PartitionResult> {
  const m: Decoded<PartitionResult> = { partition: r.int32(), errorCode: r.int16(), errorMessage: r.nullableString() };
  r.tags();
  return m;
}
