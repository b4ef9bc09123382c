// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry, zeroUuid } from '../writer.ts';

/** DeleteTopics, versions 1 to 6. */
export const deleteTopics: Api<DeleteTopicsRequest, DeleteTopicsResponse> = {
  key: 20,
  name: 'DeleteTopics',
  minVersion: 1,
  maxVersion: 6,
  flexibleVersion: 4,
  writeRequest: writeDeleteTopicsRequest,
  readRequest: readDeleteTopicsRequest,
  writeResponse: writeDeleteTopicsResponse,
  readResponse: readDeleteTopicsResponse,
};

export interface DeleteTopicsRequest {
  /** 6+ */
  topics?: readonly DeleteTopicState[];
  /** 1-5 */
  topicNames?: readonly string[];
  timeoutMs: number;
}

export interface DeleteTopicState {
  /** default null */
  name?: string | null;
  topicId: string;
}

export interface DeleteTopicsResponse {
  throttleTimeMs: number;
  responses: readonly DeletableTopicResult[];
}

export interface DeletableTopicResult {
  /** null 6+ */
  name: string | null;
  /** 6+ */
  topicId?: string;
  errorCode: number;
  /** 5+, default null */
  errorMessage?: string | null;
}

function writeDeleteTopicsRequest(w: Writer, v: number, m: DeleteTopicsRequest): void {
  const topics = m.topics ?? [];
  if (v >= 6) w.array(v, topics, writeDeleteTopicState);
  else if (topics.length !== 0) cannotCarry('DeleteTopicsRequest', 'topics', v);
  if (v <= 5) w.array(v, m.topicNames ?? [], writeString);
  w.int32(m.timeoutMs);
  w.tags();
}

function readDeleteTopicsRequest(r: Reader, v: number): Decoded<DeleteTopicsRequest> {
  const m: Decoded<DeleteTopicsRequest> = {
    topics: v >= 6 ? r.array(v, 18, readDeleteTopicState) : [],
    topicNames: v <= 5 ? r.array(v, 1, readString) : [],
    timeoutMs: r.int32(),
  };
  r.tags();
  return m;
}

function writeDeleteTopicState(w: Writer, _v: number, m: DeleteTopicState): void {
  w.nullableString(m.name ?? null);
  w.uuid(m.topicId);
  w.tags();
}

function readDeleteTopicState(r: Reader, _v: number): Decoded<DeleteTopicState> {
  const m: Decoded<DeleteTopicState> = { name: r.nullableString(), topicId: r.uuid() };
  r.tags();
  return m;
}

function writeDeleteTopicsResponse(w: Writer, v: number, m: DeleteTopicsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.responses, writeDeletableTopicResult);
  w.tags();
}

function readDeleteTopicsResponse(r: Reader, v: number): Decoded<DeleteTopicsResponse> {
  const m: Decoded<DeleteTopicsResponse> = { throttleTimeMs: r.int32(), responses: r.array(v, 4, readDeletableTopicResult) };
  r.tags();
  return m;
}

function writeDeletableTopicResult(w: Writer, v: number, m: DeletableTopicResult): void {
  if (v >= 6) w.nullableString(m.name);
  else w.string(m.name ?? cannotCarry('DeleteTopicsResponse', 'responses.name: null', v));
  if (v >= 6) w.uuid(m.topicId ?? zeroUuid);
  w.int16(m.errorCode);
  if (v >= 5) w.nullableString(m.errorMessage ?? null);
  w.tags();
}

function readDeletableTopicResult(r: Reader, v: number): Decoded<DeletableTopicResult> {
  const m: Decoded<DeletableTopicResult> = {
    name: v >= 6 ? r.nullableString() : r.string(),
    topicId: v >= 6 ? r.uuid() : zeroUuid,
    errorCode: r.int16(),
    errorMessage: v >= 5 ? r.nullableString() : null,
  };
  r.tags();
  return m;
}
