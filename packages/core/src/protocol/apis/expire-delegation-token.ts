// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** ExpireDelegationToken, versions 1 to 2. */
export const expireDelegationToken: Api<ExpireDelegationTokenRequest, ExpireDelegationTokenResponse> = {
  key: 40,
  name: 'ExpireDelegationToken',
  minVersion: 1,
  maxVersion: 2,
  flexibleVersion: 2,
  writeRequest: writeExpireDelegationTokenRequest,
  readRequest: readExpireDelegationTokenRequest,
  writeResponse: writeExpireDelegationTokenResponse,
  readResponse: readExpireDelegationTokenResponse,
};

export interface ExpireDelegationTokenRequest {
  hmac: Uint8Array;
  expiryTimePeriodMs: number;
}

export interface ExpireDelegationTokenResponse {
  errorCode: number;
  expiryTimestampMs: number;
  throttleTimeMs: number;
}

function writeExpireDelegationTokenRequest(w: Writer, _v: number, m: ExpireDelegationTokenRequest): void {
  w.bytes(m.hmac);
  w.int64(m.expiryTimePeriodMs);
  w.tags();
}

function readExpireDelegationTokenRequest(r: Reader, _v: number): Decoded<ExpireDelegationTokenRequest> {
  const m: Decoded<ExpireDelegationTokenRequest> = { hmac: r.bytes(), expiryTimePeriodMs: r.int64() };
  r.tags();
  return m;
}

function writeExpireDelegationTokenResponse(w: Writer, _v: number, m: ExpireDelegationTokenResponse): void {
  w.int16(m.errorCode);
  w.int64(m.expiryTimestampMs);
  w.int32(m.throttleTimeMs);
  w.tags();
}

function readExpireDelegationTokenResponse(r: Reader, _v: number): Decoded<ExpireDelegationTokenResponse> {
  const m: Decoded<ExpireDelegationTokenResponse> = { errorCode: r.int16(), expiryTimestampMs: r.int64(), throttleTimeMs: r.int32() };
  r.tags();
  return m;
}
