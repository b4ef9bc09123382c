// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** SaslAuthenticate, versions 0 to 2. */
export const saslAuthenticate: Api<SaslAuthenticateRequest, SaslAuthenticateResponse> = {
  key: 36,
  name: 'SaslAuthenticate',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
  writeRequest: writeSaslAuthenticateRequest,
  readRequest: readSaslAuthenticateRequest,
  writeResponse: writeSaslAuthenticateResponse,
  readResponse: readSaslAuthenticateResponse,
};

export interface SaslAuthenticateRequest {
  authBytes: Uint8Array;
}

export interface SaslAuthenticateResponse {
  errorCode: number;
  errorMessage: string | null;
  authBytes: Uint8Array;
  /** 1+, default 0 */
  sessionLifetimeMs?: number;
}

function writeSaslAuthenticateRequest(w: Writer, _v: number, m: SaslAuthenticateRequest): void {
  w.bytes(m.authBytes);
  w.tags();
}

function readSaslAuthenticateRequest(r: Reader, _v: number): Decoded<SaslAuthenticateRequest> {
  const m: Decoded<SaslAuthenticateRequest> = { authBytes: r.bytes() };
  r.tags();
  return m;
}

function writeSaslAuthenticateResponse(w: Writer, v: number, m: SaslAuthenticateResponse): void {
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.bytes(m.authBytes);
  if (v >= 1) w.int64(m.sessionLifetimeMs ?? 0);
  w.tags();
}

function readSaslAuthenticateResponse(r: Reader, v: number): Decoded<SaslAuthenticateResponse> {
  const m: Decoded<SaslAuthenticateResponse> = {
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    authBytes: r.bytes(),
    sessionLifetimeMs: v >= 1 ? r.int64() : 0,
  };
  r.tags();
  return m;
}
