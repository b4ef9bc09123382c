// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32, readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** ConsumerGroupDescribe, versions 0 to 1. */
export const consumerGroupDescribe: Api<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> = {
  key: 69,
  name: 'ConsumerGroupDescribe',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
  writeRequest: writeConsumerGroupDescribeRequest,
  readRequest: readConsumerGroupDescribeRequest,
  writeResponse: writeConsumerGroupDescribeResponse,
  readResponse: readConsumerGroupDescribeResponse,
};

export interface ConsumerGroupDescribeRequest {
  groupIds: readonly string[];
  includeAuthorizedOperations: boolean;
}

export interface ConsumerGroupDescribeResponse {
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
  instanceId?: string | null;
  /** default null */
  rackId?: string | null;
  memberEpoch: number;
  clientId: string;
  clientHost: string;
  subscribedTopicNames: readonly string[];
  /** default null */
  subscribedTopicRegex?: string | null;
  assignment: Assignment;
  targetAssignment: Assignment;
  /** 1+, default -1 */
  memberType?: number;
}

export interface Assignment {
  topicPartitions: readonly TopicPartitions[];
}

export interface TopicPartitions {
  topicId: string;
  topicName: string;
  partitions: readonly number[];
}

function writeConsumerGroupDescribeRequest(w: Writer, v: number, m: ConsumerGroupDescribeRequest): void {
  w.array(v, m.groupIds, writeString);
  w.bool(m.includeAuthorizedOperations);
  w.tags();
}

function readConsumerGroupDescribeRequest(r: Reader, v: number): Decoded<ConsumerGroupDescribeRequest> {
  const m: Decoded<ConsumerGroupDescribeRequest> = { groupIds: r.array(v, 1, readString), includeAuthorizedOperations: r.bool() };
  r.tags();
  return m;
}

function writeConsumerGroupDescribeResponse(w: Writer, v: number, m: ConsumerGroupDescribeResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.groups, writeDescribedGroup);
  w.tags();
}

function readConsumerGroupDescribeResponse(r: Reader, v: number): Decoded<ConsumerGroupDescribeResponse> {
  const m: Decoded<ConsumerGroupDescribeResponse> = { throttleTimeMs: r.int32(), groups: r.array(v, 20, readDescribedGroup) };
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
    members: r.array(v, 16, readMember),
    authorizedOperations: r.int32(),
  };
  r.tags();
  return m;
}

function writeMember(w: Writer, v: number, m: Member): void {
  w.string(m.memberId);
  w.nullableString(m.instanceId ?? null);
  w.nullableString(m.rackId ?? null);
  w.int32(m.memberEpoch);
  w.string(m.clientId);
  w.string(m.clientHost);
  w.array(v, m.subscribedTopicNames, writeString);
  w.nullableString(m.subscribedTopicRegex ?? null);
  writeAssignment(w, v, m.assignment);
  writeAssignment(w, v, m.targetAssignment);
  if (v >= 1) w.int8(m.memberType ?? -1);
  w.tags();
}

function readMember(r: Reader, v: number): Decoded<Member> {
  const m: Decoded<Member> = {
    memberId: r.string(),
    instanceId: r.nullableString(),
    rackId: r.nullableString(),
    memberEpoch: r.int32(),
    clientId: r.string(),
    clientHost: r.string(),
    subscribedTopicNames: r.array(v, 1, readString),
    subscribedTopicRegex: r.nullableString(),
    assignment: readAssignment(r, v),
    targetAssignment: readAssignment(r, v),
    memberType: v >= 1 ? r.int8() : -1,
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
