// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** LeaveGroup, versions 0 to 5. */
export const leaveGroup: Api<LeaveGroupRequest, LeaveGroupResponse> = {
  key: 13,
  name: 'LeaveGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 4,
  writeRequest: writeLeaveGroupRequest,
  readRequest: readLeaveGroupRequest,
  writeResponse: writeLeaveGroupResponse,
  readResponse: readLeaveGroupResponse,
};

export interface LeaveGroupRequest {
  groupId: string;
  /** 0-2 */
  memberId?: string;
  /** 3+ */
  members?: readonly MemberIdentity[];
}

export interface MemberIdentity {
  memberId: string;
  /** default null */
  groupInstanceId?: string | null;
  /** 5+, default null */
  reason?: string | null;
}

export interface LeaveGroupResponse {
  /** 1+ */
  throttleTimeMs?: number;
  errorCode: number;
  /** 3+ */
  members?: readonly MemberResponse[];
}

export interface MemberResponse {
  memberId: string;
  groupInstanceId: string | null;
  errorCode: number;
}

function writeLeaveGroupRequest(w: Writer, v: number, m: LeaveGroupRequest): void {
  w.string(m.groupId);
  const memberId = m.memberId ?? '';
  if (v <= 2) w.string(memberId);
  else if (memberId !== '') cannotCarry('LeaveGroupRequest', 'memberId', v);
  const members = m.members ?? [];
  if (v >= 3) w.array(v, members, writeMemberIdentity);
  else if (members.length !== 0) cannotCarry('LeaveGroupRequest', 'members', v);
  w.tags();
}

function readLeaveGroupRequest(r: Reader, v: number): Decoded<LeaveGroupRequest> {
  const m: Decoded<LeaveGroupRequest> = {
    groupId: r.string(),
    memberId: v <= 2 ? r.string() : '',
    members: v >= 3 ? r.array(v, 3, readMemberIdentity) : [],
  };
  r.tags();
  return m;
}

function writeMemberIdentity(w: Writer, v: number, m: MemberIdentity): void {
  w.string(m.memberId);
  w.nullableString(m.groupInstanceId ?? null);
  if (v >= 5) w.nullableString(m.reason ?? null);
  w.tags();
}

function readMemberIdentity(r: Reader, v: number): Decoded<MemberIdentity> {
  const m: Decoded<MemberIdentity> = {
    memberId: r.string(),
    groupInstanceId: r.nullableString(),
    reason: v >= 5 ? r.nullableString() : null,
  };
  r.tags();
  return m;
}

function writeLeaveGroupResponse(w: Writer, v: number, m: LeaveGroupResponse): void {
  if (v >= 1) w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode);
  const members = m.members ?? [];
  if (v >= 3) w.array(v, members, writeMemberResponse);
  else if (members.length !== 0) cannotCarry('LeaveGroupResponse', 'members', v);
  w.tags();
}

function readLeaveGroupResponse(r: Reader, v: number): Decoded<LeaveGroupResponse> {
  const m: Decoded<LeaveGroupResponse> = {
    throttleTimeMs: v >= 1 ? r.int32() : 0,
    errorCode: r.int16(),
    members: v >= 3 ? r.array(v, 5, readMemberResponse) : [],
  };
  r.tags();
  return m;
}

function writeMemberResponse(w: Writer, _v: number, m: MemberResponse): void {
  w.string(m.memberId);
  w.nullableString(m.groupInstanceId);
  w.int16(m.errorCode);
  w.tags();
}

function readMemberResponse(r: Reader, _v: number): Decoded<MemberResponse> {
  const m: Decoded<MemberResponse> = { memberId: r.string(), groupInstanceId: r.nullableString(), errorCode: r.int16() };
  r.tags();
  return m;
}
