// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** CreateDelegationToken, versions 1 to 3. */
export const createDelegationToken: Api<CreateDelegationTokenRequest, CreateDelegationTokenResponse> = {
  key: 38,
  name: 'CreateDelegationToken',
  minVersion: 1,
  maxVersion: 3,
  flexibleVersion: 2,
  writeRequest: writeCreateDelegationTokenRequest,
  readRequest: readCreateDelegationTokenRequest,
  writeResponse: writeCreateDelegationTokenResponse,
  readResponse: readCreateDelegationTokenResponse,
};

export interface CreateDelegationTokenRequest {
  /** 3+ */
  ownerPrincipalType?: string | null;
  /** 3+ */
  ownerPrincipalName?: string | null;
  renewers: readonly CreatableRenewers[];
  maxLifetimeMs: number;
}

export interface CreatableRenewers {
  principalType: string;
  principalName: string;
}

export interface CreateDelegationTokenResponse {
  errorCode: number;
  principalType: string;
  principalName: string;
  /** 3+ */
  tokenRequesterPrincipalType?: string;
  /** 3+ */
  tokenRequesterPrincipalName?: string;
  issueTimestampMs: number;
  expiryTimestampMs: number;
  maxTimestampMs: number;
  tokenId: string;
  hmac: Uint8Array;
  throttleTimeMs: number;
}

function writeCreateDelegationTokenRequest(w: Writer, v: number, m: CreateDelegationTokenRequest): void {
  const ownerPrincipalType = m.ownerPrincipalType === undefined ? '' : m.ownerPrincipalType;
  if (v >= 3) w.nullableString(ownerPrincipalType);
  else if (ownerPrincipalType !== '') cannotCarry('CreateDelegationTokenRequest', 'ownerPrincipalType', v);
  const ownerPrincipalName = m.ownerPrincipalName === undefined ? '' : m.ownerPrincipalName;
  if (v >= 3) w.nullableString(ownerPrincipalName);
  else if (ownerPrincipalName !== '') cannotCarry('CreateDelegationTokenRequest', 'ownerPrincipalName', v);
  w.array(v, m.renewers, writeCreatableRenewers);
  w.int64(m.maxLifetimeMs);
  w.tags();
}

function readCreateDelegationTokenRequest(r: Reader, v: number): Decoded<CreateDelegationTokenRequest> {
  const m: Decoded<CreateDelegationTokenRequest> = {
    ownerPrincipalType: v >= 3 ? r.nullableString() : '',
    ownerPrincipalName: v >= 3 ? r.nullableString() : '',
    renewers: r.array(v, 3, readCreatableRenewers),
    maxLifetimeMs: r.int64(),
  };
  r.tags();
  return m;
}

function writeCreatableRenewers(w: Writer, _v: number, m: CreatableRenewers): void {
  w.string(m.principalType);
  w.string(m.principalName);
  w.tags();
}

function readCreatableRenewers(r: Reader, _v: number): Decoded<CreatableRenewers> {
  const m: Decoded<CreatableRenewers> = { principalType: r.string(), principalName: r.string() };
  r.tags();
  return m;
}

function writeCreateDelegationTokenResponse(w: Writer, v: number, m: CreateDelegationTokenResponse): void {
  w.int16(m.errorCode);
  w.string(m.principalType);
  w.string(m.principalName);
  const tokenRequesterPrincipalType = m.tokenRequesterPrincipalType ?? '';
  if (v >= 3) w.string(tokenRequesterPrincipalType);
  else if (tokenRequesterPrincipalType !== '') cannotCarry('CreateDelegationTokenResponse', 'tokenRequesterPrincipalType', v);
  const tokenRequesterPrincipalName = m.tokenRequesterPrincipalName ?? '';
  if (v >= 3) w.string(tokenRequesterPrincipalName);
  else if (tokenRequesterPrincipalName !== '') cannotCarry('CreateDelegationTokenResponse', 'tokenRequesterPrincipalName', v);
  w.int64(m.issueTimestampMs);
  w.int64(m.expiryTimestampMs);
  w.int64(m.maxTimestampMs);
  w.string(m.tokenId);
  w.bytes(m.hmac);
  w.int32(m.throttleTimeMs);
  w.tags();
}

function readCreateDelegationTokenResponse(r: Reader, v: number): Decoded<CreateDelegationTokenResponse> {
  const m: Decoded<CreateDelegationTokenResponse> = {
    errorCode: r.int16(),
    principalType: r.string(),
    principalName: r.string(),
    tokenRequesterPrincipalType: v >= 3 ? r.string() : '',
    tokenRequesterPrincipalName: v >= 3 ? r.string() : '',
    issueTimestampMs: r.int64(),
    expiryTimestampMs: r.int64(),
    maxTimestampMs: r.int64(),
    tokenId: r.string(),
    hmac: r.bytes(),
    throttleTimeMs: r.int32(),
  };
  r.tags();
  return m;
}
