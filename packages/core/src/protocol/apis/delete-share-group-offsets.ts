// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DeleteShareGroupOffsets, versions 0 to 0. */
export const deleteShareGroupOffsets: Api<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse> = {
  key: 92,
  name: 'DeleteShareGroupOffsets',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeDeleteShareGroupOffsetsRequest,
  readRequest: readDeleteShareGroupOffsetsRequest,
  writeResponse: writeDeleteShareGroupOffsetsResponse,
  readResponse: readDeleteShareGroupOffsetsResponse,
};

export interface DeleteShareGroupOffsetsRequest {
  groupId: string;
  topics: readonly DeleteShareGroupOffsetsRequestTopic[];
}

export interface DeleteShareGroupOffsetsRequestTopic {
  topicName: string;
}

export interface DeleteShareGroupOffsetsResponse {
  throttleTimeMs: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  responses: readonly DeleteShareGroupOffsetsResponseTopic[];
}

export interface DeleteShareGroupOffsetsResponseTopic {
  topicName: string;
  topicId: string;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
}

function writeDeleteShareGroupOffsetsRequest(w: Writer, v: number, m: DeleteShareGroupOffsetsRequest): void {
  w.string(m.groupId);
  w.array(v, m.topics, writeDeleteShareGroupOffsetsRequestTopic);
  w.tags();
}

function readDeleteShareGroupOffsetsRequest(r: Reader, v: number): Decoded<DeleteShareGroupOffsetsRequest> {
  const m: Decoded<DeleteShareGroupOffsetsRequest> = {
    groupId: r.string(),
    topics: r.array(v, 2, readDeleteShareGroupOffsetsRequestTopic),
  };
  r.tags();
  return m;
}

function writeDeleteShareGroupOffsetsRequestTopic(w: Writer, _v: number, m: DeleteShareGroupOffsetsRequestTopic): void {
  w.string(m.topicName);
  w.tags();
}

function readDeleteShareGroupOffsetsRequestTopic(r: Reader, _v: number): Decoded<DeleteShareGroupOffsetsRequestTopic> {
  const m: Decoded<DeleteShareGroupOffsetsRequestTopic> = { topicName: r.string() };
  r.tags();
  return m;
}

function writeDeleteShareGroupOffsetsResponse(w: Writer, v: number, m: DeleteShareGroupOffsetsResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.array(v, m.responses, writeDeleteShareGroupOffsetsResponseTopic);
  w.tags();
}

function readDeleteShareGroupOffsetsResponse(r: Reader, v: number): Decoded<DeleteShareGroupOffsetsResponse> {
  const m: Decoded<DeleteShareGroupOffsetsResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    responses: r.array(v, 21, readDeleteShareGroupOffsetsResponseTopic),
  };
  r.tags();
  return m;
}

function writeDeleteShareGroupOffsetsResponseTopic(w: Writer, _v: number, m: DeleteShareGroupOffsetsResponseTopic): void {
  w.string(m.topicName);
  w.uuid(m.topicId);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.tags();
}

function readDeleteShareGroupOffsetsResponseTopic(r: Reader, _v: number): Decoded<DeleteShareGroupOffsetsResponseTopic> {
  const m: Decoded<DeleteShareGroupOffsetsResponseTopic> = {
    topicName: r.string(),
    topicId: r.uuid(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
  };
  r.tags();
  return m;
}
