// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32, readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DescribeTransactions, versions 0 to 0. */
export const describeTransactions: Api<DescribeTransactionsRequest, DescribeTransactionsResponse> = {
  key: 65,
  name: 'DescribeTransactions',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeDescribeTransactionsRequest,
  readRequest: readDescribeTransactionsRequest,
  writeResponse: writeDescribeTransactionsResponse,
  readResponse: readDescribeTransactionsResponse,
};

export interface DescribeTransactionsRequest {
  transactionalIds: readonly string[];
}

export interface DescribeTransactionsResponse {
  throttleTimeMs: number;
  transactionStates: readonly TransactionState[];
}

export interface TransactionState {
  errorCode: number;
  transactionalId: string;
  transactionState: string;
  transactionTimeoutMs: number;
  transactionStartTimeMs: number;
  producerId: number;
  producerEpoch: number;
  topics: readonly TopicData[];
}

export interface TopicData {
  topic: string;
  partitions: readonly number[];
}

function writeDescribeTransactionsRequest(w: Writer, v: number, m: DescribeTransactionsRequest): void {
  w.array(v, m.transactionalIds, writeString);
  w.tags();
}

function readDescribeTransactionsRequest(r: Reader, v: number): Decoded<DescribeTransactionsRequest> {
  const m: Decoded<DescribeTransactionsRequest> = { transactionalIds: r.array(v, 1, readString) };
  r.tags();
  return m;
}

function writeDescribeTransactionsResponse(w: Writer, v: number, m: DescribeTransactionsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.transactionStates, writeTransactionState);
  w.tags();
}

function readDescribeTransactionsResponse(r: Reader, v: number): Decoded<DescribeTransactionsResponse> {
  const m: Decoded<DescribeTransactionsResponse> = { throttleTimeMs: r.int32(), transactionStates: r.array(v, 28, readTransactionState) };
  r.tags();
  return m;
}

function writeTransactionState(w: Writer, v: number, m: TransactionState): void {
  w.int16(m.errorCode);
  w.string(m.transactionalId);
  w.string(m.transactionState);
  w.int32(m.transactionTimeoutMs);
  w.int64(m.transactionStartTimeMs);
  w.int64(m.producerId);
  w.int16(m.producerEpoch);
  w.array(v, m.topics, writeTopicData);
  w.tags();
}

function readTransactionState(r: Reader, v: number): Decoded<TransactionState> {
  const m: Decoded<TransactionState> = {
    errorCode: r.int16(),
    transactionalId: r.string(),
    transactionState: r.string(),
    transactionTimeoutMs: r.int32(),
    transactionStartTimeMs: r.int64(),
    producerId: r.int64(),
    producerEpoch: r.int16(),
    topics: r.array(v, 3, readTopicData),
  };
  r.tags();
  return m;
}

function writeTopicData(w: Writer, v: number, m: TopicData): void {
  w.string(m.topic);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readTopicData(r: Reader, v: number): Decoded<TopicData> {
  const m: Decoded<TopicData> = { topic: r.string(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}
