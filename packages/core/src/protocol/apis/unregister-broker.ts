// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** UnregisterBroker, versions 0 to 0. */
export const unregisterBroker: Api<UnregisterBrokerRequest, UnregisterBrokerResponse> = {
  key: 64,
  name: 'UnregisterBroker',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeUnregisterBrokerRequest,
  readRequest: readUnregisterBrokerRequest,
  writeResponse: writeUnregisterBrokerResponse,
  readResponse: readUnregisterBrokerResponse,
};

export interface UnregisterBrokerRequest {
  brokerId: number;
}

export interface UnregisterBrokerResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
}

function writeUnregisterBrokerRequest(w: Writer, _v: number, m: UnregisterBrokerRequest): void {
  w.int32(m.brokerId);
  w.tags();
}

function readUnregisterBrokerRequest(r: Reader, _v: number): Decoded<UnregisterBrokerRequest> {
  const m: Decoded<UnregisterBrokerRequest> = { brokerId: r.int32() };
  r.tags();
  return m;
}

function writeUnregisterBrokerResponse(w: Writer, _v: number, m: UnregisterBrokerResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.tags();
}

function readUnregisterBrokerResponse(r: Reader, _v: number): Decoded<UnregisterBrokerResponse> {
  const m: Decoded<UnregisterBrokerResponse> = { throttleTimeMs: r.int32(), errorCode: r.int16(), errorMessage: r.nullableString() };
  r.tags();
  return m;
}
