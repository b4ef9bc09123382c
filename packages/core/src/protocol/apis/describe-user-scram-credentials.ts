// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DescribeUserScramCredentials, versions 0 to 0. */
export const describeUserScramCredentials: Api<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse> = {
  key: 50,
  name: 'DescribeUserScramCredentials',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeDescribeUserScramCredentialsRequest,
  readRequest: readDescribeUserScramCredentialsRequest,
  writeResponse: writeDescribeUserScramCredentialsResponse,
  readResponse: readDescribeUserScramCredentialsResponse,
};

export interface DescribeUserScramCredentialsRequest {
  users: readonly UserName[] | null;
}

export interface UserName {
  name: string;
}

export interface DescribeUserScramCredentialsResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  results: readonly DescribeUserScramCredentialsResult[];
}

export interface DescribeUserScramCredentialsResult {
  user: string;
  errorCode: number;
  errorMessage: string | null;
  credentialInfos: readonly CredentialInfo[];
}

export interface CredentialInfo {
  mechanism: number;
  iterations: number;
}

function writeDescribeUserScramCredentialsRequest(w: Writer, v: number, m: DescribeUserScramCredentialsRequest): void {
  w.nullableArray(v, m.users, writeUserName);
  w.tags();
}

function readDescribeUserScramCredentialsRequest(r: Reader, v: number): Decoded<DescribeUserScramCredentialsRequest> {
  const m: Decoded<DescribeUserScramCredentialsRequest> = { users: r.nullableArray(v, 2, readUserName) };
  r.tags();
  return m;
}

function writeUserName(w: Writer, _v: number, m: UserName): void {
  w.string(m.name);
  w.tags();
}

function readUserName(r: Reader, _v: number): Decoded<UserName> {
  const m: Decoded<UserName> = { name: r.string() };
  r.tags();
  return m;
}

function writeDescribeUserScramCredentialsResponse(w: Writer, v: number, m: DescribeUserScramCredentialsResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.array(v, m.results, writeDescribeUserScramCredentialsResult);
  w.tags();
}

function readDescribeUserScramCredentialsResponse(r: Reader, v: number): Decoded<DescribeUserScramCredentialsResponse> {
  const m: Decoded<DescribeUserScramCredentialsResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    results: r.array(v, 6, readDescribeUserScramCredentialsResult),
  };
  r.tags();
  return m;
}

function writeDescribeUserScramCredentialsResult(w: Writer, v: number, m: DescribeUserScramCredentialsResult): void {
  w.string(m.user);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.array(v, m.credentialInfos, writeCredentialInfo);
  w.tags();
}

function readDescribeUserScramCredentialsResult(r: Reader, v: number): Decoded<DescribeUserScramCredentialsResult> {
  const m: Decoded<DescribeUserScramCredentialsResult> = {
    user: r.string(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    credentialInfos: r.array(v, 6, readCredentialInfo),
  };
  r.tags();
  return m;
}

function writeCredentialInfo(w: Writer, _v: number, m: CredentialInfo): void {
  w.int8(m.mechanism);
  w.int32(m.iterations);
  w.tags();
}

function readCredentialInfo(r: Reader, _v: number): Decoded<CredentialInfo> {
  const m: Decoded<CredentialInfo> = { mechanism: r.int8(), iterations: r.int32() };
  r.tags();
  return m;
}
