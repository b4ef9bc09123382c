// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** AlterConfigs, versions 0 to 2. */
export const alterConfigs: Api<AlterConfigsRequest, AlterConfigsResponse> = {
  key: 33,
  name: 'AlterConfigs',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
  writeRequest: writeAlterConfigsRequest,
  readRequest: readAlterConfigsRequest,
  writeResponse: writeAlterConfigsResponse,
  readResponse: readAlterConfigsResponse,
};

export interface AlterConfigsRequest {
  resources: readonly AlterConfigsResource[];
  validateOnly: boolean;
}

export interface AlterConfigsResource {
  resourceType: number;
  resourceName: string;
  configs: readonly AlterableConfig[];
}

export interface AlterableConfig {
  name: string;
  value: string | null;
}

export interface AlterConfigsResponse {
  throttleTimeMs: number;
  responses: readonly AlterConfigsResourceResponse[];
}

export interface AlterConfigsResourceResponse {
  errorCode: number;
  errorMessage: string | null;
  resourceType: number;
  resourceName: string;
}

function writeAlterConfigsRequest(w: Writer, v: number, m: AlterConfigsRequest): void {
  w.array(v, m.resources, writeAlterConfigsResource);
  w.bool(m.validateOnly);
  w.tags();
}

function readAlterConfigsRequest(r: Reader, v: number): Decoded<AlterConfigsRequest> {
  const m: Decoded<AlterConfigsRequest> = { resources: r.array(v, 4, readAlterConfigsResource), validateOnly: r.bool() };
  r.tags();
  return m;
}

function writeAlterConfigsResource(w: Writer, v: number, m: AlterConfigsResource): void {
  w.int8(m.resourceType);
  w.string(m.resourceName);
  w.array(v, m.configs, writeAlterableConfig);
  w.tags();
}

function readAlterConfigsResource(r: Reader, v: number): Decoded<AlterConfigsResource> {
  const m: Decoded<AlterConfigsResource> = {
    resourceType: r.int8(),
    resourceName: r.string(),
    configs: r.array(v, 3, readAlterableConfig),
  };
  r.tags();
  return m;
}

function writeAlterableConfig(w: Writer, _v: number, m: AlterableConfig): void {
  w.string(m.name);
  w.nullableString(m.value);
  w.tags();
}

function readAlterableConfig(r: Reader, _v: number): Decoded<AlterableConfig> {
  const m: Decoded<AlterableConfig> = { name: r.string(), value: r.nullableString() };
  r.tags();
  return m;
}

function writeAlterConfigsResponse(w: Writer, v: number, m: AlterConfigsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.responses, writeAlterConfigsResourceResponse);
  w.tags();
}

function readAlterConfigsResponse(r: Reader, v: number): Decoded<AlterConfigsResponse> {
  const m: Decoded<AlterConfigsResponse> = { throttleTimeMs: r.int32(), responses: r.array(v, 6, readAlterConfigsResourceResponse) };
  r.tags();
  return m;
}

function writeAlterConfigsResourceResponse(w: Writer, _v: number, m: AlterConfigsResourceResponse): void {
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.int8(m.resourceType);
  w.string(m.resourceName);
  w.tags();
}

function readAlterConfigsResourceResponse(r: Reader, _v: number): Decoded<AlterConfigsResourceResponse> {
  const m: Decoded<AlterConfigsResourceResponse> = {
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    resourceType: r.int8(),
    resourceName: r.string(),
  };
  r.tags();
  return m;
}
