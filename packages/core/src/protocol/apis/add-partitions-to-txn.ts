// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** AddPartitionsToTxn, versions 0 to 5. */
export const addPartitionsToTxn: Api<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> = {
  key: 24,
  name: 'AddPartitionsToTxn',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 3,
  writeRequest: writeAddPartitionsToTxnRequest,
  readRequest: readAddPartitionsToTxnRequest,
  writeResponse: writeAddPartitionsToTxnResponse,
  readResponse: readAddPartitionsToTxnResponse,
};

export interface AddPartitionsToTxnRequest {
  /** 4+ */
  transactions?: readonly AddPartitionsToTxnTransaction[];
  /** 0-3 */
  v3AndBelowTransactionalId?: string;
  /** 0-3 */
  v3AndBelowProducerId?: number;
  /** 0-3 */
  v3AndBelowProducerEpoch?: number;
  /** 0-3 */
  v3AndBelowTopics?: readonly AddPartitionsToTxnTopic[];
}

export interface AddPartitionsToTxnTransaction {
  transactionalId: string;
  producerId: number;
  producerEpoch: number;
  /** default false */
  verifyOnly?: boolean;
  topics: readonly AddPartitionsToTxnTopic[];
}

export interface AddPartitionsToTxnTopic {
  name: string;
  partitions: readonly number[];
}

export interface AddPartitionsToTxnResponse {
  throttleTimeMs: number;
  /** 4+ */
  errorCode?: number;
  /** 4+ */
  resultsByTransaction?: readonly AddPartitionsToTxnResult[];
  /** 0-3 */
  resultsByTopicV3AndBelow?: readonly AddPartitionsToTxnTopicResult[];
}

export interface AddPartitionsToTxnResult {
  transactionalId: string;
  topicResults: readonly AddPartitionsToTxnTopicResult[];
}

export interface AddPartitionsToTxnTopicResult {
  name: string;
  resultsByPartition: readonly AddPartitionsToTxnPartitionResult[];
}

export interface AddPartitionsToTxnPartitionResult {
  partitionIndex: number;
  partitionErrorCode: number;
}

function writeAddPartitionsToTxnRequest(w: Writer, v: number, m: AddPartitionsToTxnRequest): void {
  const transactions = m.transactions ?? [];
  if (v >= 4) w.array(v, transactions, writeAddPartitionsToTxnTransaction);
  else if (transactions.length !== 0) cannotCarry('AddPartitionsToTxnRequest', 'transactions', v);
  const v3AndBelowTransactionalId = m.v3AndBelowTransactionalId ?? '';
  if (v <= 3) w.string(v3AndBelowTransactionalId);
  else if (v3AndBelowTransactionalId !== '') cannotCarry('AddPartitionsToTxnRequest', 'v3AndBelowTransactionalId', v);
  const v3AndBelowProducerId = m.v3AndBelowProducerId ?? 0;
  if (v <= 3) w.int64(v3AndBelowProducerId);
  else if (v3AndBelowProducerId !== 0) cannotCarry('AddPartitionsToTxnRequest', 'v3AndBelowProducerId', v);
  const v3AndBelowProducerEpoch = m.v3AndBelowProducerEpoch ?? 0;
  if (v <= 3) w.int16(v3AndBelowProducerEpoch);
  else if (v3AndBelowProducerEpoch !== 0) cannotCarry('AddPartitionsToTxnRequest', 'v3AndBelowProducerEpoch', v);
  const v3AndBelowTopics = m.v3AndBelowTopics ?? [];
  if (v <= 3) w.array(v, v3AndBelowTopics, writeAddPartitionsToTxnTopic);
  else if (v3AndBelowTopics.length !== 0) cannotCarry('AddPartitionsToTxnRequest', 'v3AndBelowTopics', v);
  w.tags();
}

function readAddPartitionsToTxnRequest(r: Reader, v: number): Decoded<AddPartitionsToTxnRequest> {
  const m: Decoded<AddPartitionsToTxnRequest> = {
    transactions: v >= 4 ? r.array(v, 14, readAddPartitionsToTxnTransaction) : [],
    v3AndBelowTransactionalId: v <= 3 ? r.string() : '',
    v3AndBelowProducerId: v <= 3 ? r.int64() : 0,
    v3AndBelowProducerEpoch: v <= 3 ? r.int16() : 0,
    v3AndBelowTopics: v <= 3 ? r.array(v, 3, readAddPartitionsToTxnTopic) : [],
  };
  r.tags();
  return m;
}

