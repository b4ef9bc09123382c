// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry, zeroUuid } from '../writer.ts';

/** DescribeQuorum, versions 0 to 2. */
export const describeQuorum: Api<DescribeQuorumRequest, DescribeQuorumResponse> = {
  key: 55,
  name: 'DescribeQuorum',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
  writeRequest: writeDescribeQuorumRequest,
  readRequest: readDescribeQuorumRequest,
  writeResponse: writeDescribeQuorumResponse,
  readResponse: readDescribeQuorumResponse,
};

export interface DescribeQuorumRequest {
  topics: readonly DescribeQuorumRequestTopicData[];
}

export interface DescribeQuorumRequestTopicData {
  topicName: string;
  partitions: readonly DescribeQuorumRequestPartitionData[];
}

export interface DescribeQuorumRequestPartitionData {
  partitionIndex: number;
}

export interface DescribeQuorumResponse {
  errorCode: number;
  /** 2+ */
  errorMessage?: string | null;
  topics: readonly DescribeQuorumResponseTopicData[];
  /** 2+ */
  nodes?: readonly Node[];
}

export interface Node {
  nodeId: number;
  listeners: readonly Listener[];
}

export interface Listener {
  name: string;
  host: string;
  port: number;
}

export interface DescribeQuorumResponseTopicData {
  topicName: string;
  partitions: readonly DescribeQuorumResponsePartitionData[];
}

export interface DescribeQuorumResponsePartitionData {
  partitionIndex: number;
  errorCode: number;
  /** 2+ */
  errorMessage?: string | null;
  leaderId: number;
  leaderEpoch: number;
  highWatermark: number;
  currentVoters: readonly ReplicaState[];
  observers: readonly ReplicaState[];
}

export interface ReplicaState {
  replicaId: number;
  /** 2+ */
  replicaDirectoryId?: string;
  logEndOffset: number;
  /** 1+, default -1 */
  lastFetchTimestamp?: number;
  /** 1+, default -1 */
  lastCaughtUpTimestamp?: number;
}

function writeDescribeQuorumRequest(w: Writer, v: number, m: DescribeQuorumRequest): void {
  w.array(v, m.topics, writeDescribeQuorumRequestTopicData);
  w.tags();
}

function readDescribeQuorumRequest(r: Reader, v: number): Decoded<DescribeQuorumRequest> {
  const m: Decoded<DescribeQuorumRequest> = { topics: r.array(v, 3, readDescribeQuorumRequestTopicData) };
  r.tags();
  return m;
}

function writeDescribeQuorumRequestTopicData(w: Writer, v: number, m: DescribeQuorumRequestTopicData): void {
  w.string(m.topicName);
  w.array(v, m.partitions, writeDescribeQuorumRequestPartitionData);
  w.tags();
}

function readDescribeQuorumRequestTopicData(r: Reader, v: number): Decoded<DescribeQuorumRequestTopicData> {
  const m: Decoded<DescribeQuorumRequestTopicData> = {
    topicName: r.string(),
    partitions: r.array(v, 5, readDescribeQuorumRequestPartitionData),
  };
  r.tags();
  return m;
}

function writeDescribeQuorumRequestPartitionData(w: Writer, _v: number, m: DescribeQuorumRequestPartitionData): void {
  w.int32(m.partitionIndex);
  w.tags();
}

function readDescribeQuorumRequestPartitionData(r: Reader, _v: number): Decoded<DescribeQuorumRequestPartitionData> {
  const m: Decoded<DescribeQuorumRequestPartitionData> = { partitionIndex: r.int32() };
  r.tags();
  return m;
}

function writeDescribeQuorumResponse(w: Writer, v: number, m: DescribeQuorumResponse): void {
  w.int16(m.errorCode);
  if (v >= 2) w.nullableString(m.errorMessage === undefined ? '' : m.errorMessage);
  w.array(v, m.topics, writeDescribeQuorumResponseTopicData);
  const nodes = m.nodes ?? [];
  if (v >= 2) w.array(v, nodes, writeNode);
  else if (nodes.length !== 0) cannotCarry('DescribeQuorumResponse', 'nodes', v);
  w.tags();
}

