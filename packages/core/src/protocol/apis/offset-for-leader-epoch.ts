// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** OffsetForLeaderEpoch, versions 2 to 4. */
export const offsetForLeaderEpoch: Api<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> = {
  key: 23,
  name: 'OffsetForLeaderEpoch',
  minVersion: 2,
  maxVersion: 4,
  flexibleVersion: 4,
  writeRequest: writeOffsetForLeaderEpochRequest,
  readRequest: readOffsetForLeaderEpochRequest,
  writeResponse: writeOffsetForLeaderEpochResponse,
  readResponse: readOffsetForLeaderEpochResponse,
};

export interface OffsetForLeaderEpochRequest {
  /** 3+, default -2 */
  replicaId?: number;
  topics: readonly OffsetForLeaderTopic[];
}

export interface OffsetForLeaderTopic {
  topic: string;
  partitions: readonly OffsetForLeaderPartition[];
}

export interface OffsetForLeaderPartition {
  partition: number;
  /** default -1 */
  currentLeaderEpoch?: number;
  leaderEpoch: number;
}

export interface OffsetForLeaderEpochResponse {
  throttleTimeMs: number;
  topics: readonly OffsetForLeaderTopicResult[];
}

export interface OffsetForLeaderTopicResult {
  topic: string;
  partitions: readonly EpochEndOffset[];
}

export interface EpochEndOffset {
  errorCode: number;
  partition: number;
  /** default -1 */
  leaderEpoch?: number;
  /** default -1 */
  endOffset?: number;
}

function writeOffsetForLeaderEpochRequest(w: Writer, v: number, m: OffsetForLeaderEpochRequest): void {
  if (v >= 3) w.int32(m.replicaId ?? -2);
  w.array(v, m.topics, writeOffsetForLeaderTopic);
  w.tags();
}

function readOffsetForLeaderEpochRequest(r: Reader, v: number): Decoded<OffsetForLeaderEpochRequest> {
  const m: Decoded<OffsetForLeaderEpochRequest> = { replicaId: v >= 3 ? r.int32() : -2, topics: r.array(v, 3, readOffsetForLeaderTopic) };
  r.tags();
  return m;
}

function writeOffsetForLeaderTopic(w: Writer, v: number, m: OffsetForLeaderTopic): void {
  w.string(m.topic);
  w.array(v, m.partitions, writeOffsetForLeaderPartition);
  w.tags();
}

function readOffsetForLeaderTopic(r: Reader, v: number): Decoded<OffsetForLeaderTopic> {
  const m: Decoded<OffsetForLeaderTopic> = { topic: r.string(), partitions: r.array(v, 12, readOffsetForLeaderPartition) };
  r.tags();
  return m;
}

function writeOffsetForLeaderPartition(w: Writer, _v: number, m: OffsetForLeaderPartition): void {
  w.int32(m.partition);
  w.int32(m.currentLeaderEpoch ?? -1);
  w.int32(m.leaderEpoch);
  w.tags();
}

function readOffsetForLeaderPartition(r: Reader, _v: number): Decoded<OffsetForLeaderPartition> {
  const m: Decoded<OffsetForLeaderPartition> = { partition: r.int32(), currentLeaderEpoch: r.int32(), leaderEpoch: r.int32() };
  r.tags();
  return m;
}

function writeOffsetForLeaderEpochResponse(w: Writer, v: number, m: OffsetForLeaderEpochResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.topics, writeOffsetForLeaderTopicResult);
  w.tags();
}

function readOffsetForLeaderEpochResponse(r: Reader, v: number): Decoded<OffsetForLeaderEpochResponse> {
  const m: Decoded<OffsetForLeaderEpochResponse> = { throttleTimeMs: r.int32(), topics: r.array(v, 3, readOffsetForLeaderTopicResult) };
  r.tags();
  return m;
}

function writeOffsetForLeaderTopicResult(w: Writer, v: number, m: OffsetForLeaderTopicResult): void {
  w.string(m.topic);
  w.array(v, m.partitions, writeEpochEndOffset);
  w.tags();
}

function readOffsetForLeaderTopicResult(r: Reader, v: number): Decoded<OffsetForLeaderTopicResult> {
  const m: Decoded<OffsetForLeaderTopicResult> = { topic: r.string(), partitions: r.array(v, 18, readEpochEndOffset) };
  r.tags();
  return m;
}

function writeEpochEndOffset(w: Writer, _v: number, m: EpochEndOffset): void {
  w.int16(m.errorCode);
  w.int32(m.partition);
  w.int32(m.leaderEpoch ?? -1);
  w.int64(m.endOffset ?? -1);
  w.tags();
}

function readEpochEndOffset(r: Reader, _v: number): Decoded<EpochEndOffset> {
  const m: Decoded<EpochEndOffset> = { errorCode: r.int16(), partition: r.int32(), leaderEpoch: r.int32(), endOffset: r.int64() };
  r.tags();
  return m;
}
