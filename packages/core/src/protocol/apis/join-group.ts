// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** JoinGroup, versions 0 to 9. */
export const joinGroup: Api<JoinGroupRequest, JoinGroupResponse> = {
  key: 11,
  name: 'JoinGroup',
  minVersion: 0,
  maxVersion: 9,
  flexibleVersion: 6,
  writeRequest: writeJoinGroupRequest,
  readRequest: readJoinGroupRequest,
  writeResponse: writeJoinGroupResponse,
  readResponse: readJoinGroupResponse,
};

export interface JoinGroupRequest {
  groupId: string;
  sessionTimeoutMs: number;
  /** 1+, default -1 */
  rebalanceTimeoutMs?: number;
  memberId: string;
  /** 5+, default null */
  groupInstanceId?: string | null;
  protocolType: string;
  protocols: readonly Protocol[];
  /** 8+, default null */
  reason?: string | null;
}

export interface Protocol {
  name: string;
  metadata: Uint8Array;
}

export interface JoinGroupResponse {
  /** 2+ */
  throttleTimeMs?: number;
  errorCode: number;
  /** default -1 */
  generationId?: number;
  /** 7+, default null */
  protocolType?: string | null;
  /** null 7+ */
  protocolName: string | null;
  leader: string;
  /** 9+, default false */
  skipAssignment?: boolean;
  memberId: string;
  members: readonly Member[];
}

export interface Member {
  memberId: string;
  /** 5+, default null */
  groupInstanceId?: string | null;
  metadata: Uint8Array;
}

function writeJoinGroupRequest(w: Writer, v: number, m: JoinGroupRequest): void {
  w.string(m.groupId);
  w.int32(m.sessionTimeoutMs);
  if (v >= 1) w.int32(m.rebalanceTimeoutMs ?? -1);
  w.string(m.memberId);
  const groupInstanceId = m.groupInstanceId ?? null;
  if (v >= 5) w.nullableString(groupInstanceId);
  else if (groupInstanceId !== null) cannotCarry('JoinGroupRequest', 'groupInstanceId', v);
  w.string(m.protocolType);
  w.array(v, m.protocols, writeProtocol);
  if (v >= 8) w.nullableString(m.reason ?? null);
  w.tags();
}

function readJoinGroupRequest(r: Reader, v: number): Decoded<JoinGroupRequest> {
  const m: Decoded<JoinGroupRequest> = {
    groupId: r.string(),
    sessionTimeoutMs: r.int32(),
    rebalanceTimeoutMs: v >= 1 ? r.int32() : -1,
    memberId: r.string(),
    groupInstanceId: v >= 5 ? r.nullableString() : null,
    protocolType: r.string(),
    protocols: r.array(v, 3, readProtocol),
    reason: v >= 8 ? r.nullableString() : null,
  };
  r.tags();
  return m;
}

function writeProtocol(w: Writer, _v: number, m: Protocol): void {
  w.string(m.name);
  w.bytes(m.metadata);
  w.tags();
}

function readProtocol(r: Reader, _v: number): Decoded<Protocol> {
  const m: Decoded<Protocol> = { name: r.string(), metadata: r.bytes() };
  r.tags();
  return m;
}

function writeJoinGroupResponse(w: Writer, v: number, m: JoinGroupResponse): void {
  if (v >= 2) w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode);
  w.int32(m.generationId ?? -1);
  if (v >= 7) w.nullableString(m.protocolType ?? null);
  if (v >= 7) w.nullableString(m.protocolName);
  else w.string(m.protocolName ?? cannotCarry('JoinGroupResponse', 'protocolName: null', v));
  w.string(m.leader);
  const skipAssignment = m.skipAssignment ?? false;
  if (v >= 9) w.bool(skipAssignment);
  else if (skipAssignment !== false) cannotCarry('JoinGroupResponse', 'skipAssignment', v);
  w.string(m.memberId);
  w.array(v, m.members, writeMember);
  w.tags();
}

function readJoinGroupResponse(r: Reader, v: number): Decoded<JoinGroupResponse> {
  const m: Decoded<JoinGroupResponse> = {
    throttleTimeMs: v >= 2 ? r.int32() : 0,
    errorCode: r.int16(),
    generationId: r.int32(),
    protocolType: v >= 7 ? r.nullableString() : null,
    protocolName: v >= 7 ? r.nullableString() : r.string(),
    leader: r.string(),
    skipAssignment: v >= 9 ? r.bool() : false,
    memberId: r.string(),
    members: r.array(v, 4, readMember),
  };
  r.tags();
  return m;
}

function writeMember(w: Writer, v: number, m: Member): void {
  w.string(m.memberId);
  if (v >= 5) w.nullableString(m.groupInstanceId ?? null);
  w.bytes(m.metadata);
  w.tags();
}

function readMember(r: Reader, v: number): Decoded<Member> {
  const m: Decoded<Member> = { memberId: r.string(), groupInstanceId: v >= 5 ? r.nullableString() : null, metadata: r.bytes() };
  r.tags();
  return m;
}
