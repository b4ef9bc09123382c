// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** WriteTxnMarkers, versions 1 to 2. */
export const writeTxnMarkers: Api<WriteTxnMarkersRequest, WriteTxnMarkersResponse> = {
  key: 27,
  name: 'WriteTxnMarkers',
  minVersion: 1,
  maxVersion: 2,
  flexibleVersion: 1,
  writeRequest: writeWriteTxnMarkersRequest,
  readRequest: readWriteTxnMarkersRequest,
  writeResponse: writeWriteTxnMarkersResponse,
  readResponse: readWriteTxnMarkersResponse,
};

export interface WriteTxnMarkersRequest {
  markers: readonly WritableTxnMarker[];
}

export interface WritableTxnMarker {
  producerId: number;
  producerEpoch: number;
  transactionResult: boolean;
  topics: readonly WritableTxnMarkerTopic[];
  coordinatorEpoch: number;
  /** 2+, default 0 */
  transactionVersion?: number;
}

export interface WritableTxnMarkerTopic {
  name: string;
  partitionIndexes: readonly number[];
}

export interface WriteTxnMarkersResponse {
  markers: readonly WritableTxnMarkerResult[];
}

export interface WritableTxnMarkerResult {
  producerId: number;
  topics: readonly WritableTxnMarkerTopicResult[];
}

export interface WritableTxnMarkerTopicResult {
  name: string;
  partitions: readonly WritableTxnMarkerPartitionResult[];
}

export interface WritableTxnMarkerPartitionResult {
  partitionIndex: number;
  errorCode: number;
}

function writeWriteTxnMarkersRequest(w: Writer, v: number, m: WriteTxnMarkersRequest): void {
  w.array(v, m.markers, writeWritableTxnMarker);
  w.tags();
}

function readWriteTxnMarkersRequest(r: Reader, v: number): Decoded<WriteTxnMarkersRequest> {
  const m: Decoded<WriteTxnMarkersRequest> = { markers: r.array(v, 17, readWritableTxnMarker) };
  r.tags();
  return m;
}

function writeWritableTxnMarker(w: Writer, v: number, m: WritableTxnMarker): void {
  w.int64(m.producerId);
  w.int16(m.producerEpoch);
  w.bool(m.transactionResult);
  w.array(v, m.topics, writeWritableTxnMarkerTopic);
  w.int32(m.coordinatorEpoch);
  if (v >= 2) w.int8(m.transactionVersion ?? 0);
  w.tags();
}

function readWritableTxnMarker(r: Reader, v: number): Decoded<WritableTxnMarker> {
  const m: Decoded<WritableTxnMarker> = {
    producerId: r.int64(),
    producerEpoch: r.int16(),
    transactionResult: r.bool(),
    topics: r.array(v, 3, readWritableTxnMarkerTopic),
    coordinatorEpoch: r.int32(),
    transactionVersion: v >= 2 ? r.int8() : 0,
  };
  r.tags();
  return m;
}

function writeWritableTxnMarkerTopic(w: Writer, v: number, m: WritableTxnMarkerTopic): void {
  w.string(m.name);
  w.array(v, m.partitionIndexes, writeInt32);
  w.tags();
}

function readWritableTxnMarkerTopic(r: Reader, v: number): Decoded<WritableTxnMarkerTopic> {
  const m: Decoded<WritableTxnMarkerTopic> = { name: r.string(), partitionIndexes: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeWriteTxnMarkersResponse(w: Writer, v: number, m: WriteTxnMarkersResponse): void {
  w.array(v, m.markers, writeWritableTxnMarkerResult);
  w.tags();
}

function readWriteTxnMarkersResponse(r: Reader, v: number): Decoded<WriteTxnMarkersResponse> {
  const m: Decoded<WriteTxnMarkersResponse> = { markers: r.array(v, 10, readWritableTxnMarkerResult) };
  r.tags();
  return m;
}

function writeWritableTxnMarkerResult(w: Writer, v: number, m: WritableTxnMarkerResult): void {
  w.int64(m.producerId);
  w.array(v, m.topics, writeWritableTxnMarkerTopicResult);
  w.tags();
}

function readWritableTxnMarkerResult(r: Reader, v: number): Decoded<WritableTxnMarkerResult> {
  const m: Decoded<WritableTxnMarkerResult> = { producerId: r.int64(), topics: r.array(v, 3, readWritableTxnMarkerTopicResult) };
  r.tags();
  return m;
}

function writeWritableTxnMarkerTopicResult(w: Writer, v: number, m: WritableTxnMarkerTopicResult): void {
  w.string(m.name);
  w.array(v, m.partitions, writeWritableTxnMarkerPartitionResult);
  w.tags();
}

function readWritableTxnMarkerTopicResult(r: Reader, v: number): Decoded<WritableTxnMarkerTopicResult> {
  const m: Decoded<WritableTxnMarkerTopicResult> = { name: r.string(), partitions: r.array(v, 7, readWritableTxnMarkerPartitionResult) };
  r.tags();
  return m;
}

function writeWritableTxnMarkerPartitionResult(w: Writer, _v: number, m: WritableTxnMarkerPartitionResult): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  w.tags();
}

function readWritableTxnMarkerPartitionResult(r: Reader, _v: number): Decoded<WritableTxnMarkerPartitionResult> {
  const m: Decoded<WritableTxnMarkerPartitionResult> = { partitionIndex: r.int32(), errorCode: r.int16() };
  r.tags();
  return m;
}
