// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** ReadShareGroupStateSummary, versions 0 to 1. */
export const readShareGroupStateSummary: Api<ReadShareGroupStateSummaryRequest, ReadShareGroupStateSummaryResponse> = {
  key: 87,
  name: 'ReadShareGroupStateSummary',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
  writeRequest: writeReadShareGroupStateSummaryRequest,
  readRequest: readReadShareGroupStateSummaryRequest,
  writeResponse: writeReadShareGroupStateSummaryResponse,
  readResponse: readReadShareGroupStateSummaryResponse,
};

export interface ReadShareGroupStateSummaryRequest {
  groupId: string;
  topics: readonly ReadStateSummaryData[];
}

export interface ReadStateSummaryData {
  topicId: string;
  partitions: readonly PartitionData[];
}

export interface PartitionData {
  partition: number;
  leaderEpoch: number;
}

export interface ReadShareGroupStateSummaryResponse {
  results: readonly ReadStateSummaryResult[];
}

export interface ReadStateSummaryResult {
  topicId: string;
  partitions: readonly PartitionResult[];
}

export interface PartitionResult {
  partition: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  stateEpoch: number;
  leaderEpoch: number;
  startOffset: number;
  /** 1+, default -1 */
  deliveryCompleteCount?: number;
}

function writeReadShareGroupStateSummaryRequest(w: Writer, v: number, m: ReadShareGroupStateSummaryRequest): void {
  w.string(m.groupId);
  w.array(v, m.topics, writeReadStateSummaryData);
  w.tags();
}

function readReadShareGroupStateSummaryRequest(r: Reader, v: number): Decoded<ReadShareGroupStateSummaryRequest> {
  const m: Decoded<ReadShareGroupStateSummaryRequest> = { groupId: r.string(), topics: r.array(v, 18, readReadStateSummaryData) };
  r.tags();
  return m;
}

function writeReadStateSummaryData(w: Writer, v: number, m: ReadStateSummaryData): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionData);
  w.tags();
}

function readReadStateSummaryData(r: Reader, v: number): Decoded<ReadStateSummaryData> {
  const m: Decoded<ReadStateSummaryData> = { topicId: r.uuid(), partitions: r.array(v, 9, readPartitionData) };
  r.tags();
  return m;
}

function writePartitionData(w: Writer, _v: number, m: PartitionData): void {
  w.int32(m.partition);
  w.int32(m.leaderEpoch);
  w.tags();
}

function readPartitionData(r: Reader, _v: number): Decoded<PartitionData> {
  const m: Decoded<PartitionData> = { partition: r.int32(), leaderEpoch: r.int32() };
  r.tags();
  return m;
}

function writeReadShareGroupStateSummaryResponse(w: Writer, v: number, m: ReadShareGroupStateSummaryResponse): void {
  w.array(v, m.results, writeReadStateSummaryResult);
  w.tags();
}

function readReadShareGroupStateSummaryResponse(r: Reader, v: number): Decoded<ReadShareGroupStateSummaryResponse> {
  const m: Decoded<ReadShareGroupStateSummaryResponse> = { results: r.array(v, 18, readReadStateSummaryResult) };
  r.tags();
  return m;
}

function writeReadStateSummaryResult(w: Writer, v: number, m: ReadStateSummaryResult): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionResult);
  w.tags();
}

function readReadStateSummaryResult(r: Reader, v: number): Decoded<ReadStateSummaryResult> {
  const m: Decoded<ReadStateSummaryResult> = { topicId: r.uuid(), partitions: r.array(v, 24, readPartitionResult) };
  r.tags();
  return m;
}

function writePartitionResult(w: Writer, v: number, m: PartitionResult): void {
  w.int32(m.partition);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.int32(m.stateEpoch);
  w.int32(m.leaderEpoch);
  w.int64(m.startOffset);
  if (v >= 1) w.int32(m.deliveryCompleteCount ?? -1);
  w.tags();
}

function readPartitionResult(r: Reader, v: number): Decoded<PartitionResult> {
  const m: Decoded<PartitionResult> = {
    partition: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    stateEpoch: r.int32(),
    leaderEpoch: r.int32(),
    startOffset: r.int64(),
    deliveryCompleteCount: v >= 1 ? r.int32() : -1,
  };
  r.tags();
  return m;
}
