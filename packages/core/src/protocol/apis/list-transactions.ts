// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt64, writeInt64, readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** ListTransactions, versions 0 to 2. */
export const listTransactions: Api<ListTransactionsRequest, ListTransactionsResponse> = {
  key: 66,
  name: 'ListTransactions',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
  writeRequest: writeListTransactionsRequest,
  readRequest: readListTransactionsRequest,
  writeResponse: writeListTransactionsResponse,
  readResponse: readListTransactionsResponse,
};

export interface ListTransactionsRequest {
  stateFilters: readonly string[];
  producerIdFilters: readonly number[];
  /** 1+, default -1 */
  durationFilter?: number;
  /** 2+, default null */
  transactionalIdPattern?: string | null;
}

export interface ListTransactionsResponse {
  throttleTimeMs: number;
  errorCode: number;
  unknownStateFilters: readonly string[];
  transactionStates: readonly TransactionState[];
}

export interface TransactionState {
  transactionalId: string;
  producerId: number;
  transactionState: string;
}

function writeListTransactionsRequest(w: Writer, v: number, m: ListTransactionsRequest): void {
  w.array(v, m.stateFilters, writeString);
  w.array(v, m.producerIdFilters, writeInt64);
  const durationFilter = m.durationFilter ?? -1;
  if (v >= 1) w.int64(durationFilter);
  else if (durationFilter !== -1) cannotCarry('ListTransactionsRequest', 'durationFilter', v);
  const transactionalIdPattern = m.transactionalIdPattern ?? null;
  if (v >= 2) w.nullableString(transactionalIdPattern);
  else if (transactionalIdPattern !== null) cannotCarry('ListTransactionsRequest', 'transactionalIdPattern', v);
  w.tags();
}

function readListTransactionsRequest(r: Reader, v: number): Decoded<ListTransactionsRequest> {
  const m: Decoded<ListTransactionsRequest> = {
    stateFilters: r.array(v, 1, readString),
    producerIdFilters: r.array(v, 8, readInt64),
    durationFilter: v >= 1 ? r.int64() : -1,
    transactionalIdPattern: v >= 2 ? r.nullableString() : null,
  };
  r.tags();
  return m;
}

function writeListTransactionsResponse(w: Writer, v: number, m: ListTransactionsResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.array(v, m.unknownStateFilters, writeString);
  w.array(v, m.transactionStates, writeTransactionState);
  w.tags();
}

function readListTransactionsResponse(r: Reader, v: number): Decoded<ListTransactionsResponse> {
  const m: Decoded<ListTransactionsResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    unknownStateFilters: r.array(v, 1, readString),
    transactionStates: r.array(v, 11, readTransactionState),
  };
  r.tags();
  return m;
}

function writeTransactionState(w: Writer, _v: number, m: TransactionState): void {
  w.string(m.transactionalId);
  w.int64(m.producerId);
  w.string(m.transactionState);
  w.tags();
}

function readTransactionState(r: Reader, _v: number): Decoded<TransactionState> {
  const m: Decoded<TransactionState> = { transactionalId: r.string(), producerId: r.int64(), transactionState: r.string() };
  r.tags();
  return m;
}
