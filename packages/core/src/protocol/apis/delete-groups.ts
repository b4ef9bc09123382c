// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DeleteGroups, versions 0 to 2. */
export const deleteGroups: Api<DeleteGroupsRequest, DeleteGroupsResponse> = {
  key: 42,
  name: 'DeleteGroups',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
  writeRequest: writeDeleteGroupsRequest,
  readRequest: readDeleteGroupsRequest,
  writeResponse: writeDeleteGroupsResponse,
  readResponse: readDeleteGroupsResponse,
};

export interface DeleteGroupsRequest {
  groupsNames: readonly string[];
}

export interface DeleteGroupsResponse {
  throttleTimeMs: number;
  results: readonly DeletableGroupResult[];
}

export interface DeletableGroupResult {
  groupId: string;
  errorCode: number;
}

function writeDeleteGroupsRequest(w: Writer, v: number, m: DeleteGroupsRequest): void {
  w.array(v, m.groupsNames, writeString);
  w.tags();
}

function readDeleteGroupsRequest(r: Reader, v: number): Decoded<DeleteGroupsRequest> {
  const m: Decoded<DeleteGroupsRequest> = { groupsNames: r.array(v, 1, readString) };
  r.tags();
  return m;
}

function writeDeleteGroupsResponse(w: Writer, v: number, m: DeleteGroupsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.results, writeDeletableGroupResult);
  w.tags();
}

function readDeleteGroupsResponse(r: Reader, v: number): Decoded<DeleteGroupsResponse> {
  const m: Decoded<DeleteGroupsResponse> = { throttleTimeMs: r.int32(), results: r.array(v, 4, readDeletableGroupResult) };
  r.tags();
  return m;
}

function writeDeletableGroupResult(w: Writer, _v: number, m: DeletableGroupResult): void {
  w.string(m.groupId);
  w.int16(m.errorCode);
  w.tags();
}

function readDeletableGroupResult(r: Reader, _v: number): Decoded<DeletableGroupResult> {
  const m: Decoded<DeletableGroupResult> = { groupId: r.string(), errorCode: r.int16() };
  r.tags();
  return m;
}
