// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** DescribeGroups, versions 0 to 6. */
export const describeGroups: Api<DescribeGroupsRequest, DescribeGroupsResponse> = {
  key: 15,
  name: 'DescribeGroups',
  minVersion: 0,
  maxVersion: 6,
  flexibleVersion: 5,
  writeRequest: writeDescribeGroupsRequest,
  readRequest: readDescribeGroupsRequest,
  writeResponse: writeDescribeGroupsResponse,
  readResponse: readDescribeGroupsResponse,
};

export interface DescribeGroupsRequest {
  groups: readonly string[];
  /** 3+ */
  includeAuthorizedOperations?: boolean;
}

export interface DescribeGroupsResponse {
  /** 1+ */
  throttleTimeMs?: number;
  groups: readonly DescribedGroup[];
}

export interface DescribedGroup {
  errorCode: number;
  /** 6+, default null */
  errorMessage?: string | null;
  groupId: string;
  groupState: string;
  protocolType: string;
  protocolData: string;
  members: readonly DescribedGroupMember[];
  /** 3+, default -2147483648 */
  authorizedOperations?: number;
}

export interface DescribedGroupMember {
  memberId: string;
  /** 4+, default null */
  groupInstanceId?: string | null;
  clientId: string;
  clientHost: string;
  memberMetadata: Uint8Array;
  memberAssignment: Uint8Array;
}

function writeDescribeGroupsRequest(w: Writer, v: number, m: DescribeGroupsRequest): void {
  w.array(v, m.groups, writeString);
  const includeAuthorizedOperations = m.includeAuthorizedOperations ?? false;
  if (v >= 3) w.bool(includeAuthorizedOperations);
  else if (includeAuthorizedOperations !== false) cannotCarry('DescribeGroupsRequest', 'includeAuthorizedOperations', v);
  w.tags();
}

function readDescribeGroupsRequest(r: Reader, v: number): Decoded<DescribeGroupsRequest> {
  const m: Decoded<DescribeGroupsRequest> = { groups: r.array(v, 1, readString), includeAuthorizedOperations: v >= 3 ? r.bool() : false };
  r.tags();
  return m;
}

function writeDescribeGroupsResponse(w: Writer, v: number, m: DescribeGroupsResponse): void {
  if (v >= 1) w.int32(m.throttleTimeMs ?? 0);
  w.array(v, m.groups, writeDescribedGroup);
  w.tags();
}

function readDescribeGroupsResponse(r: Reader, v: number): Decoded<DescribeGroupsResponse> {
  const m: Decoded<DescribeGroupsResponse> = { throttleTimeMs: v >= 1 ? r.int32() : 0, groups: r.array(v, 12, readDescribedGroup) };
  r.tags();
  return m;
}

function writeDescribedGroup(w: Writer, v: number, m: DescribedGroup): void {
  w.int16(m.errorCode);
  const errorMessage = m.errorMessage ?? null;
  if (v >= 6) w.nullableString(errorMessage);
  else if (errorMessage !== null) cannotCarry('DescribeGroupsResponse', 'groups.errorMessage', v);
  w.string(m.groupId);
  w.string(m.groupState);
  w.string(m.protocolType);
  w.string(m.protocolData);
  w.array(v, m.members, writeDescribedGroupMember);
  const authorizedOperations = m.authorizedOperations ?? -2147483648;
  if (v >= 3) w.int32(authorizedOperations);
  else if (authorizedOperations !== -2147483648) cannotCarry('DescribeGroupsResponse', 'groups.authorizedOperations', v);
  w.tags();
}

function readDescribedGroup(r: Reader, v: number): Decoded<DescribedGroup> {
  const m: Decoded<DescribedGroup> = {
    errorCode: r.int16(),
    errorMessage: v >= 6 ? r.nullableString() : null,
    groupId: r.string(),
    groupState: r.string(),
    protocolType: r.string(),
    protocolData: r.string(),
    members: r.array(v, 7, readDescribedGroupMember),
    authorizedOperations: v >= 3 ? r.int32() : -2147483648,
  };
  r.tags();
  return m;
}

function writeDescribedGroupMember(w: Writer, v: number, m: DescribedGroupMember): void {
  w.string(m.memberId);
  if (v >= 4) w.nullableString(m.groupInstanceId ?? null);
  w.string(m.clientId);
  w.string(m.clientHost);
  w.bytes(m.memberMetadata);
  w.bytes(m.memberAssignment);
  w.tags();
}

function readDescribedGroupMember(r: Reader, v: number): Decoded<DescribedGroupMember> {
  const m: Decoded<DescribedGroupMember> = {
    memberId: r.string(),
    groupInstanceId: v >= 4 ? r.nullableString() : null,
    clientId: r.string(),
    clientHost: r.string(),
    memberMetadata: r.bytes(),
    memberAssignment: r.bytes(),
  };
  r.tags();
  return m;
}