function readDescribeQuorumResponse(r: Reader, v: number): Decoded<DescribeQuorumResponse> {
  const m: Decoded<DescribeQuorumResponse> = {
    errorCode: r.int16(),
    errorMessage: v >= 2 ? r.nullableString() : '',
    topics: r.array(v, 3, readDescribeQuorumResponseTopicData),
    nodes: v >= 2 ? r.array(v, 6, readNode) : [],
  };
  r.tags();
  return m;
}

function writeNode(w: Writer, v: number, m: Node): void {
  w.int32(m.nodeId);
  w.array(v, m.listeners, writeListener);
  w.tags();
}

function readNode(r: Reader, v: number): Decoded<Node> {
  const m: Decoded<Node> = { nodeId: r.int32(), listeners: r.array(v, 5, readListener) };
  r.tags();
  return m;
}

function writeListener(w: Writer, _v: number, m: Listener): void {
  w.string(m.name);
  w.string(m.host);
  w.uint16(m.port);
  w.tags();
}

function readListener(r: Reader, _v: number): Decoded<Listener> {
  const m: Decoded<Listener> = { name: r.string(), host: r.string(), port: r.uint16() };
  r.tags();
  return m;
}

function writeDescribeQuorumResponseTopicData(w: Writer, v: number, m: DescribeQuorumResponseTopicData): void {
  w.string(m.topicName);
  w.array(v, m.partitions, writeDescribeQuorumResponsePartitionData);
  w.tags();
}

function readDescribeQuorumResponseTopicData(r: Reader, v: number): Decoded<DescribeQuorumResponseTopicData> {
  const m: Decoded<DescribeQuorumResponseTopicData> = {
    topicName: r.string(),
    partitions: r.array(v, 25, readDescribeQuorumResponsePartitionData),
  };
  r.tags();
  return m;
}

function writeDescribeQuorumResponsePartitionData(w: Writer, v: number, m: DescribeQuorumResponsePartitionData): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  if (v >= 2) w.nullableString(m.errorMessage === undefined ? '' : m.errorMessage);
  w.int32(m.leaderId);
  w.int32(m.leaderEpoch);
  w.int64(m.highWatermark);
  w.array(v, m.currentVoters, writeReplicaState);
  w.array(v, m.observers, writeReplicaState);
  w.tags();
}

function readDescribeQuorumResponsePartitionData(r: Reader, v: number): Decoded<DescribeQuorumResponsePartitionData> {
  const m: Decoded<DescribeQuorumResponsePartitionData> = {
    partitionIndex: r.int32(),
    errorCode: r.int16(),
    errorMessage: v >= 2 ? r.nullableString() : '',
    leaderId: r.int32(),
    leaderEpoch: r.int32(),
    highWatermark: r.int64(),
    currentVoters: r.array(v, 13, readReplicaState),
    observers: r.array(v, 13, readReplicaState),
  };
  r.tags();
  return m;
}

function writeReplicaState(w: Writer, v: number, m: ReplicaState): void {
  w.int32(m.replicaId);
  const replicaDirectoryId = m.replicaDirectoryId ?? zeroUuid;
  if (v >= 2) w.uuid(replicaDirectoryId);
  else if (replicaDirectoryId !== zeroUuid) cannotCarry('DescribeQuorumResponse', 'ReplicaState.replicaDirectoryId', v);
  w.int64(m.logEndOffset);
  if (v >= 1) w.int64(m.lastFetchTimestamp ?? -1);
  if (v >= 1) w.int64(m.lastCaughtUpTimestamp ?? -1);
  w.tags();
}

function readReplicaState(r: Reader, v: number): Decoded<ReplicaState> {
  const m: Decoded<ReplicaState> = {
    replicaId: r.int32(),
    replicaDirectoryId: v >= 2 ? r.uuid() : zeroUuid,
    logEndOffset: r.int64(),
    lastFetchTimestamp: v >= 1 ? r.int64() : -1,
    lastCaughtUpTimestamp: v >= 1 ? r.int64() : -1,
  };
  r.tags();
  return m;
}
