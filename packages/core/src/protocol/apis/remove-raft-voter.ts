// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** RemoveRaftVoter, versions 0 to 0. */
export const removeRaftVoter: Api<RemoveRaftVoterRequest, RemoveRaftVoterResponse> = {
  key: 81,
  name: 'RemoveRaftVoter',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeRemoveRaftVoterRequest,
  readRequest: readRemoveRaftVoterRequest,
  writeResponse: writeRemoveRaftVoterResponse,
  readResponse: readRemoveRaftVoterResponse,
};

export interface RemoveRaftVoterRequest {
  clusterId: string | null;
  voterId: number;
  voterDirectoryId: string;
}

export interface RemoveRaftVoterResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
}

function writeRemoveRaftVoterRequest(w: Writer, _v: number, m: RemoveRaftVoterRequest): void {
  w.nullableString(m.clusterId);
  w.int32(m.voterId);
  w.uuid(m.voterDirectoryId);
  w.tags();
}

function readRemoveRaftVoterRequest(r: Reader, _v: number): Decoded<RemoveRaftVoterRequest> {
  const m: Decoded<RemoveRaftVoterRequest> = { clusterId: r.nullableString(), voterId: r.int32(), voterDirectoryId: r.uuid() };
  r.tags();
  return m;
}

function writeRemoveRaftVoterResponse(w: Writer, _v: number, m: RemoveRaftVoterResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.tags();
}

function readRemoveRaftVoterResponse(r: Reader, _v: number): Decoded<RemoveRaftVoterResponse> {
  const m: Decoded<RemoveRaftVoterResponse> = { throttleTimeMs: r.int32(), errorCode: r.int16(), errorMessage: r.nullableString() };
  r.tags();
  return m;
}
