// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DescribeClientQuotas, versions 0 to 1. */
export const describeClientQuotas: Api<DescribeClientQuotasRequest, DescribeClientQuotasResponse> = {
  key: 48,
  name: 'DescribeClientQuotas',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 1,
  writeRequest: writeDescribeClientQuotasRequest,
  readRequest: readDescribeClientQuotasRequest,
  writeResponse: writeDescribeClientQuotasResponse,
  readResponse: readDescribeClientQuotasResponse,
};

export interface DescribeClientQuotasRequest {
  components: readonly ComponentData[];
  strict: boolean;
}

export interface ComponentData {
  entityType: string;
  matchType: number;
  match: string | null;
}

export interface DescribeClientQuotasResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  entries: readonly EntryData[] | null;
}

export interface EntryData {
  entity: readonly EntityData[];
  values: readonly ValueData[];
}

export interface ValueData {
  key: string;
  value: number;
}

export interface EntityData {
  entityType: string;
  entityName: string | null;
}

function writeDescribeClientQuotasRequest(w: Writer, v: number, m: DescribeClientQuotasRequest): void {
  w.array(v, m.components, writeComponentData);
  w.bool(m.strict);
  w.tags();
}

function readDescribeClientQuotasRequest(r: Reader, v: number): Decoded<DescribeClientQuotasRequest> {
  const m: Decoded<DescribeClientQuotasRequest> = { components: r.array(v, 4, readComponentData), strict: r.bool() };
  r.tags();
  return m;
}

function writeComponentData(w: Writer, _v: number, m: ComponentData): void {
  w.string(m.entityType);
  w.int8(m.matchType);
  w.nullableString(m.match);
  w.tags();
}

function readComponentData(r: Reader, _v: number): Decoded<ComponentData> {
  const m: Decoded<ComponentData> = { entityType: r.string(), matchType: r.int8(), match: r.nullableString() };
  r.tags();
  return m;
}

function writeDescribeClientQuotasResponse(w: Writer, v: number, m: DescribeClientQuotasResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.nullableArray(v, m.entries, writeEntryData);
  w.tags();
}

function readDescribeClientQuotasResponse(r: Reader, v: number): Decoded<DescribeClientQuotasResponse> {
  const m: Decoded<DescribeClientQuotasResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    entries: r.nullableArray(v, 3, readEntryData),
  };
  r.tags();
  return m;
}

function writeEntryData(w: Writer, v: number, m: EntryData): void {
  w.array(v, m.entity, writeEntityData);
  w.array(v, m.values, writeValueData);
  w.tags();
}

function readEntryData(r: Reader, v: number): Decoded<EntryData> {
  const m: Decoded<EntryData> = { entity: r.array(v, 3, readEntityData), values: r.array(v, 10, readValueData) };
  r.tags();
  return m;
}

function writeValueData(w: Writer, _v: number, m: ValueData): void {
  w.string(m.key);
  w.float64(m.value);
  w.tags();
}

function readValueData(r: Reader, _v: number): Decoded<ValueData> {
  const m: Decoded<ValueData> = { key: r.string(), value: r.float64() };
  r.tags();
  return m;
}

function writeEntityData(w: Writer, _v: number, m: EntityData): void {
  w.string(m.entityType);
  w.nullableString(m.entityName);
  w.tags();
}

function readEntityData(r: Reader, _v: number): Decoded<EntityData> {
  const m: Decoded<EntityData> = { entityType: r.string(), entityName: r.nullableString() };
  r.tags();
  return m;
}
