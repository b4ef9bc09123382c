// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32, readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** ShareGroupDescribe, versions 1 to 1. */
export const shareGroupDescribe: Api<ShareGroupDescribeRequest, ShareGroupDescribeResponse> = {
  key: 77,
  name: 'ShareGroupDescribe',
  minVersion: 1,
  maxVersion: 1,
  flexibleVersion: 1,
  writeRequest: writeShareGroupDescribeRequest,
  readRequest: readShareGroupDescribeRequest,
  writeResponse: writeShareGroupDescribeResponse,
  readResponse: readShareGroupDescribeResponse,
};

export interface ShareGroupDescribeRequest {
  groupIds: readonly string[];
  includeAuthorizedOperations: boolean;
}

export interface ShareGroupDescribeResponse {
  throttleTimeMs: number;
  groups: readonly DescribedGroup[];
}

export interface DescribedGroup {
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  groupId: string;
  groupState: string;
  groupEpoch: number;
  assignmentEpoch: number;
  assignorName: string;
  members: readonly Member[];
  /** default -2147483648 */
  authorizedOperations?: number;
}

export interface Member {
  memberId: string;
  /** default null */
  rackId?: string | null;
  memberEpoch: number;
  clientId: string;
  clientHost: string;
  subscribedTopicNames: readonly string[];
  assignment: Assignment;
}

export interface Assignment {
  topicPartitions: readonly TopicPartitions[];
}

export interface TopicPartitions {
  topicId: string;
  topicName: string;
  partitions: readonly number[];
}

function writeShareGroupDescribeRequest(w: Writer, v: number, m: ShareGroupDescribeRequest): void {
  w.array(v, m.groupIds, writeString);
  w.bool(m.includeAuthorizedOperations);
  w.tags();
}

function readShareGroupDescribeRequest(r: Reader, v: number): Decoded<ShareGroupDescribeRequest> {
  const m: Decoded<ShareGroupDescribeRequest> = { groupIds: r.array(v, 1, readString), includeAuthorizedOperations: r.bool() };
  r.tags();
  return m;
}

function writeShareGroupDescribeResponse(w: Writer, v: number, m: ShareGroupDescribeResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.groups, writeDescribedGroup);
  w.tags();
}

function readShareGroupDescribeResponse(r: Reader, v: number): Decoded<ShareGroupDescribeResponse> {
  const m: Decoded<ShareGroupDescribeResponse> = { throttleTimeMs: r.int32(), groups: r.array(v, 20, readDescribedGroup) };
  r.tags();
  return m;
}

function writeDescribedGroup(w: Writer, v: number, m: DescribedGroup): void {
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.string(m.groupId);
  w.string(m.groupState);
  w.int32(m.groupEpoch);
  w.int32(m.assignmentEpoch);
  w.string(m.assignorName);
  w.array(v, m.members, writeMember);
  w.int32(m.authorizedOperations ?? -2147483648);
  w.tags();
}

function readDescribedGroup(r: Reader, v: number): Decoded<DescribedGroup> {
  const m: Decoded<DescribedGroup> = {
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    groupId: r.string(),
    groupState: r.string(),
    groupEpoch: r.int32(),
    assignmentEpoch: r.int32(),
    assignorName: r.string(),
    members: r.array(v, 12, readMember),
    authorizedOperations: r.int32(),
  };
  r.tags();
  return m;
}

function writeMember(w: Writer, v: number, m: Member): void {
  w.string(m.memberId);
  w.nullableString(m.rackId ?? null);
  w.int32(m.memberEpoch);
  w.string(m.clientId);
  w.string(m.clientHost);
  w.array(v, m.subscribedTopicNames, writeString);
  writeAssignment(w, v, m.assignment);
  w.tags();
}

function readMember(r: Reader, v: number): Decoded<Member> {
  const m: Decoded<Member> = {
    memberId: r.string(),
    rackId: r.nullableString(),
    memberEpoch: r.int32(),
    clientId: r.string(),
    clientHost: r.string(),
    subscribedTopicNames: r.array(v, 1, readString),
    assignment: readAssignment(r, v),
  };
  r.tags();
  return m;
}

function writeAssignment(w: Writer, v: number, m: Assignment): void {
  w.array(v, m.topicPartitions, writeTopicPartitions);
  w.tags();
}

function readAssignment(r: Reader, v: number): Decoded<Assignment> {
  const m: Decoded<Assignment> = { topicPartitions: r.array(v, 19, readTopicPartitions) };
  r.tags();
  return m;
}

function writeTopicPartitions(w: Writer, v: number, m: TopicPartitions): void {
  w.uuid(m.topicId);
  w.string(m.topicName);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readTopicPartitions(r: Reader, v: number): Decoded<TopicPartitions> {
  const m: Decoded<TopicPartitions> = { topicId: r.uuid(), topicName: r.string(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}
