// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** DescribeConfigs, versions 1 to 4. */
export const describeConfigs: Api<DescribeConfigsRequest, DescribeConfigsResponse> = {
  key: 32,
  name: 'DescribeConfigs',
  minVersion: 1,
  maxVersion: 4,
  flexibleVersion: 4,
  writeRequest: writeDescribeConfigsRequest,
  readRequest: readDescribeConfigsRequest,
  writeResponse: writeDescribeConfigsResponse,
  readResponse: readDescribeConfigsResponse,
};

export interface DescribeConfigsRequest {
  resources: readonly DescribeConfigsResource[];
  /** default false */
  includeSynonyms?: boolean;
  /** 3+, default false */
  includeDocumentation?: boolean;
}

export interface DescribeConfigsResource {
  resourceType: number;
  resourceName: string;
  configurationKeys: readonly string[] | null;
}

export interface DescribeConfigsResponse {
  throttleTimeMs: number;
  results: readonly DescribeConfigsResult[];
}

export interface DescribeConfigsResult {
  errorCode: number;
  errorMessage: string | null;
  resourceType: number;
  resourceName: string;
  configs: readonly DescribeConfigsResourceResult[];
}

export interface DescribeConfigsResourceResult {
  name: string;
  value: string | null;
  readOnly: boolean;
  /** default -1 */
  configSource?: number;
  isSensitive: boolean;
  synonyms: readonly DescribeConfigsSynonym[];
  /** 3+, default 0 */
  configType?: number;
  /** 3+ */
  documentation?: string | null;
}

export interface DescribeConfigsSynonym {
  name: string;
  value: string | null;
  source: number;
}

function writeDescribeConfigsRequest(w: Writer, v: number, m: DescribeConfigsRequest): void {
  w.array(v, m.resources, writeDescribeConfigsResource);
  w.bool(m.includeSynonyms ?? false);
  const includeDocumentation = m.includeDocumentation ?? false;
  if (v >= 3) w.bool(includeDocumentation);
  else if (includeDocumentation !== false) cannotCarry('DescribeConfigsRequest', 'includeDocumentation', v);
  w.tags();
}

function readDescribeConfigsRequest(r: Reader, v: number): Decoded<DescribeConfigsRequest> {
  const m: Decoded<DescribeConfigsRequest> = {
    resources: r.array(v, 4, readDescribeConfigsResource),
    includeSynonyms: r.bool(),
    includeDocumentation: v >= 3 ? r.bool() : false,
  };
  r.tags();
  return m;
}

function writeDescribeConfigsResource(w: Writer, v: number, m: DescribeConfigsResource): void {
  w.int8(m.resourceType);
  w.string(m.resourceName);
  w.nullableArray(v, m.configurationKeys, writeString);
  w.tags();
}

function readDescribeConfigsResource(r: Reader, v: number): Decoded<DescribeConfigsResource> {
  const m: Decoded<DescribeConfigsResource> = {
    resourceType: r.int8(),
    resourceName: r.string(),
    configurationKeys: r.nullableArray(v, 1, readString),
  };
  r.tags();
  return m;
}

function writeDescribeConfigsResponse(w: Writer, v: number, m: DescribeConfigsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.results, writeDescribeConfigsResult);
  w.tags();
}

function readDescribeConfigsResponse(r: Reader, v: number): Decoded<DescribeConfigsResponse> {
  const m: Decoded<DescribeConfigsResponse> = { throttleTimeMs: r.int32(), results: r.array(v, 7, readDescribeConfigsResult) };
  r.tags();
  return m;
}

function writeDescribeConfigsResult(w: Writer, v: number, m: DescribeConfigsResult): void {
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.int8(m.resourceType);
  w.string(m.resourceName);
  w.array(v, m.configs, writeDescribeConfigsResourceResult);
  w.tags();
}

function readDescribeConfigsResult(r: Reader, v: number): Decoded<DescribeConfigsResult> {
  const m: Decoded<DescribeConfigsResult> = {
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    resourceType: r.int8(),
    resourceName: r.string(),
    configs: r.array(v, 9, readDescribeConfigsResourceResult),
  };
  r.tags();
  return m;
}

function writeDescribeConfigsResourceResult(w: Writer, v: number, m: DescribeConfigsResourceResult): void {
  w.string(m.name);
  w.nullableString(m.value);
  w.bool(m.readOnly);
  w.int8(m.configSource ?? -1);
  w.bool(m.isSensitive);
  w.array(v, m.synonyms, writeDescribeConfigsSynonym);
  if (v >= 3) w.int8(m.configType ?? 0);
  if (v >= 3) w.nullableString(m.documentation === undefined ? '' : m.documentation);
  w.tags();
}

function readDescribeConfigsResourceResult(r: Reader, v: number): Decoded<DescribeConfigsResourceResult> {
  const m: Decoded<DescribeConfigsResourceResult> = {
    name: r.string(),
    value: r.nullableString(),
    readOnly: r.bool(),
    configSource: r.int8(),
    isSensitive: r.bool(),
    synonyms: r.array(v, 4, readDescribeConfigsSynonym),
    configType: v >= 3 ? r.int8() : 0,
    documentation: v >= 3 ? r.nullableString() : '',
  };
  r.tags();
  return m;
}

function writeDescribeConfigsSynonym(w: Writer, _v: number, m: DescribeConfigsSynonym): void {
  w.string(m.name);
  w.nullableString(m.value);
  w.int8(m.source);
  w.tags();
}

function readDescribeConfigsSynonym(r: Reader, _v: number): Decoded<DescribeConfigsSynonym> {
  const m: Decoded<DescribeConfigsSynonym> = { name: r.string(), value: r.nullableString(), source: r.int8() };
  r.tags();
  return m;
}
