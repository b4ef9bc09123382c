// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** InitProducerId, versions 0 to 5. */
export const initProducerId: Api<InitProducerIdRequest, InitProducerIdResponse> = {
  key: 22,
  name: 'InitProducerId',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 2,
  writeRequest: writeInitProducerIdRequest,
  readRequest: readInitProducerIdRequest,
  writeResponse: writeInitProducerIdResponse,
  readResponse: readInitProducerIdResponse,
};

export interface InitProducerIdRequest {
  transactionalId: string | null;
  transactionTimeoutMs: number;
  /** 3+, default -1 */
  producerId?: number;
  /** 3+, default -1 */
  producerEpoch?: number;
}

export interface InitProducerIdResponse {
  throttleTimeMs: number;
  errorCode: number;
  /** default -1 */
  producerId?: number;
  producerEpoch: number;
}

function writeInitProducerIdRequest(w: Writer, v: number, m: InitProducerIdRequest): void {
  w.nullableString(m.transactionalId);
  w.int32(m.transactionTimeoutMs);
  const producerId = m.producerId ?? -1;
  if (v >= 3) w.int64(producerId);
  else if (producerId !== -1) cannotCarry('InitProducerIdRequest', 'producerId', v);
  const producerEpoch = m.producerEpoch ?? -1;
  if (v >= 3) w.int16(producerEpoch);
  else if (producerEpoch !== -1) cannotCarry('InitProducerIdRequest', 'producerEpoch', v);
  w.tags();
}

function readInitProducerIdRequest(r: Reader, v: number): Decoded<InitProducerIdRequest> {
  const m: Decoded<InitProducerIdRequest> = {
    transactionalId: r.nullableString(),
    transactionTimeoutMs: r.int32(),
    producerId: v >= 3 ? r.int64() : -1,
    producerEpoch: v >= 3 ? r.int16() : -1,
  };
  r.tags();
  return m;
}

function writeInitProducerIdResponse(w: Writer, _v: number, m: InitProducerIdResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.int64(m.producerId ?? -1);
  w.int16(m.producerEpoch);
  w.tags();
}

function readInitProducerIdResponse(r: Reader, _v: number): Decoded<InitProducerIdResponse> {
  const m: Decoded<InitProducerIdResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    producerId: r.int64(),
    producerEpoch: r.int16(),
  };
  r.tags();
  return m;
}
