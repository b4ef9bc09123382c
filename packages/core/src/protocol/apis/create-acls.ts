// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** CreateAcls, versions 1 to 3. */
export const createAcls: Api<CreateAclsRequest, CreateAclsResponse> = {
  key: 30,
  name: 'CreateAcls',
  minVersion: 1,
  maxVersion: 3,
  flexibleVersion: 2,
  writeRequest: writeCreateAclsRequest,
  readRequest: readCreateAclsRequest,
  writeResponse: writeCreateAclsResponse,
  readResponse: readCreateAclsResponse,
};

export interface CreateAclsRequest {
  creations: readonly AclCreation[];
}

export interface AclCreation {
  resourceType: number;
  resourceName: string;
  /** default 3 */
  resourcePatternType?: number;
  principal: string;
  host: string;
  operation: number;
  permissionType: number;
}

export interface CreateAclsResponse {
  throttleTimeMs: number;
  results: readonly AclCreationResult[];
}

export interface AclCreationResult {
  errorCode: number;
  errorMessage: string | null;
}

function writeCreateAclsRequest(w: Writer, v: number, m: CreateAclsRequest): void {
  w.array(v, m.creations, writeAclCreation);
  w.tags();
}

function readCreateAclsRequest(r: Reader, v: number): Decoded<CreateAclsRequest> {
  const m: Decoded<CreateAclsRequest> = { creations: r.array(v, 8, readAclCreation) };
  r.tags();
  return m;
}

function writeAclCreation(w: Writer, _v: number, m: AclCreation): void {
  w.int8(m.resourceType);
  w.string(m.resourceName);
  w.int8(m.resourcePatternType ?? 3);
  w.string(m.principal);
  w.string(m.host);
  w.int8(m.operation);
  w.int8(m.permissionType);
  w.tags();
}

function readAclCreation(r: Reader, _v: number): Decoded<AclCreation> {
  const m: Decoded<AclCreation> = {
    resourceType: r.int8(),
    resourceName: r.string(),
    resourcePatternType: r.int8(),
    principal: r.string(),
    host: r.string(),
    operation: r.int8(),
    permissionType: r.int8(),
  };
  r.tags();
  return m;
}

function writeCreateAclsResponse(w: Writer, v: number, m: CreateAclsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.results, writeAclCreationResult);
  w.tags();
}

function readCreateAclsResponse(r: Reader, v: number): Decoded<CreateAclsResponse> {
  const m: Decoded<CreateAclsResponse> = { throttleTimeMs: r.int32(), results: r.array(v, 4, readAclCreationResult) };
  r.tags();
  return m;
}

function writeAclCreationResult(w: Writer, _v: number, m: AclCreationResult): void {
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.tags();
}

function readAclCreationResult(r: Reader, _v: number): Decoded<AclCreationResult> {
  const m: Decoded<AclCreationResult> = { errorCode: r.int16(), errorMessage: r.nullableString() };
  r.tags();
  return m;
}
