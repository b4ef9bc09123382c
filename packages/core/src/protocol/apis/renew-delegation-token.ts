// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** RenewDelegationToken, versions 1 to 2. */
export const renewDelegationToken: Api<RenewDelegationTokenRequest, RenewDelegationTokenResponse> = {
  key: 39,
  name: 'RenewDelegationToken',
  minVersion: 1,
  maxVersion: 2,
  flexibleVersion: 2,
  writeRequest: writeRenewDelegationTokenRequest,
  readRequest: readRenewDelegationTokenRequest,
  writeResponse: writeRenewDelegationTokenResponse,
  readResponse: readRenewDelegationTokenResponse,
};

export interface RenewDelegationTokenRequest {
  hmac: Uint8Array;
  renewPeriodMs: number;
}

export interface RenewDelegationTokenResponse {
  errorCode: number;
  expiryTimestampMs: number;
  throttleTimeMs: number;
}

function writeRenewDelegationTokenRequest(w: Writer, _v: number, m: RenewDelegationTokenRequest): void {
  w.bytes(m.hmac);
  w.int64(m.renewPeriodMs);
  w.tags();
}

function readRenewDelegationTokenRequest(r: Reader, _v: number): Decoded<RenewDelegationTokenRequest> {
  const m: Decoded<RenewDelegationTokenRequest> = { hmac: r.bytes(), renewPeriodMs: r.int64() };
  r.tags();
  return m;
}

function writeRenewDelegationTokenResponse(w: Writer, _v: number, m: RenewDelegationTokenResponse): void {
  w.int16(m.errorCode);
  w.int64(m.expiryTimestampMs);
  w.int32(m.throttleTimeMs);
  w.tags();
}

function readRenewDelegationTokenResponse(r: Reader, _v: number): Decoded<RenewDelegationTokenResponse> {
  const m: Decoded<RenewDelegationTokenResponse> = { errorCode: r.int16(), expiryTimestampMs: r.int64(), throttleTimeMs: r.int32() };
  r.tags();
  return m;
}
