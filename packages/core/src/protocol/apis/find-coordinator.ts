// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** FindCoordinator, versions 0 to 6. */
export const findCoordinator: Api<FindCoordinatorRequest, FindCoordinatorResponse> = {
  key: 10,
  name: 'FindCoordinator',
  minVersion: 0,
  maxVersion: 6,
  flexibleVersion: 3,
  writeRequest: writeFindCoordinatorRequest,
  readRequest: readFindCoordinatorRequest,
  writeResponse: writeFindCoordinatorResponse,
  readResponse: readFindCoordinatorResponse,
};

export interface FindCoordinatorRequest {
  /** 0-3 */
  key?: string;
  /** 1+, default 0 */
  keyType?: number;
  /** 4+ */
  coordinatorKeys?: readonly string[];
}

export interface FindCoordinatorResponse {
  /** 1+ */
  throttleTimeMs?: number;
  /** 0-3 */
  errorCode?: number;
  /** 1-3 */
  errorMessage?: string | null;
  /** 0-3 */
  nodeId?: number;
  /** 0-3 */
  host?: string;
  /** 0-3 */
  port?: number;
  /** 4+ */
  coordinators?: readonly Coordinator[];
}

export interface Coordinator {
  key: string;
  nodeId: number;
  host: string;
  port: number;
  errorCode: number;
  errorMessage: string | null;
}

function writeFindCoordinatorRequest(w: Writer, v: number, m: FindCoordinatorRequest): void {
  const key = m.key ?? '';
  if (v <= 3) w.string(key);
  else if (key !== '') cannotCarry('FindCoordinatorRequest', 'key', v);
  const keyType = m.keyType ?? 0;
  if (v >= 1) w.int8(keyType);
  else if (keyType !== 0) cannotCarry('FindCoordinatorRequest', 'keyType', v);
  const coordinatorKeys = m.coordinatorKeys ?? [];
  if (v >= 4) w.array(v, coordinatorKeys, writeString);
  else if (coordinatorKeys.length !== 0) cannotCarry('FindCoordinatorRequest', 'coordinatorKeys', v);
  w.tags();
}

function readFindCoordinatorRequest(r: Reader, v: number): Decoded<FindCoordinatorRequest> {
  const m: Decoded<FindCoordinatorRequest> = {
    key: v <= 3 ? r.string() : '',
    keyType: v >= 1 ? r.int8() : 0,
    coordinatorKeys: v >= 4 ? r.array(v, 1, readString) : [],
  };
  r.tags();
  return m;
}

function writeFindCoordinatorResponse(w: Writer, v: number, m: FindCoordinatorResponse): void {
  if (v >= 1) w.int32(m.throttleTimeMs ?? 0);
  const errorCode = m.errorCode ?? 0;
  if (v <= 3) w.int16(errorCode);
  else if (errorCode !== 0) cannotCarry('FindCoordinatorResponse', 'errorCode', v);
  if (v >= 1 && v <= 3) w.nullableString(m.errorMessage === undefined ? '' : m.errorMessage);
  const nodeId = m.nodeId ?? 0;
  if (v <= 3) w.int32(nodeId);
  else if (nodeId !== 0) cannotCarry('FindCoordinatorResponse', 'nodeId', v);
  const host = m.host ?? '';
  if (v <= 3) w.string(host);
  else if (host !== '') cannotCarry('FindCoordinatorResponse', 'host', v);
  const port = m.port ?? 0;
  if (v <= 3) w.int32(port);
  else if (port !== 0) cannotCarry('FindCoordinatorResponse', 'port', v);
  const coordinators = m.coordinators ?? [];
  if (v >= 4) w.array(v, coordinators, writeCoordinator);
  else if (coordinators.length !== 0) cannotCarry('FindCoordinatorResponse', 'coordinators', v);
  w.tags();
}

function readFindCoordinatorResponse(r: Reader, v: number): Decoded<FindCoordinatorResponse> {
  const m: Decoded<FindCoordinatorResponse> = {
    throttleTimeMs: v >= 1 ? r.int32() : 0,
    errorCode: v <= 3 ? r.int16() : 0,
    errorMessage: v >= 1 && v <= 3 ? r.nullableString() : '',
    nodeId: v <= 3 ? r.int32() : 0,
    host: v <= 3 ? r.string() : '',
    port: v <= 3 ? r.int32() : 0,
    coordinators: v >= 4 ? r.array(v, 14, readCoordinator) : [],
  };
  r.tags();
  return m;
}

function writeCoordinator(w: Writer, _v: number, m: Coordinator): void {
  w.string(m.key);
  w.int32(m.nodeId);
  w.string(m.host);
  w.int32(m.port);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.tags();
}

function readCoordinator(r: Reader, _v: number): Decoded<Coordinator> {
  const m: Decoded<Coordinator> = {
    key: r.string(),
    nodeId: r.int32(),
    host: r.string(),
    port: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
  };
  r.tags();
  return m;
}
