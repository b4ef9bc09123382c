// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DescribeAcls, versions 1 to 3. */
export const describeAcls: Api<DescribeAclsRequest, DescribeAclsResponse> = {
  key: 29,
  name: 'DescribeAcls',
  minVersion: 1,
  maxVersion: 3,
  flexibleVersion: 2,
  writeRequest: writeDescribeAclsRequest,
  readRequest: readDescribeAclsRequest,
  writeResponse: writeDescribeAclsResponse,
  readResponse: readDescribeAclsResponse,
};

export interface DescribeAclsRequest {
  resourceTypeFilter: number;
  resourceNameFilter: string | null;
  /** default 3 */
  patternTypeFilter?: number;
  principalFilter: string | null;
  hostFilter: string | null;
  operation: number;
  permissionType: number;
}

export interface DescribeAclsResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  resources: readonly DescribeAclsResource[];
}

export interface DescribeAclsResource {
  resourceType: number;
  resourceName: string;
  /** default 3 */
  patternType?: number;
  acls: readonly AclDescription[];
}

export interface AclDescription {
  principal: string;
  host: string;
  operation: number;
  permissionType: number;
}

function writeDescribeAclsRequest(w: Writer, _v: number, m: DescribeAclsRequest): void {
  w.int8(m.resourceTypeFilter);
  w.nullableString(m.resourceNameFilter);
  w.int8(m.patternTypeFilter ?? 3);
  w.nullableString(m.principalFilter);
  w.nullableString(m.hostFilter);
  w.int8(m.operation);
  w.int8(m.permissionType);
  w.tags();
}

function readDescribeAclsRequest(r: Reader, _v: number): Decoded<DescribeAclsRequest> {
  const m: Decoded<DescribeAclsRequest> = {
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

function writeDescribeAclsResponse(w: Writer, v: number, m: DescribeAclsResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.array(v, m.resources, writeDescribeAclsResource);
  w.tags();
}

function readDescribeAclsResponse(r: Reader, v: number): Decoded<DescribeAclsResponse> {
  const m: Decoded<DescribeAclsResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    resources: r.array(v, 5, readDescribeAclsResource),
  };
  r.tags();
  return m;
}

function writeDescribeAclsResource(w: Writer, v: number, m: DescribeAclsResource): void {
  w.int8(m.resourceType);
  w.string(m.resourceName);
  w.int8(m.patternType ?? 3);
  w.array(v, m.acls, writeAclDescription);
  w.tags();
}

function readDescribeAclsResource(r: Reader, v: number): Decoded<DescribeAclsResource> {
  const m: Decoded<DescribeAclsResource> = {
    resourceType: r.int8(),
    resourceName: r.string(),
    patternType: r.int8(),
    acls: r.array(v, 5, readAclDescription),
  };
  r.tags();
  return m;
}

function writeAclDescription(w: Writer, _v: number, m: AclDescription): void {
  w.string(m.principal);
  w.string(m.host);
  w.int8(m.operation);
  w.int8(m.permissionType);
  w.tags();
}

function readAclDescription(r: Reader, _v: number): Decoded<AclDescription> {
  const m: Decoded<AclDescription> = { principal: r.string(), host: r.string(), operation: r.int8(), permissionType: r.int8() };
  r.tags();
  return m;
}
