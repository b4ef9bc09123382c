// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DeleteAcls, versions 1 to 3. */
export const deleteAcls: Api<DeleteAclsRequest, DeleteAclsResponse> = {
  key: 31,
  name: 'DeleteAcls',
  minVersion: 1,
  maxVersion: 3,
  flexibleVersion: 2,
  writeRequest: writeDeleteAclsRequest,
  readRequest: readDeleteAclsRequest,
  writeResponse: writeDeleteAclsResponse,
  readResponse: readDeleteAclsResponse,
};

export interface DeleteAclsRequest {
  filters: readonly DeleteAclsFilter[];
}

export interface DeleteAclsFilter {
  resourceTypeFilter: number;
  resourceNameFilter: string | null;
  /** default 3 */
  patternTypeFilter?: number;
  principalFilter: string | null;
  hostFilter: string | null;
  operation: number;
  permissionType: number;
}

export interface DeleteAclsResponse {
  throttleTimeMs: number;
  filterResults: readonly DeleteAclsFilterResult[];
}

export interface DeleteAclsFilterResult {
  errorCode: number;
  errorMessage: string | null;
  matchingAcls: readonly DeleteAclsMatchingAcl[];
}

export interface DeleteAclsMatchingAcl {
  errorCode: number;
  errorMessage: string | null;
  resourceType: number;
  resourceName: string;
  /** default 3 */
  patternType?: number;
  principal: string;
  host: string;
  operation: number;
  permissionType: number;
}

function writeDeleteAclsRequest(w: Writer, v: number, m: DeleteAclsRequest): void {
  w.array(v, m.filters, writeDeleteAclsFilter);
  w.tags();
}

function readDeleteAclsRequest(r: Reader, v: number): Decoded<DeleteAclsRequest> {
  const m: Decoded<DeleteAclsRequest> = { filters: r.array(v, 8, readDeleteAclsFilter) };
  r.tags();
  return m;
}

function writeDeleteAclsFilter(w: Writer, _v: number, m: DeleteAclsFilter): void {
  w.int8(m.resourceTypeFilter);
  w.nullableString(m.resourceNameFilter);
  w.int8(m.patternTypeFilter ?? 3);
  w.nullableString(m.principalFilter);
  w.nullableString(m.hostFilter);
  w.int8(m.operation);
  w.int8(m.permissionType);
  w.tags();
}

function readDeleteAclsFilter(r: Reader, _v: number): Decoded<DeleteAclsFilter> {
  const m: Decoded<DeleteAclsFilter> = {
    resourceTypeFilter: r.int8(),
    resourceNameFilter: r.nullableString(),
    patternTypeFilter: r.int8(),
    principalFilter: r.nullableString(),
    hostFilter: r.nullableString(),
    operation: r.int8(),
    permissionType: r.int8(),
  };
  r.tags();
  return m;
}

function writeDeleteAclsResponse(w: Writer, v: number, m: DeleteAclsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.filterResults, writeDeleteAclsFilterResult);
  w.tags();
}

function readDeleteAclsResponse(r: Reader, v: number): Decoded<DeleteAclsResponse> {
  const m: Decoded<DeleteAclsResponse> = { throttleTimeMs: r.int32(), filterResults: r.array(v, 5, readDeleteAclsFilterResult) };
  r.tags();
  return m;
}

function writeDeleteAclsFilterResult(w: Writer, v: number, m: DeleteAclsFilterResult): void {
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.array(v, m.matchingAcls, writeDeleteAclsMatchingAcl);
  w.tags();
}

function readDeleteAclsFilterResult(r: Reader, v: number): Decoded<DeleteAclsFilterResult> {
  const m: Decoded<DeleteAclsFilterResult> = {
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    matchingAcls: r.array(v, 11, readDeleteAclsMatchingAcl),
  };
  r.tags();
  return m;
}

function writeDeleteAclsMatchingAcl(w: Writer, _v: number, m: DeleteAclsMatchingAcl): void {
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.int8(m.resourceType);
  w.string(m.resourceName);
  w.int8(m.patternType ?? 3);
  w.string(m.principal);
  w.string(m.host);
  w.int8(m.operation);
  w.int8(m.permissionType);
  w.tags();
}

function readDeleteAclsMatchingAcl(r: Reader, _v: number): Decoded<DeleteAclsMatchingAcl> {
  const m: Decoded<DeleteAclsMatchingAcl> = {
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    resourceType: r.int8(),
    resourceName: r.string(),
    patternType: r.int8(),
    principal: r.string(),
    host: r.string(),
    operation: r.int8(),
    permissionType: r.int8(),
  };
  r.tags();
  return m;
}
