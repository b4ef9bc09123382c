// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DescribeProducers, versions 0 to 0. */
export const describeProducers: Api<DescribeProducersRequest, DescribeProducersResponse> = {
  key: 61,
  name: 'DescribeProducers',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeDescribeProducersRequest,
  readRequest: readDescribeProducersRequest,
  writeResponse: writeDescribeProducersResponse,
  readResponse: readDescribeProducersResponse,
};

export interface DescribeProducersRequest {
  topics: readonly TopicRequest[];
}

export interface TopicRequest {
  name: string;
  partitionIndexes: readonly number[];
}

export interface DescribeProducersResponse {
  throttleTimeMs: number;
  topics: readonly TopicResponse[];
}

export interface TopicResponse {
  name: string;
  partitions: readonly PartitionResponse[];
}

export interface PartitionResponse {
  partitionIndex: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  activeProducers: readonly ProducerState[];
}

export interface ProducerState {
  producerId: number;
  producerEpoch: number;
  /** default -1 */
  lastSequence?: number;
  /** default -1 */
  lastTimestamp?: number;
  coordinatorEpoch: number;
  /** default -1 */
  currentTxnStartOffset?: number;
}

function writeDescribeProducersRequest(w: Writer, v: number, m: DescribeProducersRequest): void {
  w.array(v, m.topics, writeTopicRequest);
  w.tags();
}

function readDescribeProducersRequest(r: Reader, v: number): Decoded<DescribeProducersRequest> {
  const m: Decoded<DescribeProducersRequest> = { topics: r.array(v, 3, readTopicRequest) };
  r.tags();
  return m;
}

function writeTopicRequest(w: Writer, v: number, m: TopicRequest): void {
  w.string(m.name);
  w.array(v, m.partitionIndexes, writeInt32);
  w.tags();
}

function readTopicRequest(r: Reader, v: number): Decoded<TopicRequest> {
  const m: Decoded<TopicRequest> = { name: r.string(), partitionIndexes: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeDescribeProducersResponse(w: Writer, v: number, m: DescribeProducersResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.topics, writeTopicResponse);
  w.tags();
}

function readDescribeProducersResponse(r: Reader, v: number): Decoded<DescribeProducersResponse> {
  const m: Decoded<DescribeProducersResponse> = { throttleTimeMs: r.int32(), topics: r.array(v, 3, readTopicResponse) };
  r.tags();
  return m;
}

function writeTopicResponse(w: Writer, v: number, m: TopicResponse): void {
  w.string(m.name);
  w.array(v, m.partitions, writePartitionResponse);
  w.tags();
}

function readTopicResponse(r: Reader, v: number): Decoded<TopicResponse> {
  const m: Decoded<TopicResponse> = { name: r.string(), partitions: r.array(v, 9, readPartitionResponse) };
  r.tags();
  return m;
}

function writePartitionResponse(w: Writer, v: number, m: PartitionResponse): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.array(v, m.activeProducers, writeProducerState);
  w.tags();
}

function readPartitionResponse(r: Reader, v: number): Decoded<PartitionResponse> {
  const m: Decoded<PartitionResponse> = {
    partitionIndex: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    activeProducers: r.array(v, 37, readProducerState),
  };
  r.tags();
  return m;
}

function writeProducerState(w: Writer, _v: number, m: ProducerState): void {
  w.int64(m.producerId);
  w.int32(m.producerEpoch);
  w.int32(m.lastSequence ?? -1);
  w.int64(m.lastTimestamp ?? -1);
  w.int32(m.coordinatorEpoch);
  w.int64(m.currentTxnStartOffset ?? -1);
  w.tags();
}

function readProducerState(r: Reader, _v: number): Decoded<ProducerState> {
  const m: Decoded<ProducerState> = {
    producerId: r.int64(),
    producerEpoch: r.int32(),
    lastSequence: r.int32(),
    lastTimestamp: r.int64(),
    coordinatorEpoch: r.int32(),
    currentTxnStartOffset: r.int64(),
  };
  r.tags();
  return m;
}
