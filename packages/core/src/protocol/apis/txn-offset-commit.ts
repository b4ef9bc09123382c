// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** TxnOffsetCommit, versions 0 to 5. */
export const txnOffsetCommit: Api<TxnOffsetCommitRequest, TxnOffsetCommitResponse> = {
  key: 28,
  name: 'TxnOffsetCommit',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 3,
  writeRequest: writeTxnOffsetCommitRequest,
  readRequest: readTxnOffsetCommitRequest,
  writeResponse: writeTxnOffsetCommitResponse,
  readResponse: readTxnOffsetCommitResponse,
};

export interface TxnOffsetCommitRequest {
  transactionalId: string;
  groupId: string;
  producerId: number;
  producerEpoch: number;
  /** 3+, default -1 */
  generationId?: number;
  /** 3+, default '' */
  memberId?: string;
  /** 3+, default null */
  groupInstanceId?: string | null;
  topics: readonly TxnOffsetCommitRequestTopic[];
}

export interface TxnOffsetCommitRequestTopic {
  name: string;
  partitions: readonly TxnOffsetCommitRequestPartition[];
}

export interface TxnOffsetCommitRequestPartition {
  partitionIndex: number;
  committedOffset: number;
  /** 2+, default -1 */
  committedLeaderEpoch?: number;
  committedMetadata: string | null;
}

export interface TxnOffsetCommitResponse {
  throttleTimeMs: number;
  topics: readonly TxnOffsetCommitResponseTopic[];
}

export interface TxnOffsetCommitResponseTopic {
  name: string;
  partitions: readonly TxnOffsetCommitResponsePartition[];
}

export interface TxnOffsetCommitResponsePartition {
  partitionIndex: number;
  errorCode: number;
}

function writeTxnOffsetCommitRequest(w: Writer, v: number, m: TxnOffsetCommitRequest): void {
  w.string(m.transactionalId);
  w.string(m.groupId);
  w.int64(m.producerId);
  w.int16(m.producerEpoch);
  const generationId = m.generationId ?? -1;
  if (v >= 3) w.int32(generationId);
  else if (generationId !== -1) cannotCarry('TxnOffsetCommitRequest', 'generationId', v);
  const memberId = m.memberId ?? '';
  if (v >= 3) w.string(memberId);
  else if (memberId !== '') cannotCarry('TxnOffsetCommitRequest', 'memberId', v);
  const groupInstanceId = m.groupInstanceId ?? null;
  if (v >= 3) w.nullableString(groupInstanceId);
  else if (groupInstanceId !== null) cannotCarry('TxnOffsetCommitRequest', 'groupInstanceId', v);
  w.array(v, m.topics, writeTxnOffsetCommitRequestTopic);
  w.tags();
}

function readTxnOffsetCommitRequest(r: Reader, v: number): Decoded<TxnOffsetCommitRequest> {
  const m: Decoded<TxnOffsetCommitRequest> = {
    transactionalId: r.string(),
    groupId: r.string(),
    producerId: r.int64(),
    producerEpoch: r.int16(),
    generationId: v >= 3 ? r.int32() : -1,
    memberId: v >= 3 ? r.string() : '',
    groupInstanceId: v >= 3 ? r.nullableString() : null,
    topics: r.array(v, 3, readTxnOffsetCommitRequestTopic),
  };
  r.tags();
  return m;
}

function writeTxnOffsetCommitRequestTopic(w: Writer, v: number, m: TxnOffsetCommitRequestTopic): void {
  w.string(m.name);
  w.array(v, m.partitions, writeTxnOffsetCommitRequestPartition);
  w.tags();
}

function readTxnOffsetCommitRequestTopic(r: Reader, v: number): Decoded<TxnOffsetCommitRequestTopic> {
  const m: Decoded<TxnOffsetCommitRequestTopic> = { name: r.string(), partitions: r.array(v, 14, readTxnOffsetCommitRequestPartition) };
  r.tags();
  return m;
}

function writeTxnOffsetCommitRequestPartition(w: Writer, v: number, m: TxnOffsetCommitRequestPartition): void {
  w.int32(m.partitionIndex);
  w.int64(m.committedOffset);
  if (v >= 2) w.int32(m.committedLeaderEpoch ?? -1);
  w.nullableString(m.committedMetadata);
  w.tags();
}

function readTxnOffsetCommitRequestPartition(r: Reader, v: number): Decoded<TxnOffsetCommitRequestPartition> {
  const m: Decoded<TxnOffsetCommitRequestPartition> = {
    partitionIndex: r.int32(),
    committedOffset: r.int64(),
    committedLeaderEpoch: v >= 2 ? r.int32() : -1,
    committedMetadata: r.nullableString(),
  };
  r.tags();
  return m;
}

function writeTxnOffsetCommitResponse(w: Writer, v: number, m: TxnOffsetCommitResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.topics, writeTxnOffsetCommitResponseTopic);
  w.tags();
}

function readTxnOffsetCommitResponse(r: Reader, v: number): Decoded<TxnOffsetCommitResponse> {
  const m: Decoded<TxnOffsetCommitResponse> = { throttleTimeMs: r.int32(), topics: r.array(v, 3, readTxnOffsetCommitResponseTopic) };
  r.tags();
  return m;
}

function writeTxnOffsetCommitResponseTopic(w: Writer, v: number, m: TxnOffsetCommitResponseTopic): void {
  w.string(m.name);
  w.array(v, m.partitions, writeTxnOffsetCommitResponsePartition);
  w.tags();
}

function readTxnOffsetCommitResponseTopic(r: Reader, v: number): Decoded<TxnOffsetCommitResponseTopic> {
  const m: Decoded<TxnOffsetCommitResponseTopic> = { name: r.string(), partitions: r.array(v, 6, readTxnOffsetCommitResponsePartition) };
  r.tags();
  return m;
}

function writeTxnOffsetCommitResponsePartition(w: Writer, _v: number, m: TxnOffsetCommitResponsePartition): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  w.tags();
}

function readTxnOffsetCommitResponsePartition(r: Reader, _v: number): Decoded<TxnOffsetCommitResponsePartition> {
  const m: Decoded<TxnOffsetCommitResponsePartition> = { partitionIndex: r.int32(), errorCode: r.int16() };
  r.tags();
  return m;
}
