// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** WriteShareGroupState, versions 0 to 1. */
export const writeShareGroupState: Api<WriteShareGroupStateRequest, WriteShareGroupStateResponse> = {
  key: 85,
  name: 'WriteShareGroupState',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
  writeRequest: writeWriteShareGroupStateRequest,
  readRequest: readWriteShareGroupStateRequest,
  writeResponse: writeWriteShareGroupStateResponse,
  readResponse: readWriteShareGroupStateResponse,
};

export interface WriteShareGroupStateRequest {
  groupId: string;
  topics: readonly WriteStateData[];
}

export interface WriteStateData {
  topicId: string;
  partitions: readonly PartitionData[];
}

export interface PartitionData {
  partition: number;
  stateEpoch: number;
  leaderEpoch: number;
  startOffset: number;
  /** 1+, default -1 */
  deliveryCompleteCount?: number;
  stateBatches: readonly StateBatch[];
}

export interface StateBatch {
  firstOffset: number;
  lastOffset: number;
  deliveryState: number;
  deliveryCount: number;
}

export interface WriteShareGroupStateResponse {
  results: readonly WriteStateResult[];
}

export interface WriteStateResult {
  topicId: string;
  partitions: readonly PartitionResult[];
}

export interface PartitionResult {
  partition: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
}

function writeWriteShareGroupStateRequest(w: Writer, v: number, m: WriteShareGroupStateRequest): void {
  w.string(m.groupId);
  w.array(v, m.topics, writeWriteStateData);
  w.tags();
}

function readWriteShareGroupStateRequest(r: Reader, v: number): Decoded<WriteShareGroupStateRequest> {
  const m: Decoded<WriteShareGroupStateRequest> = { groupId: r.string(), topics: r.array(v, 18, readWriteStateData) };
  r.tags();
  return m;
}

function writeWriteStateData(w: Writer, v: number, m: WriteStateData): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionData);
  w.tags();
}

function readWriteStateData(r: Reader, v: number): Decoded<WriteStateData> {
  const m: Decoded<WriteStateData> = { topicId: r.uuid(), partitions: r.array(v, 22, readPartitionData) };
  r.tags();
  return m;
}

function writePartitionData(w: Writer, v: number, m: PartitionData): void {
  w.int32(m.partition);
  w.int32(m.stateEpoch);
  w.int32(m.leaderEpoch);
  w.int64(m.startOffset);
  if (v >= 1) w.int32(m.deliveryCompleteCount ?? -1);
  w.array(v, m.stateBatches, writeStateBatch);
  w.tags();
}

function readPartitionData(r: Reader, v: number): Decoded<PartitionData> {
  const m: Decoded<PartitionData> = {
    partition: r.int32(),
    stateEpoch: r.int32(),
    leaderEpoch: r.int32(),
    startOffset: r.int64(),
    deliveryCompleteCount: v >= 1 ? r.int32() : -1,
    stateBatches: r.array(v, 20, readStateBatch),
  };
  r.tags();
  return m;
}

function writeStateBatch(w: Writer, _v: number, m: StateBatch): void {
  w.int64(m.firstOffset);
  w.int64(m.lastOffset);
  w.int8(m.deliveryState);
  w.int16(m.deliveryCount);
  w.tags();
}

function readStateBatch(r: Reader, _v: number): Decoded<StateBatch> {
  const m: Decoded<StateBatch> = { firstOffset: r.int64(), lastOffset: r.int64(), deliveryState: r.int8(), deliveryCount: r.int16() };
  r.tags();
  return m;
}

function writeWriteShareGroupStateResponse(w: Writer, v: number, m: WriteShareGroupStateResponse): void {
  w.array(v, m.results, writeWriteStateResult);
  w.tags();
}

function readWriteShareGroupStateResponse(r: Reader, v: number): Decoded<WriteShareGroupStateResponse> {
  const m: Decoded<WriteShareGroupStateResponse> = { results: r.array(v, 18, readWriteStateResult) };
  r.tags();
  return m;
}

function writeWriteStateResult(w: Writer, v: number, m: WriteStateResult): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionResult);
  w.tags();
}

function readWriteStateResult(r: Reader, v: number): Decoded<WriteStateResult> {
  const m: Decoded<WriteStateResult> = { topicId: r.uuid(), partitions: r.array(v, 8, readPartitionResult) };
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
