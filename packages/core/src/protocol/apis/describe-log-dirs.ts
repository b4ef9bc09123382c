// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DescribeLogDirs, versions 1 to 5. */
export const describeLogDirs: Api<DescribeLogDirsRequest, DescribeLogDirsResponse> = {
  key: 35,
  name: 'DescribeLogDirs',
  minVersion: 1,
  maxVersion: 5,
  flexibleVersion: 2,
  writeRequest: writeDescribeLogDirsRequest,
  readRequest: readDescribeLogDirsRequest,
  writeResponse: writeDescribeLogDirsResponse,
  readResponse: readDescribeLogDirsResponse,
};

export interface DescribeLogDirsRequest {
  topics: readonly DescribableLogDirTopic[] | null;
}

export interface DescribableLogDirTopic {
  topic: string;
  partitions: readonly number[];
}

export interface DescribeLogDirsResponse {
  throttleTimeMs: number;
  /** 3+ */
  errorCode?: number;
  results: readonly DescribeLogDirsResult[];
}

export interface DescribeLogDirsResult {
  errorCode: number;
  logDir: string;
  topics: readonly DescribeLogDirsTopic[];
  /** 4+, default -1 */
  totalBytes?: number;
  /** 4+, default -1 */
  usableBytes?: number;
  /** 5+, default false */
  isCordoned?: boolean;
}

export interface DescribeLogDirsTopic {
  name: string;
  partitions: readonly DescribeLogDirsPartition[];
}

export interface DescribeLogDirsPartition {
  partitionIndex: number;
  partitionSize: number;
  offsetLag: number;
  isFutureKey: boolean;
}

function writeDescribeLogDirsRequest(w: Writer, v: number, m: DescribeLogDirsRequest): void {
  w.nullableArray(v, m.topics, writeDescribableLogDirTopic);
  w.tags();
}

function readDescribeLogDirsRequest(r: Reader, v: number): Decoded<DescribeLogDirsRequest> {
  const m: Decoded<DescribeLogDirsRequest> = { topics: r.nullableArray(v, 3, readDescribableLogDirTopic) };
  r.tags();
  return m;
}

function writeDescribableLogDirTopic(w: Writer, v: number, m: DescribableLogDirTopic): void {
  w.string(m.topic);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readDescribableLogDirTopic(r: Reader, v: number): Decoded<DescribableLogDirTopic> {
  const m: Decoded<DescribableLogDirTopic> = { topic: r.string(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeDescribeLogDirsResponse(w: Writer, v: number, m: DescribeLogDirsResponse): void {
  w.int32(m.throttleTimeMs);
  if (v >= 3) w.int16(m.errorCode ?? 0);
  w.array(v, m.results, writeDescribeLogDirsResult);
  w.tags();
}

function readDescribeLogDirsResponse(r: Reader, v: number): Decoded<DescribeLogDirsResponse> {
  const m: Decoded<DescribeLogDirsResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: v >= 3 ? r.int16() : 0,
    results: r.array(v, 5, readDescribeLogDirsResult),
  };
  r.tags();
  return m;
}

function writeDescribeLogDirsResult(w: Writer, v: number, m: DescribeLogDirsResult): void {
  w.int16(m.errorCode);
  w.string(m.logDir);
  w.array(v, m.topics, writeDescribeLogDirsTopic);
  if (v >= 4) w.int64(m.totalBytes ?? -1);
  if (v >= 4) w.int64(m.usableBytes ?? -1);
  if (v >= 5) w.bool(m.isCordoned ?? false);
  w.tags();
}

function readDescribeLogDirsResult(r: Reader, v: number): Decoded<DescribeLogDirsResult> {
  const m: Decoded<DescribeLogDirsResult> = {
    errorCode: r.int16(),
    logDir: r.string(),
    topics: r.array(v, 3, readDescribeLogDirsTopic),
    totalBytes: v >= 4 ? r.int64() : -1,
    usableBytes: v >= 4 ? r.int64() : -1,
    isCordoned: v >= 5 ? r.bool() : false,
  };
  r.tags();
  return m;
}

function writeDescribeLogDirsTopic(w: Writer, v: number, m: DescribeLogDirsTopic): void {
  w.string(m.name);
  w.array(v, m.partitions, writeDescribeLogDirsPartition);
  w.tags();
}

function readDescribeLogDirsTopic(r: Reader, v: number): Decoded<DescribeLogDirsTopic> {
  const m: Decoded<DescribeLogDirsTopic> = { name: r.string(), partitions: r.array(v, 21, readDescribeLogDirsPartition) };
  r.tags();
  return m;
}

function writeDescribeLogDirsPartition(w: Writer, _v: number, m: DescribeLogDirsPartition): void {
  w.int32(m.partitionIndex);
  w.int64(m.partitionSize);
  w.int64(m.offsetLag);
  w.bool(m.isFutureKey);
  w.tags();
}

function readDescribeLogDirsPartition(r: Reader, _v: number): Decoded<DescribeLogDirsPartition> {
  const m: Decoded<DescribeLogDirsPartition> = {
    partitionIndex: r.int32(),
    partitionSize: r.int64(),
    offsetLag: r.int64(),
    isFutureKey: r.bool(),
  };
  r.tags();
  return m;
}
