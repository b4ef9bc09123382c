import { apis, type Decoded, decompressSync, readBatches, readRecords, type ShareFetchResponse } from '@tskafka/core/protocol';
import { broker, type TestTopic } from './broker.ts';
import { code } from './error-code.ts';
import { configureGroup, type GroupConfigs } from './group-configs.ts';
import { until } from './until.ts';
import type { Wire } from './wire.ts';

/** What the tests of share groups ask for: one partition of one topic, in any version, and its part of the answer. */

export interface ShareGroup {
  readonly id: string;
  /** To its coordinator. */
  readonly wire: Wire;
}

/** A group that reads from the start, unless `configs` say otherwise, and gives members their partitions at once. */
export async function shareGroup(configs: GroupConfigs = {}): Promise<ShareGroup> {
  const id = broker.freshName('share');
  const all = { 'share.auto.offset.reset': 'earliest', 'share.assignment.interval.ms': '0', ...configs };
  const error = await configureGroup(id, all);
  if (error !== 0) throw new Error(`configuring ${id}: error ${error}`);
  return { id, wire: await broker.coordinatorWire(id) };
}

let members = 0;

/** The id of a member that nobody else has. */
export function freshMember(): string {
  return `${String(members++).padStart(8, '0')}-0000-4000-8000-${Math.random().toString(16).slice(2, 14).padEnd(12, '0')}`;
}

export interface Joined {
  readonly memberId: string;
  readonly memberEpoch: number;
  /** The partitions of each topic id. */
  readonly assigned: ReadonlyMap<string, readonly number[]>;
}

/** Joins, and resolves once the member has been given partitions of each topic. */
export async function join(group: ShareGroup, topics: readonly TestTopic[], memberId = freshMember()): Promise<Joined> {
  let memberEpoch = 0;
  const assigned = new Map<string, readonly number[]>();
  await until(`${memberId} has partitions`, async () => {
    const subscribedTopicNames = memberEpoch === 0 ? topics.map(({ name }) => name) : null;
    const answer = await group.wire.send(apis.shareGroupHeartbeat, 1, { groupId: group.id, memberId, memberEpoch, subscribedTopicNames });
    if (answer.errorCode !== 0) throw new Error(`joining: error ${answer.errorCode} ${answer.errorMessage}`);
    memberEpoch = answer.memberEpoch;
    for (const { topicId, partitions } of answer.assignment?.topicPartitions ?? []) assigned.set(topicId, partitions);
    return assigned.size === topics.length;
  });
  return { memberId, memberEpoch, assigned };
}

export async function leave(group: ShareGroup, memberId: string): Promise<void> {
  const request = { groupId: group.id, memberId, memberEpoch: -1 };
  const { errorCode } = await group.wire.send(apis.shareGroupHeartbeat, 1, request);
  if (errorCode !== 0) throw new Error(`leaving: error ${errorCode}`);
}

export interface Acknowledged {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly acknowledgeTypes: readonly number[];
}

export function acknowledgement(firstOffset: number, lastOffset: number, ...acknowledgeTypes: number[]): Acknowledged {
  return { firstOffset, lastOffset, acknowledgeTypes };
}

export const type = { gap: 0, accept: 1, release: 2, reject: 3, renew: 4 } as const;

export interface ShareFetchFields {
  readonly version?: number;
  readonly epoch?: number;
  readonly partition?: number;
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly maxRecords?: number;
  readonly batchSize?: number;
  readonly recordLimit?: boolean;
  readonly renews?: boolean;
  readonly acknowledge?: readonly Acknowledged[];
  /** Leaves the topic out, as a session remembers it. */
  readonly asBefore?: boolean;
}

export type SharedPartition = Decoded<ShareFetchResponse>['responses'][number]['partitions'][number];

