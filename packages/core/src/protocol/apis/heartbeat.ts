// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** Heartbeat, versions 0 to 4. */
export const heartbeat: Api<HeartbeatRequest, HeartbeatResponse> = {
  key: 12,
  name: 'Heartbeat',
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 4,
  writeRequest: writeHeartbeatRequest,
  readRequest: readHeartbeatRequest,
  writeResponse: writeHeartbeatResponse,
  readResponse: readHeartbeatResponse,
};

export interface HeartbeatRequest {
  groupId: string;
  generationId: number;
  memberId: string;
  /** 3+, default null */
  groupInstanceId?: string | null;
}

export interface HeartbeatResponse {
  /** 1+ */
  throttleTimeMs?: number;
  errorCode: number;
}

function writeHeartbeatRequest(w: Writer, v: number, m: HeartbeatRequest): void {
  w.string(m.groupId);
  w.int32(m.generationId);
  w.string(m.memberId);
  const groupInstanceId = m.groupInstanceId ?? null;
  if (v >= 3) w.nullableString(groupInstanceId);
  else if (groupInstanceId !== null) cannotCarry('HeartbeatRequest', 'groupInstanceId', v);
  w.tags();
}

function readHeartbeatRequest(r: Reader, v: number): Decoded<HeartbeatRequest> {
  const m: Decoded<HeartbeatRequest> = {
    groupId: r.string(),
    generationId: r.int32(),
    memberId: r.string(),
    groupInstanceId: v >= 3 ? r.nullableString() : null,
  };
  r.tags();
  return m;
}

function writeHeartbeatResponse(w: Writer, v: number, m: HeartbeatResponse): void {
  if (v >= 1) w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode);
  w.tags();
}

function readHeartbeatResponse(r: Reader, v: number): Decoded<HeartbeatResponse> {
  const m: Decoded<HeartbeatResponse> = { throttleTimeMs: v >= 1 ? r.int32() : 0, errorCode: r.int16() };
  r.tags();
  return m;
}
