// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** AddRaftVoter, versions 0 to 1. */
export const addRaftVoter: Api<AddRaftVoterRequest, AddRaftVoterResponse> = {
  key: 80,
  name: 'AddRaftVoter',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
  writeRequest: writeAddRaftVoterRequest,
  readRequest: readAddRaftVoterRequest,
  writeResponse: writeAddRaftVoterResponse,
  readResponse: readAddRaftVoterResponse,
};

export interface AddRaftVoterRequest {
  clusterId: string | null;
  timeoutMs: number;
  voterId: number;
  voterDirectoryId: string;
  listeners: readonly Listener[];
  /** 1+, default true */
  ackWhenCommitted?: boolean;
}

export interface Listener {
  name: string;
  host: string;
  port: number;
}

export interface AddRaftVoterResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
}

function writeAddRaftVoterRequest(w: Writer, v: number, m: AddRaftVoterRequest): void {
  w.nullableString(m.clusterId);
  w.int32(m.timeoutMs);
  w.int32(m.voterId);
  w.uuid(m.voterDirectoryId);
  w.array(v, m.listeners, writeListener);
  const ackWhenCommitted = m.ackWhenCommitted ?? true;
  if (v >= 1) w.bool(ackWhenCommitted);
  else if (ackWhenCommitted !== true) cannotCarry('AddRaftVoterRequest', 'ackWhenCommitted', v);
  w.tags();
}

function readAddRaftVoterRequest(r: Reader, v: number): Decoded<AddRaftVoterRequest> {
  const m: Decoded<AddRaftVoterRequest> = {
    clusterId: r.nullableString(),
    timeoutMs: r.int32(),
    voterId: r.int32(),
    voterDirectoryId: r.uuid(),
    listeners: r.array(v, 5, readListener),
    ackWhenCommitted: v >= 1 ? r.bool() : true,
  };
  r.tags();
  return m;
}

function writeListener(w: Writer, _v: number, m: Listener): void {
  w.string(m.name);
  w.string(m.host);
  w.uint16(m.port);
  w.tags();
}

function readListener(r: Reader, _v: number): Decoded<Listener> {
  const m: Decoded<Listener> = { name: r.string(), host: r.string(), port: r.uint16() };
  r.tags();
  return m;
}

function writeAddRaftVoterResponse(w: Writer, _v: number, m: AddRaftVoterResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.tags();
}

function readAddRaftVoterResponse(r: Reader, _v: number): Decoded<AddRaftVoterResponse> {
  const m: Decoded<AddRaftVoterResponse> = { throttleTimeMs: r.int32(), errorCode: r.int16(), errorMessage: r.nullableString() };
  r.tags();
  return m;
}