/** Fetches as a member; gives the whole answer. */
export async function shareFetch(
  wire: Wire,
  groupId: string,
  memberId: string | null,
  topic: TestTopic,
  fields: ShareFetchFields = {},
): Promise<Decoded<ShareFetchResponse>> {
  const { version = 2, epoch = 0, partition = 0, maxWaitMs = 5000, minBytes = 1, maxBytes = 1_000_000 } = fields;
  const { maxRecords = 500, batchSize = 500, recordLimit = false, renews = false, acknowledge = [], asBefore = false } = fields;
  const partitions = [{ partitionIndex: partition, acknowledgementBatches: acknowledge }];
  return wire.send(apis.shareFetch, version, {
    ...{ groupId, memberId, shareSessionEpoch: epoch, maxWaitMs, minBytes, maxBytes, maxRecords, batchSize },
    ...(version >= 2 && { shareAcquireMode: recordLimit ? 1 : 0, isRenewAck: renews }),
    topics: asBefore && acknowledge.length === 0 ? [] : [{ topicId: topic.id, partitions }],
    forgottenTopicsData: [],
  });
}

/** A member's fetches from one partition, each continuing the session of the one before. */
export class ShareReader {
  readonly wire: Wire;
  readonly memberId: string;
  readonly #groupId: string;
  readonly topic: TestTopic;
  /** That of the next request. */
  epoch = 0;

  constructor(wire: Wire, group: ShareGroup, memberId: string, topic: TestTopic) {
    this.wire = wire;
    this.memberId = memberId;
    this.#groupId = group.id;
    this.topic = topic;
  }

  /** The partition in the answer; undefined when it is not named. */
  async fetch(fields: ShareFetchFields = {}): Promise<SharedPartition | undefined> {
    const asBefore = this.epoch > 0;
    const answer = await shareFetch(this.wire, this.#groupId, this.memberId, this.topic, { epoch: this.epoch, asBefore, ...fields });
    if (answer.errorCode !== code.none) throw new Error(`ShareFetch: error ${answer.errorCode}`);
    this.epoch++;
    return answer.responses[0]?.partitions[0];
  }

  /** `0-3x1 5-5x2`: what a fetch acquires, and how often it was delivered. */
  async acquire(fields: ShareFetchFields = {}): Promise<string> {
    return rangesOf(await this.fetch(fields));
  }

  /** Acknowledges, and gives the error code of the partition. */
  async acknowledge(...batches: Acknowledged[]): Promise<number> {
    return (await this.acknowledgeIn(2, batches)).errorCode;
  }

  async acknowledgeIn(version: number, batches: readonly Acknowledged[], renews = false) {
    const partitions = [{ partitionIndex: 0, acknowledgementBatches: batches }];
    const answer = await this.wire.send(apis.shareAcknowledge, version, {
      ...{ groupId: this.#groupId, memberId: this.memberId, shareSessionEpoch: this.epoch },
      ...(version >= 2 && { isRenewAck: renews }),
      topics: [{ topicId: this.topic.id, partitions }],
    });
    if (answer.errorCode !== code.none) throw new Error(`ShareAcknowledge: error ${answer.errorCode}`);
    this.epoch++;
    return answer.responses[0]!.partitions[0]!;
  }

  /** Ends the session. */
  async end(): Promise<void> {
    const answer = await shareFetch(this.wire, this.#groupId, this.memberId, this.topic, { epoch: -1, asBefore: true });
    if (answer.errorCode !== code.none) throw new Error(`ending the session: error ${answer.errorCode}`);
    this.epoch = 0;
  }
}

export function rangesOf(partition: SharedPartition | undefined): string {
  const acquired = partition?.acquiredRecords ?? [];
  return acquired.map(({ firstOffset, lastOffset, deliveryCount }) => `${firstOffset}-${lastOffset}x${deliveryCount}`).join(' ');
}

/** The values of the records that came with the answer, whether they were acquired or not. */
export function valuesIn(partition: SharedPartition | undefined): (string | undefined)[] {
  const batches = readBatches(Buffer.from(partition?.records ?? []));
  return batches.flatMap((batch) => readRecords(batch, decompressSync(batch))).map(({ value }) => value?.toString());
}

/** A topic whose partition has a member of a new group, and its first reader. */
export async function scene(
  configs: GroupConfigs = {},
): Promise<{ group: ShareGroup; topic: TestTopic; reader: ShareReader; second(): Promise<ShareReader> }> {
  const topic = await broker.createTopic();
  const group = await shareGroup(configs);
  const reader = async (): Promise<ShareReader> => {
    const { memberId } = await join(group, [topic]);
    return new ShareReader(await broker.leaderWire(topic), group, memberId, topic);
  };
  return { group, topic, reader: await reader(), second: reader };
}
