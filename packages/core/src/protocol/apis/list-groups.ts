// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** ListGroups, versions 0 to 5. */
export const listGroups: Api<ListGroupsRequest, ListGroupsResponse> = {
  key: 16,
  name: 'ListGroups',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 3,
  writeRequest: writeListGroupsRequest,
  readRequest: readListGroupsRequest,
  writeResponse: writeListGroupsResponse,
  readResponse: readListGroupsResponse,
};

export interface ListGroupsRequest {
  /** 4+ */
  statesFilter?: readonly string[];
  /** 5+ */
  typesFilter?: readonly string[];
}

export interface ListGroupsResponse {
  /** 1+ */
  throttleTimeMs?: number;
  errorCode: number;
  groups: readonly ListedGroup[];
}

export interface ListedGroup {
  groupId: string;
  protocolType: string;
  /** 4+ */
  groupState?: string;
  /** 5+ */
  groupType?: string;
}

function writeListGroupsRequest(w: Writer, v: number, m: ListGroupsRequest): void {
  const statesFilter = m.statesFilter ?? [];
  if (v >= 4) w.array(v, statesFilter, writeString);
  else if (statesFilter.length !== 0) cannotCarry('ListGroupsRequest', 'statesFilter', v);
  const typesFilter = m.typesFilter ?? [];
  if (v >= 5) w.array(v, typesFilter, writeString);
  else if (typesFilter.length !== 0) cannotCarry('ListGroupsRequest', 'typesFilter', v);
  w.tags();
}

function readListGroupsRequest(r: Reader, v: number): Decoded<ListGroupsRequest> {
  const m: Decoded<ListGroupsRequest> = {
    statesFilter: v >= 4 ? r.array(v, 1, readString) : [],
    typesFilter: v >= 5 ? r.array(v, 1, readString) : [],
  };
  r.tags();
  return m;
}

function writeListGroupsResponse(w: Writer, v: number, m: ListGroupsResponse): void {
  if (v >= 1) w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode);
  w.array(v, m.groups, writeListedGroup);
  w.tags();
}

function readListGroupsResponse(r: Reader, v: number): Decoded<ListGroupsResponse> {
  const m: Decoded<ListGroupsResponse> = {
    throttleTimeMs: v >= 1 ? r.int32() : 0,
    errorCode: r.int16(),
    groups: r.array(v, 3, readListedGroup),
  };
  r.tags();
  return m;
}

function writeListedGroup(w: Writer, v: number, m: ListedGroup): void {
  w.string(m.groupId);
  w.string(m.protocolType);
  if (v >= 4) w.string(m.groupState ?? '');
  if (v >= 5) w.string(m.groupType ?? '');
  w.tags();
}

function readListedGroup(r: Reader, v: number): Decoded<ListedGroup> {
  const m: Decoded<ListedGroup> = {
    groupId: r.string(),
    protocolType: r.string(),
    groupState: v >= 4 ? r.string() : '',
    groupType: v >= 5 ? r.string() : '',
  };
  r.tags();
  return m;
}
