// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** AlterUserScramCredentials, versions 0 to 0. */
export const alterUserScramCredentials: Api<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse> = {
  key: 51,
  name: 'AlterUserScramCredentials',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeAlterUserScramCredentialsRequest,
  readRequest: readAlterUserScramCredentialsRequest,
  writeResponse: writeAlterUserScramCredentialsResponse,
  readResponse: readAlterUserScramCredentialsResponse,
};

export interface AlterUserScramCredentialsRequest {
  deletions: readonly ScramCredentialDeletion[];
  upsertions: readonly ScramCredentialUpsertion[];
}

export interface ScramCredentialUpsertion {
  name: string;
  mechanism: number;
  iterations: number;
  salt: Uint8Array;
  saltedPassword: Uint8Array;
}

export interface ScramCredentialDeletion {
  name: string;
  mechanism: number;
}

export interface AlterUserScramCredentialsResponse {
  throttleTimeMs: number;
  results: readonly AlterUserScramCredentialsResult[];
}

export interface AlterUserScramCredentialsResult {
  user: string;
  errorCode: number;
  errorMessage: string | null;
}

function writeAlterUserScramCredentialsRequest(w: Writer, v: number, m: AlterUserScramCredentialsRequest): void {
  w.array(v, m.deletions, writeScramCredentialDeletion);
  w.array(v, m.upsertions, writeScramCredentialUpsertion);
  w.tags();
}

function readAlterUserScramCredentialsRequest(r: Reader, v: number): Decoded<AlterUserScramCredentialsRequest> {
  const m: Decoded<AlterUserScramCredentialsRequest> = {
    deletions: r.array(v, 3, readScramCredentialDeletion),
    upsertions: r.array(v, 9, readScramCredentialUpsertion),
  };
  r.tags();
  return m;
}

function writeScramCredentialUpsertion(w: Writer, _v: number, m: ScramCredentialUpsertion): void {
  w.string(m.name);
  w.int8(m.mechanism);
  w.int32(m.iterations);
  w.bytes(m.salt);
  w.bytes(m.saltedPassword);
  w.tags();
}

function readScramCredentialUpsertion(r: Reader, _v: number): Decoded<ScramCredentialUpsertion> {
  const m: Decoded<ScramCredentialUpsertion> = {
    name: r.string(),
    mechanism: r.int8(),
    iterations: r.int32(),
    salt: r.bytes(),
    saltedPassword: r.bytes(),
  };
  r.tags();
  return m;
}

function writeScramCredentialDeletion(w: Writer, _v: number, m: ScramCredentialDeletion): void {
  w.string(m.name);
  w.int8(m.mechanism);
  w.tags();
}

function readScramCredentialDeletion(r: Reader, _v: number): Decoded<ScramCredentialDeletion> {
  const m: Decoded<ScramCredentialDeletion> = { name: r.string(), mechanism: r.int8() };
  r.tags();
  return m;
}

function writeAlterUserScramCredentialsResponse(w: Writer, v: number, m: AlterUserScramCredentialsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.results, writeAlterUserScramCredentialsResult);
  w.tags();
}

function readAlterUserScramCredentialsResponse(r: Reader, v: number): Decoded<AlterUserScramCredentialsResponse> {
  const m: Decoded<AlterUserScramCredentialsResponse> = {
    throttleTimeMs: r.int32(),
    results: r.array(v, 5, readAlterUserScramCredentialsResult),
  };
  r.tags();
  return m;
}

function writeAlterUserScramCredentialsResult(w: Writer, _v: number, m: AlterUserScramCredentialsResult): void {
  w.string(m.user);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.tags();
}

function readAlterUserScramCredentialsResult(r: Reader, _v: number): Decoded<AlterUserScramCredentialsResult> {
  const m: Decoded<AlterUserScramCredentialsResult> = { user: r.string(), errorCode: r.int16(), errorMessage: r.nullableString() };
  r.tags();
  return m;
}
