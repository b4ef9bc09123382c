// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** SyncGroup, versions 0 to 5. */
export const syncGroup: Api<SyncGroupRequest, SyncGroupResponse> = {
  key: 14,
  name: 'SyncGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 4,
  writeRequest: writeSyncGroupRequest,
  readRequest: readSyncGroupRequest,
  writeResponse: writeSyncGroupResponse,
  readResponse: readSyncGroupResponse,
};

export interface SyncGroupRequest {
  groupId: string;
  generationId: number;
  memberId: string;
  /** 3+, default null */
  groupInstanceId?: string | null;
  /** 5+, default null */
  protocolType?: string | null;
  /** 5+, default null */
  protocolName?: string | null;
  assignments: readonly Assignment[];
}

export interface Assignment {
  memberId: string;
  assignment: Uint8Array;
}

export interface SyncGroupResponse {
  /** 1+ */
  throttleTimeMs?: number;
  errorCode: number;
  /** 5+, default null */
  protocolType?: string | null;
  /** 5+, default null */
  protocolName?: string | null;
  assignment: Uint8Array;
}

function writeSyncGroupRequest(w: Writer, v: number, m: SyncGroupRequest): void {
  w.string(m.groupId);
  w.int32(m.generationId);
  w.string(m.memberId);
  const groupInstanceId = m.groupInstanceId ?? null;
  if (v >= 3) w.nullableString(groupInstanceId);
  else if (groupInstanceId !== null) cannotCarry('SyncGroupRequest', 'groupInstanceId', v);
  if (v >= 5) w.nullableString(m.protocolType ?? null);
  if (v >= 5) w.nullableString(m.protocolName ?? null);
  w.array(v, m.assignments, writeAssignment);
  w.tags();
}

function readSyncGroupRequest(r: Reader, v: number): Decoded<SyncGroupRequest> {
  const m: Decoded<SyncGroupRequest> = {
    groupId: r.string(),
    generationId: r.int32(),
    memberId: r.string(),
    groupInstanceId: v >= 3 ? r.nullableString() : null,
    protocolType: v >= 5 ? r.nullableString() : null,
    protocolName: v >= 5 ? r.nullableString() : null,
    assignments: r.array(v, 3, readAssignment),
  };
  r.tags();
  return m;
}

function writeAssignment(w: Writer, _v: number, m: Assignment): void {
  w.string(m.memberId);
  w.bytes(m.assignment);
  w.tags();
}

function readAssignment(r: Reader, _v: number): Decoded<Assignment> {
  const m: Decoded<Assignment> = { memberId: r.string(), assignment: r.bytes() };
  r.tags();
  return m;
}

function writeSyncGroupResponse(w: Writer, v: number, m: SyncGroupResponse): void {
  if (v >= 1) w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode);
  if (v >= 5) w.nullableString(m.protocolType ?? null);
  if (v >= 5) w.nullableString(m.protocolName ?? null);
  w.bytes(m.assignment);
  w.tags();
}

function readSyncGroupResponse(r: Reader, v: number): Decoded<SyncGroupResponse> {
  const m: Decoded<SyncGroupResponse> = {
    throttleTimeMs: v >= 1 ? r.int32() : 0,
    errorCode: r.int16(),
    protocolType: v >= 5 ? r.nullableString() : null,
    protocolName: v >= 5 ? r.nullableString() : null,
    assignment: r.bytes(),
  };
  r.tags();
  return m;
}
