// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** AddOffsetsToTxn, versions 0 to 4. */
export const addOffsetsToTxn: Api<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse> = {
  key: 25,
  name: 'AddOffsetsToTxn',
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 3,
  writeRequest: writeAddOffsetsToTxnRequest,
  readRequest: readAddOffsetsToTxnRequest,
  writeResponse: writeAddOffsetsToTxnResponse,
  readResponse: readAddOffsetsToTxnResponse,
};

export interface AddOffsetsToTxnRequest {
  transactionalId: string;
  producerId: number;
  producerEpoch: number;
  groupId: string;
}

export interface AddOffsetsToTxnResponse {
  throttleTimeMs: number;
  errorCode: number;
}

function writeAddOffsetsToTxnRequest(w: Writer, _v: number, m: AddOffsetsToTxnRequest): void {
  w.string(m.transactionalId);
  w.int64(m.producerId);
  w.int16(m.producerEpoch);
  w.string(m.groupId);
  w.tags();
}

function readAddOffsetsToTxnRequest(r: Reader, _v: number): Decoded<AddOffsetsToTxnRequest> {
  const m: Decoded<AddOffsetsToTxnRequest> = {
    transactionalId: r.string(),
    producerId: r.int64(),
    producerEpoch: r.int16(),
    groupId: r.string(),
  };
  r.tags();
  return m;
}

function writeAddOffsetsToTxnResponse(w: Writer, _v: number, m: AddOffsetsToTxnResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.tags();
}

function readAddOffsetsToTxnResponse(r: Reader, _v: number): Decoded<AddOffsetsToTxnResponse> {
  const m: Decoded<AddOffsetsToTxnResponse> = { throttleTimeMs: r.int32(), errorCode: r.int16() };
  r.tags();
  return m;
}
