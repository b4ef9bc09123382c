// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** ReadShareGroupState, versions 0 to 0. */
export const readShareGroupState: Api<ReadShareGroupStateRequest, ReadShareGroupStateResponse> = {
  key: 84,
  name: 'ReadShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeReadShareGroupStateRequest,
  readRequest: readReadShareGroupStateRequest,
  writeResponse: writeReadShareGroupStateResponse,
  readResponse: readReadShareGroupStateResponse,
};

export interface ReadShareGroupStateRequest {
  groupId: string;
  topics: readonly ReadStateData[];
}

export interface ReadStateData {
  topicId: string;
  partitions: readonly PartitionData[];
}

export interface PartitionData {
  partition: number;
  leaderEpoch: number;
}

export interface ReadShareGroupStateResponse {
  results: readonly ReadStateResult[];
}

export interface ReadStateResult {
  topicId: string;
  partitions: readonly PartitionResult[];
}

export interface PartitionResult {
  partition: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  stateEpoch: number;
  startOffset: number;
  stateBatches: readonly StateBatch[];
}

export interface StateBatch {
  firstOffset: number;
  lastOffset: number;
  deliveryState: number;
  deliveryCount: number;
}

function writeReadShareGroupStateRequest(w: Writer, v: number, m: ReadShareGroupStateRequest): void {
  w.string(m.groupId);
  w.array(v, m.topics, writeReadStateData);
  w.tags();
}

function readReadShareGroupStateRequest(r: Reader, v: number): Decoded<ReadShareGroupStateRequest> {
  const m: Decoded<ReadShareGroupStateRequest> = { groupId: r.string(), topics: r.array(v, 18, readReadStateData) };
  r.tags();
  return m;
}

function writeReadStateData(w: Writer, v: number, m: ReadStateData): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionData);
  w.tags();
}

function readReadStateData(r: Reader, v: number): Decoded<ReadStateData> {
  const m: Decoded<ReadStateData> = { topicId: r.uuid(), partitions: r.array(v, 9, readPartitionData) };
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

function writeReadShareGroupStateResponse(w: Writer, v: number, m: ReadShareGroupStateResponse): void {
  w.array(v, m.results, writeReadStateResult);
  w.tags();
}

function readReadShareGroupStateResponse(r: Reader, v: number): Decoded<ReadShareGroupStateResponse> {
  const m: Decoded<ReadShareGroupStateResponse> = { results: r.array(v, 18, readReadStateResult) };
  r.tags();
  return m;
}

function writeReadStateResult(w: Writer, v: number, m: ReadStateResult): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionResult);
  w.tags();
}

function readReadStateResult(r: Reader, v: number): Decoded<ReadStateResult> {
  const m: Decoded<ReadStateResult> = { topicId: r.uuid(), partitions: r.array(v, 21, readPartitionResult) };
  r.tags();
  return m;
}

function writePartitionResult(w: Writer, v: number, m: PartitionResult): void {
  w.int32(m.partition);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.int32(m.stateEpoch);
  w.int64(m.startOffset);
  w.array(v, m.stateBatches, writeStateBatch);
  w.tags();
}

function readPartitionResult(r: Reader, v: number): Decoded<PartitionResult> {
  const m: Decoded<PartitionResult> = {
    partition: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    stateEpoch: r.int32(),
    startOffset: r.int64(),
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
