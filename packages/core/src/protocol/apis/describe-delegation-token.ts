// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** DescribeDelegationToken, versions 1 to 3. */
export const describeDelegationToken: Api<DescribeDelegationTokenRequest, DescribeDelegationTokenResponse> = {
  key: 41,
  name: 'DescribeDelegationToken',
  minVersion: 1,
  maxVersion: 3,
  flexibleVersion: 2,
  writeRequest: writeDescribeDelegationTokenRequest,
  readRequest: readDescribeDelegationTokenRequest,
  writeResponse: writeDescribeDelegationTokenResponse,
  readResponse: readDescribeDelegationTokenResponse,
};

export interface DescribeDelegationTokenRequest {
  owners: readonly DescribeDelegationTokenOwner[] | null;
}

export interface DescribeDelegationTokenOwner {
  principalType: string;
  principalName: string;
}

export interface DescribeDelegationTokenResponse {
  errorCode: number;
  tokens: readonly DescribedDelegationToken[];
  throttleTimeMs: number;
}

export interface DescribedDelegationToken {
  principalType: string;
  principalName: string;
  /** 3+ */
  tokenRequesterPrincipalType?: string;
  /** 3+ */
  tokenRequesterPrincipalName?: string;
  issueTimestamp: number;
  expiryTimestamp: number;
  maxTimestamp: number;
  tokenId: string;
  hmac: Uint8Array;
  renewers: readonly DescribedDelegationTokenRenewer[];
}

export interface DescribedDelegationTokenRenewer {
  principalType: string;
  principalName: string;
}

function writeDescribeDelegationTokenRequest(w: Writer, v: number, m: DescribeDelegationTokenRequest): void {
  w.nullableArray(v, m.owners, writeDescribeDelegationTokenOwner);
  w.tags();
}

function readDescribeDelegationTokenRequest(r: Reader, v: number): Decoded<DescribeDelegationTokenRequest> {
  const m: Decoded<DescribeDelegationTokenRequest> = { owners: r.nullableArray(v, 3, readDescribeDelegationTokenOwner) };
  r.tags();
  return m;
}

function writeDescribeDelegationTokenOwner(w: Writer, _v: number, m: DescribeDelegationTokenOwner): void {
  w.string(m.principalType);
  w.string(m.principalName);
  w.tags();
}

function readDescribeDelegationTokenOwner(r: Reader, _v: number): Decoded<DescribeDelegationTokenOwner> {
  const m: Decoded<DescribeDelegationTokenOwner> = { principalType: r.string(), principalName: r.string() };
  r.tags();
  return m;
}

function writeDescribeDelegationTokenResponse(w: Writer, v: number, m: DescribeDelegationTokenResponse): void {
  w.int16(m.errorCode);
  w.array(v, m.tokens, writeDescribedDelegationToken);
  w.int32(m.throttleTimeMs);
  w.tags();
}

function readDescribeDelegationTokenResponse(r: Reader, v: number): Decoded<DescribeDelegationTokenResponse> {
  const m: Decoded<DescribeDelegationTokenResponse> = {
    errorCode: r.int16(),
    tokens: r.array(v, 30, readDescribedDelegationToken),
    throttleTimeMs: r.int32(),
  };
  r.tags();
  return m;
}

function writeDescribedDelegationToken(w: Writer, v: number, m: DescribedDelegationToken): void {
  w.string(m.principalType);
  w.string(m.principalName);
  const tokenRequesterPrincipalType = m.tokenRequesterPrincipalType ?? '';
  if (v >= 3) w.string(tokenRequesterPrincipalType);
  else if (tokenRequesterPrincipalType !== '') cannotCarry('DescribeDelegationTokenResponse', 'tokens.tokenRequesterPrincipalType', v);
  const tokenRequesterPrincipalName = m.tokenRequesterPrincipalName ?? '';
  if (v >= 3) w.string(tokenRequesterPrincipalName);
  else if (tokenRequesterPrincipalName !== '') cannotCarry('DescribeDelegationTokenResponse', 'tokens.tokenRequesterPrincipalName', v);
  w.int64(m.issueTimestamp);
  w.int64(m.expiryTimestamp);
  w.int64(m.maxTimestamp);
  w.string(m.tokenId);
  w.bytes(m.hmac);
  w.array(v, m.renewers, writeDescribedDelegationTokenRenewer);
  w.tags();
}

function readDescribedDelegationToken(r: Reader, v: number): Decoded<DescribedDelegationToken> {
  const m: Decoded<DescribedDelegationToken> = {
    principalType: r.string(),
    principalName: r.string(),
    tokenRequesterPrincipalType: v >= 3 ? r.string() : '',
    tokenRequesterPrincipalName: v >= 3 ? r.string() : '',
    issueTimestamp: r.int64(),
    expiryTimestamp: r.int64(),
    maxTimestamp: r.int64(),
    tokenId: r.string(),
    hmac: r.bytes(),
    renewers: r.array(v, 3, readDescribedDelegationTokenRenewer),
  };
  r.tags();
  return m;
}

function writeDescribedDelegationTokenRenewer(w: Writer, _v: number, m: DescribedDelegationTokenRenewer): void {
  w.string(m.principalType);
  w.string(m.principalName);
  w.tags();
}

function readDescribedDelegationTokenRenewer(r: Reader, _v: number): Decoded<DescribedDelegationTokenRenewer> {
  const m: Decoded<DescribedDelegationTokenRenewer> = { principalType: r.string(), principalName: r.string() };
  r.tags();
  return m;
}
