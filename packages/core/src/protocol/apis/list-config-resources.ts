// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt8, writeInt8 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** ListConfigResources, versions 0 to 1. */
export const listConfigResources: Api<ListConfigResourcesRequest, ListConfigResourcesResponse> = {
  key: 74,
  name: 'ListConfigResources',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
  writeRequest: writeListConfigResourcesRequest,
  readRequest: readListConfigResourcesRequest,
  writeResponse: writeListConfigResourcesResponse,
  readResponse: readListConfigResourcesResponse,
};

export interface ListConfigResourcesRequest {
  /** 1+ */
  resourceTypes?: readonly number[];
}

export interface ListConfigResourcesResponse {
  throttleTimeMs: number;
  errorCode: number;
  configResources: readonly ConfigResource[];
}

export interface ConfigResource {
  resourceName: string;
  /** 1+, default 16 */
  resourceType?: number;
}

function writeListConfigResourcesRequest(w: Writer, v: number, m: ListConfigResourcesRequest): void {
  const resourceTypes = m.resourceTypes ?? [];
  if (v >= 1) w.array(v, resourceTypes, writeInt8);
  else if (resourceTypes.length !== 0) cannotCarry('ListConfigResourcesRequest', 'resourceTypes', v);
  w.tags();
}

function readListConfigResourcesRequest(r: Reader, v: number): Decoded<ListConfigResourcesRequest> {
  const m: Decoded<ListConfigResourcesRequest> = { resourceTypes: v >= 1 ? r.array(v, 1, readInt8) : [] };
  r.tags();
  return m;
}

function writeListConfigResourcesResponse(w: Writer, v: number, m: ListConfigResourcesResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.array(v, m.configResources, writeConfigResource);
  w.tags();
}

function readListConfigResourcesResponse(r: Reader, v: number): Decoded<ListConfigResourcesResponse> {
  const m: Decoded<ListConfigResourcesResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    configResources: r.array(v, 2, readConfigResource),
  };
  r.tags();
  return m;
}

function writeConfigResource(w: Writer, v: number, m: ConfigResource): void {
  w.string(m.resourceName);
  if (v >= 1) w.int8(m.resourceType ?? 16);
  w.tags();
}

function readConfigResource(r: Reader, v: number): Decoded<ConfigResource> {
  const m: Decoded<ConfigResource> = { resourceName: r.string(), resourceType: v >= 1 ? r.int8() : 16 };
  r.tags();
  return m;
}
