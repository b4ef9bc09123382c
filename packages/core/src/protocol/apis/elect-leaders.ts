// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** ElectLeaders, versions 0 to 2. */
export const electLeaders: Api<ElectLeadersRequest, ElectLeadersResponse> = {
  key: 43,
  name: 'ElectLeaders',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
  writeRequest: writeElectLeadersRequest,
  readRequest: readElectLeadersRequest,
  writeResponse: writeElectLeadersResponse,
  readResponse: readElectLeadersResponse,
};

export interface ElectLeadersRequest {
  /** 1+ */
  electionType?: number;
  topicPartitions: readonly TopicPartitions[] | null;
  /** default 60000 */
  timeoutMs?: number;
}

export interface TopicPartitions {
  topic: string;
  partitions: readonly number[];
}

export interface ElectLeadersResponse {
  throttleTimeMs: number;
  /** 1+ */
  errorCode?: number;
  replicaElectionResults: readonly ReplicaElectionResult[];
}

export interface ReplicaElectionResult {
  topic: string;
  partitionResult: readonly PartitionResult[];
}

export interface PartitionResult {
  partitionId: number;
  errorCode: number;
  errorMessage: string | null;
}

function writeElectLeadersRequest(w: Writer, v: number, m: ElectLeadersRequest): void {
  const electionType = m.electionType ?? 0;
  if (v >= 1) w.int8(electionType);
  else if (electionType !== 0) cannotCarry('ElectLeadersRequest', 'electionType', v);
  w.nullableArray(v, m.topicPartitions, writeTopicPartitions);
  w.int32(m.timeoutMs ?? 60000);
  w.tags();
}

function readElectLeadersRequest(r: Reader, v: number): Decoded<ElectLeadersRequest> {
  const m: Decoded<ElectLeadersRequest> = {
    electionType: v >= 1 ? r.int8() : 0,
    topicPartitions: r.nullableArray(v, 3, readTopicPartitions),
    timeoutMs: r.int32(),
  };
  r.tags();
  return m;
}

function writeTopicPartitions(w: Writer, v: number, m: TopicPartitions): void {
  w.string(m.topic);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readTopicPartitions(r: Reader, v: number): Decoded<TopicPartitions> {
  const m: Decoded<TopicPartitions> = { topic: r.string(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeElectLeadersResponse(w: Writer, v: number, m: ElectLeadersResponse): void {
  w.int32(m.throttleTimeMs);
  const errorCode = m.errorCode ?? 0;
  if (v >= 1) w.int16(errorCode);
  else if (errorCode !== 0) cannotCarry('ElectLeadersResponse', 'errorCode', v);
  w.array(v, m.replicaElectionResults, writeReplicaElectionResult);
  w.tags();
}

function readElectLeadersResponse(r: Reader, v: number): Decoded<ElectLeadersResponse> {
  const m: Decoded<ElectLeadersResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: v >= 1 ? r.int16() : 0,
    replicaElectionResults: r.array(v, 3, readReplicaElectionResult),
  };
  r.tags();
  return m;
}

function writeReplicaElectionResult(w: Writer, v: number, m: ReplicaElectionResult): void {
  w.string(m.topic);
  w.array(v, m.partitionResult, writePartitionResult);
  w.tags();
}

function readReplicaElectionResult(r: Reader, v: number): Decoded<ReplicaElectionResult> {
  const m: Decoded<ReplicaElectionResult> = { topic: r.string(), partitionResult: r.array(v, 8, readPartitionResult) };
  r.tags();
  return m;
}

function writePartitionResult(w: Writer, _v: number, m: PartitionResult): void {
  w.int32(m.partitionId);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.tags();
}

function readPartitionResult(r: Reader, _v: number): Decoded<PartitionResult> {
  const m: Decoded<PartitionResult> = { partitionId: r.int32(), errorCode: r.int16(), errorMessage: r.nullableString() };
  r.tags();
  return m;
}
