// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** OffsetDelete, versions 0 to 0. */
export const offsetDelete: Api<OffsetDeleteRequest, OffsetDeleteResponse> = {
  key: 47,
  name: 'OffsetDelete',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Infinity,
  writeRequest: writeOffsetDeleteRequest,
  readRequest: readOffsetDeleteRequest,
  writeResponse: writeOffsetDeleteResponse,
  readResponse: readOffsetDeleteResponse,
};

export interface OffsetDeleteRequest {
  groupId: string;
  topics: readonly OffsetDeleteRequestTopic[];
}

export interface OffsetDeleteRequestTopic {
  name: string;
  partitions: readonly OffsetDeleteRequestPartition[];
}

export interface OffsetDeleteRequestPartition {
  partitionIndex: number;
}

export interface OffsetDeleteResponse {
  errorCode: number;
  throttleTimeMs: number;
  topics: readonly OffsetDeleteResponseTopic[];
}

export interface OffsetDeleteResponseTopic {
  name: string;
  partitions: readonly OffsetDeleteResponsePartition[];
}

export interface OffsetDeleteResponsePartition {
  partitionIndex: number;
  errorCode: number;
}

function writeOffsetDeleteRequest(w: Writer, v: number, m: OffsetDeleteRequest): void {
  w.string(m.groupId);
  w.array(v, m.topics, writeOffsetDeleteRequestTopic);
}

function readOffsetDeleteRequest(r: Reader, v: number): Decoded<OffsetDeleteRequest> {
  return { groupId: r.string(), topics: r.array(v, 6, readOffsetDeleteRequestTopic) };
}

function writeOffsetDeleteRequestTopic(w: Writer, v: number, m: OffsetDeleteRequestTopic): void {
  w.string(m.name);
  w.array(v, m.partitions, writeOffsetDeleteRequestPartition);
}

function readOffsetDeleteRequestTopic(r: Reader, v: number): Decoded<OffsetDeleteRequestTopic> {
  return { name: r.string(), partitions: r.array(v, 4, readOffsetDeleteRequestPartition) };
}

function writeOffsetDeleteRequestPartition(w: Writer, _v: number, m: OffsetDeleteRequestPartition): void {
  w.int32(m.partitionIndex);
}

function readOffsetDeleteRequestPartition(r: Reader, _v: number): Decoded<OffsetDeleteRequestPartition> {
  return { partitionIndex: r.int32() };
}

function writeOffsetDeleteResponse(w: Writer, v: number, m: OffsetDeleteResponse): void {
  w.int16(m.errorCode);
  w.int32(m.throttleTimeMs);
  w.array(v, m.topics, writeOffsetDeleteResponseTopic);
}

function readOffsetDeleteResponse(r: Reader, v: number): Decoded<OffsetDeleteResponse> {
  return { errorCode: r.int16(), throttleTimeMs: r.int32(), topics: r.array(v, 6, readOffsetDeleteResponseTopic) };
}

function writeOffsetDeleteResponseTopic(w: Writer, v: number, m: OffsetDeleteResponseTopic): void {
  w.string(m.name);
  w.array(v, m.partitions, writeOffsetDeleteResponsePartition);
}

function readOffsetDeleteResponseTopic(r: Reader, v: number): Decoded<OffsetDeleteResponseTopic> {
  return { name: r.string(), partitions: r.array(v, 6, readOffsetDeleteResponsePartition) };
}

function writeOffsetDeleteResponsePartition(w: Writer, _v: number, m: OffsetDeleteResponsePartition): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
}

function readOffsetDeleteResponsePartition(r: Reader, _v: number): Decoded<OffsetDeleteResponsePartition> {
  return { partitionIndex: r.int32(), errorCode: r.int16() };
}
