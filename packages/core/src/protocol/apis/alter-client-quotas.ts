// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** AlterClientQuotas, versions 0 to 1. */
export const alterClientQuotas: Api<AlterClientQuotasRequest, AlterClientQuotasResponse> = {
  key: 49,
  name: 'AlterClientQuotas',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 1,
  writeRequest: writeAlterClientQuotasRequest,
  readRequest: readAlterClientQuotasRequest,
  writeResponse: writeAlterClientQuotasResponse,
  readResponse: readAlterClientQuotasResponse,
};

export interface AlterClientQuotasRequest {
  entries: readonly AlterClientQuotasRequestEntryData[];
  validateOnly: boolean;
}

export interface AlterClientQuotasRequestEntryData {
  entity: readonly AlterClientQuotasRequestEntityData[];
  ops: readonly OpData[];
}

export interface OpData {
  key: string;
  value: number;
  remove: boolean;
}

export interface AlterClientQuotasRequestEntityData {
  entityType: string;
  entityName: string | null;
}

export interface AlterClientQuotasResponse {
  throttleTimeMs: number;
  entries: readonly AlterClientQuotasResponseEntryData[];
}

export interface AlterClientQuotasResponseEntryData {
  errorCode: number;
  errorMessage: string | null;
  entity: readonly AlterClientQuotasResponseEntityData[];
}

export interface AlterClientQuotasResponseEntityData {
  entityType: string;
  entityName: string | null;
}

function writeAlterClientQuotasRequest(w: Writer, v: number, m: AlterClientQuotasRequest): void {
  w.array(v, m.entries, writeAlterClientQuotasRequestEntryData);
  w.bool(m.validateOnly);
  w.tags();
}

function readAlterClientQuotasRequest(r: Reader, v: number): Decoded<AlterClientQuotasRequest> {
  const m: Decoded<AlterClientQuotasRequest> = { entries: r.array(v, 3, readAlterClientQuotasRequestEntryData), validateOnly: r.bool() };
  r.tags();
  return m;
}

function writeAlterClientQuotasRequestEntryData(w: Writer, v: number, m: AlterClientQuotasRequestEntryData): void {
  w.array(v, m.entity, writeAlterClientQuotasRequestEntityData);
  w.array(v, m.ops, writeOpData);
  w.tags();
}

function readAlterClientQuotasRequestEntryData(r: Reader, v: number): Decoded<AlterClientQuotasRequestEntryData> {
  const m: Decoded<AlterClientQuotasRequestEntryData> = {
    entity: r.array(v, 3, readAlterClientQuotasRequestEntityData),
    ops: r.array(v, 11, readOpData),
  };
  r.tags();
  return m;
}

function writeOpData(w: Writer, _v: number, m: OpData): void {
  w.string(m.key);
  w.float64(m.value);
  w.bool(m.remove);
  w.tags();
}

function readOpData(r: Reader, _v: number): Decoded<OpData> {
  const m: Decoded<OpData> = { key: r.string(), value: r.float64(), remove: r.bool() };
  r.tags();
  return m;
}

function writeAlterClientQuotasRequestEntityData(w: Writer, _v: number, m: AlterClientQuotasRequestEntityData): void {
  w.string(m.entityType);
  w.nullableString(m.entityName);
  w.tags();
}

function readAlterClientQuotasRequestEntityData(r: Reader, _v: number): Decoded<AlterClientQuotasRequestEntityData> {
  const m: Decoded<AlterClientQuotasRequestEntityData> = { entityType: r.string(), entityName: r.nullableString() };
  r.tags();
  return m;
}

function writeAlterClientQuotasResponse(w: Writer, v: number, m: AlterClientQuotasResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.entries, writeAlterClientQuotasResponseEntryData);
  w.tags();
}

function readAlterClientQuotasResponse(r: Reader, v: number): Decoded<AlterClientQuotasResponse> {
  const m: Decoded<AlterClientQuotasResponse> = {
    throttleTimeMs: r.int32(),
    entries: r.array(v, 5, readAlterClientQuotasResponseEntryData),
  };
  r.tags();
  return m;
}

function writeAlterClientQuotasResponseEntryData(w: Writer, v: number, m: AlterClientQuotasResponseEntryData): void {
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.array(v, m.entity, writeAlterClientQuotasResponseEntityData);
  w.tags();
}

function readAlterClientQuotasResponseEntryData(r: Reader, v: number): Decoded<AlterClientQuotasResponseEntryData> {
  const m: Decoded<AlterClientQuotasResponseEntryData> = {
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    entity: r.array(v, 3, readAlterClientQuotasResponseEntityData),
  };
  r.tags();
  return m;
}

function writeAlterClientQuotasResponseEntityData(w: Writer, _v: number, m: AlterClientQuotasResponseEntityData): void {
  w.string(m.entityType);
  w.nullableString(m.entityName);
  w.tags();
}

function readAlterClientQuotasResponseEntityData(r: Reader, _v: number): Decoded<AlterClientQuotasResponseEntityData> {
  const m: Decoded<AlterClientQuotasResponseEntityData> = { entityType: r.string(), entityName: r.nullableString() };
  r.tags();
  return m;
}
