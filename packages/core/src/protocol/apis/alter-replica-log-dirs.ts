// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** AlterReplicaLogDirs, versions 1 to 2. */
export const alterReplicaLogDirs: Api<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse> = {
  key: 34,
  name: 'AlterReplicaLogDirs',
  minVersion: 1,
  maxVersion: 2,
  flexibleVersion: 2,
  writeRequest: writeAlterReplicaLogDirsRequest,
  readRequest: readAlterReplicaLogDirsRequest,
  writeResponse: writeAlterReplicaLogDirsResponse,
  readResponse: readAlterReplicaLogDirsResponse,
};

export interface AlterReplicaLogDirsRequest {
  dirs: readonly AlterReplicaLogDir[];
}

export interface AlterReplicaLogDir {
  path: string;
  topics: readonly AlterReplicaLogDirTopic[];
}

export interface AlterReplicaLogDirTopic {
  name: string;
  partitions: readonly number[];
}

export interface AlterReplicaLogDirsResponse {
  throttleTimeMs: number;
  results: readonly AlterReplicaLogDirTopicResult[];
}

export interface AlterReplicaLogDirTopicResult {
  topicName: string;
  partitions: readonly AlterReplicaLogDirPartitionResult[];
}

export interface AlterReplicaLogDirPartitionResult {
  partitionIndex: number;
  errorCode: number;
}

function writeAlterReplicaLogDirsRequest(w: Writer, v: number, m: AlterReplicaLogDirsRequest): void {
  w.array(v, m.dirs, writeAlterReplicaLogDir);
  w.tags();
}

function readAlterReplicaLogDirsRequest(r: Reader, v: number): Decoded<AlterReplicaLogDirsRequest> {
  const m: Decoded<AlterReplicaLogDirsRequest> = { dirs: r.array(v, 3, readAlterReplicaLogDir) };
  r.tags();
  return m;
}

function writeAlterReplicaLogDir(w: Writer, v: number, m: AlterReplicaLogDir): void {
  w.string(m.path);
  w.array(v, m.topics, writeAlterReplicaLogDirTopic);
  w.tags();
}

function readAlterReplicaLogDir(r: Reader, v: number): Decoded<AlterReplicaLogDir> {
  const m: Decoded<AlterReplicaLogDir> = { path: r.string(), topics: r.array(v, 3, readAlterReplicaLogDirTopic) };
  r.tags();
  return m;
}

function writeAlterReplicaLogDirTopic(w: Writer, v: number, m: AlterReplicaLogDirTopic): void {
  w.string(m.name);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readAlterReplicaLogDirTopic(r: Reader, v: number): Decoded<AlterReplicaLogDirTopic> {
  const m: Decoded<AlterReplicaLogDirTopic> = { name: r.string(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeAlterReplicaLogDirsResponse(w: Writer, v: number, m: AlterReplicaLogDirsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.results, writeAlterReplicaLogDirTopicResult);
  w.tags();
}

function readAlterReplicaLogDirsResponse(r: Reader, v: number): Decoded<AlterReplicaLogDirsResponse> {
  const m: Decoded<AlterReplicaLogDirsResponse> = { throttleTimeMs: r.int32(), results: r.array(v, 3, readAlterReplicaLogDirTopicResult) };
  r.tags();
  return m;
}

function writeAlterReplicaLogDirTopicResult(w: Writer, v: number, m: AlterReplicaLogDirTopicResult): void {
  w.string(m.topicName);
  w.array(v, m.partitions, writeAlterReplicaLogDirPartitionResult);
  w.tags();
}

function readAlterReplicaLogDirTopicResult(r: Reader, v: number): Decoded<AlterReplicaLogDirTopicResult> {
  const m: Decoded<AlterReplicaLogDirTopicResult> = {
    topicName: r.string(),
    partitions: r.array(v, 6, readAlterReplicaLogDirPartitionResult),
  };
  r.tags();
  return m;
}

function writeAlterReplicaLogDirPartitionResult(w: Writer, _v: number, m: AlterReplicaLogDirPartitionResult): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  w.tags();
}

function readAlterReplicaLogDirPartitionResult(r: Reader, _v: number): Decoded<AlterReplicaLogDirPartitionResult> {
  const m: Decoded<AlterReplicaLogDirPartitionResult> = { partitionIndex: r.int32(), errorCode: r.int16() };
  r.tags();
  return m;
}
