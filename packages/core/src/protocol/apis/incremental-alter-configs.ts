// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** IncrementalAlterConfigs, versions 0 to 1. */
export const incrementalAlterConfigs: Api<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> = {
  key: 44,
  name: 'IncrementalAlterConfigs',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 1,
  writeRequest: writeIncrementalAlterConfigsRequest,
  readRequest: readIncrementalAlterConfigsRequest,
  writeResponse: writeIncrementalAlterConfigsResponse,
  readResponse: readIncrementalAlterConfigsResponse,
};

export interface IncrementalAlterConfigsRequest {
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
  configOperation: number;
  value: string | null;
}

export interface IncrementalAlterConfigsResponse {
  throttleTimeMs: number;
  responses: readonly AlterConfigsResourceResponse[];
}

export interface AlterConfigsResourceResponse {
  errorCode: number;
  errorMessage: string | null;
  resourceType: number;
  resourceName: string;
}

function writeIncrementalAlterConfigsRequest(w: Writer, v: number, m: IncrementalAlterConfigsRequest): void {
  w.array(v, m.resources, writeAlterConfigsResource);
  w.bool(m.validateOnly);
  w.tags();
}

function readIncrementalAlterConfigsRequest(r: Reader, v: number): Decoded<IncrementalAlterConfigsRequest> {
  const m: Decoded<IncrementalAlterConfigsRequest> = { resources: r.array(v, 4, readAlterConfigsResource), validateOnly: r.bool() };
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
    configs: r.array(v, 4, readAlterableConfig),
  };
  r.tags();
  return m;
}

function writeAlterableConfig(w: Writer, _v: number, m: AlterableConfig): void {
  w.string(m.name);
  w.int8(m.configOperation);
  w.nullableString(m.value);
  w.tags();
}

function readAlterableConfig(r: Reader, _v: number): Decoded<AlterableConfig> {
  const m: Decoded<AlterableConfig> = { name: r.string(), configOperation: r.int8(), value: r.nullableString() };
  r.tags();
  return m;
}

function writeIncrementalAlterConfigsResponse(w: Writer, v: number, m: IncrementalAlterConfigsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.responses, writeAlterConfigsResourceResponse);
  w.tags();
}

function readIncrementalAlterConfigsResponse(r: Reader, v: number): Decoded<IncrementalAlterConfigsResponse> {
  const m: Decoded<IncrementalAlterConfigsResponse> = {
    throttleTimeMs: r.int32(),
    responses: r.array(v, 6, readAlterConfigsResourceResponse),
  };
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
