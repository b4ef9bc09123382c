// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** EndTxn, versions 0 to 5. */
export const endTxn: Api<EndTxnRequest, EndTxnResponse> = {
  key: 26,
  name: 'EndTxn',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 3,
  writeRequest: writeEndTxnRequest,
  readRequest: readEndTxnRequest,
  writeResponse: writeEndTxnResponse,
  readResponse: readEndTxnResponse,
};

export interface EndTxnRequest {
  transactionalId: string;
  producerId: number;
  producerEpoch: number;
  committed: boolean;
}

export interface EndTxnResponse {
  throttleTimeMs: number;
  errorCode: number;
  /** 5+, default -1 */
  producerId?: number;
  /** 5+, default -1 */
  producerEpoch?: number;
}

function writeEndTxnRequest(w: Writer, _v: number, m: EndTxnRequest): void {
  w.string(m.transactionalId);
  w.int64(m.producerId);
  w.int16(m.producerEpoch);
  w.bool(m.committed);
  w.tags();
}

function readEndTxnRequest(r: Reader, _v: number): Decoded<EndTxnRequest> {
  const m: Decoded<EndTxnRequest> = { transactionalId: r.string(), producerId: r.int64(), producerEpoch: r.int16(), committed: r.bool() };
  r.tags();
  return m;
}

function writeEndTxnResponse(w: Writer, v: number, m: EndTxnResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  if (v >= 5) w.int64(m.producerId ?? -1);
  if (v >= 5) w.int16(m.producerEpoch ?? -1);
  w.tags();
}

function readEndTxnResponse(r: Reader, v: number): Decoded<EndTxnResponse> {
  const m: Decoded<EndTxnResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    producerId: v >= 5 ? r.int64() : -1,
    producerEpoch: v >= 5 ? r.int16() : -1,
  };
  r.tags();
  return m;
}