function writeAddPartitionsToTxnTransaction(w: Writer, v: number, m: AddPartitionsToTxnTransaction): void {
  w.string(m.transactionalId);
  w.int64(m.producerId);
  w.int16(m.producerEpoch);
  w.bool(m.verifyOnly ?? false);
  w.array(v, m.topics, writeAddPartitionsToTxnTopic);
  w.tags();
}

function readAddPartitionsToTxnTransaction(r: Reader, v: number): Decoded<AddPartitionsToTxnTransaction> {
  const m: Decoded<AddPartitionsToTxnTransaction> = {
    transactionalId: r.string(),
    producerId: r.int64(),
    producerEpoch: r.int16(),
    verifyOnly: r.bool(),
    topics: r.array(v, 3, readAddPartitionsToTxnTopic),
  };
  r.tags();
  return m;
}

function writeAddPartitionsToTxnTopic(w: Writer, v: number, m: AddPartitionsToTxnTopic): void {
  w.string(m.name);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readAddPartitionsToTxnTopic(r: Reader, v: number): Decoded<AddPartitionsToTxnTopic> {
  const m: Decoded<AddPartitionsToTxnTopic> = { name: r.string(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeAddPartitionsToTxnResponse(w: Writer, v: number, m: AddPartitionsToTxnResponse): void {
  w.int32(m.throttleTimeMs);
  if (v >= 4) w.int16(m.errorCode ?? 0);
  const resultsByTransaction = m.resultsByTransaction ?? [];
  if (v >= 4) w.array(v, resultsByTransaction, writeAddPartitionsToTxnResult);
  else if (resultsByTransaction.length !== 0) cannotCarry('AddPartitionsToTxnResponse', 'resultsByTransaction', v);
  const resultsByTopicV3AndBelow = m.resultsByTopicV3AndBelow ?? [];
  if (v <= 3) w.array(v, resultsByTopicV3AndBelow, writeAddPartitionsToTxnTopicResult);
  else if (resultsByTopicV3AndBelow.length !== 0) cannotCarry('AddPartitionsToTxnResponse', 'resultsByTopicV3AndBelow', v);
  w.tags();
}

function readAddPartitionsToTxnResponse(r: Reader, v: number): Decoded<AddPartitionsToTxnResponse> {
  const m: Decoded<AddPartitionsToTxnResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: v >= 4 ? r.int16() : 0,
    resultsByTransaction: v >= 4 ? r.array(v, 3, readAddPartitionsToTxnResult) : [],
    resultsByTopicV3AndBelow: v <= 3 ? r.array(v, 3, readAddPartitionsToTxnTopicResult) : [],
  };
  r.tags();
  return m;
}

function writeAddPartitionsToTxnResult(w: Writer, v: number, m: AddPartitionsToTxnResult): void {
  w.string(m.transactionalId);
  w.array(v, m.topicResults, writeAddPartitionsToTxnTopicResult);
  w.tags();
}

function readAddPartitionsToTxnResult(r: Reader, v: number): Decoded<AddPartitionsToTxnResult> {
  const m: Decoded<AddPartitionsToTxnResult> = {
    transactionalId: r.string(),
    topicResults: r.array(v, 3, readAddPartitionsToTxnTopicResult),
  };
  r.tags();
  return m;
}

function writeAddPartitionsToTxnTopicResult(w: Writer, v: number, m: AddPartitionsToTxnTopicResult): void {
  w.string(m.name);
  w.array(v, m.resultsByPartition, writeAddPartitionsToTxnPartitionResult);
  w.tags();
}

function readAddPartitionsToTxnTopicResult(r: Reader, v: number): Decoded<AddPartitionsToTxnTopicResult> {
  const m: Decoded<AddPartitionsToTxnTopicResult> = {
    name: r.string(),
    resultsByPartition: r.array(v, 6, readAddPartitionsToTxnPartitionResult),
  };
  r.tags();
  return m;
}

function writeAddPartitionsToTxnPartitionResult(w: Writer, _v: number, m: AddPartitionsToTxnPartitionResult): void {
  w.int32(m.partitionIndex);
  w.int16(m.partitionErrorCode);
  w.tags();
}

function readAddPartitionsToTxnPartitionResult(r: Reader, _v: number): Decoded<AddPartitionsToTxnPartitionResult> {
  const m: Decoded<AddPartitionsToTxnPartitionResult> = { partitionIndex: r.int32(), partitionErrorCode: r.int16() };
  r.tags();
  return m;
}
