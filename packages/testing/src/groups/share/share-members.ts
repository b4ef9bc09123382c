import { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../../cluster-state.ts';
import { soon } from '../../soon.ts';
import { GroupError } from '../group-error.ts';
import type { GroupMembers } from '../group-members.ts';
import { GroupTimers } from '../group-timers.ts';
import { byPartition, type GroupControls, type MockMember } from '../mock-member.ts';
import { assignSimply, type SharedPartitions } from './simple-assignor.ts';

/** What a member says with a heartbeat. null is what it has said before. */
export interface ShareHeartbeat {
  readonly memberId: string;
  /** 0 joins. */
  readonly memberEpoch: number;
  readonly rackId: string | null;
  readonly subscribedTopicNames: readonly string[] | null;
  readonly clientId: string;
  readonly clientHost: string;
}

export interface ShareMember {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly previousEpoch: number;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly subscribedTopicNames: readonly string[];
  /** By topic id. */
  readonly assigned: SharedPartitions;
}

export interface ShareHeartbeatAnswer {
  readonly memberEpoch: number;
  /** undefined when it is what it was. */
  readonly assignment: SharedPartitions | undefined;
}

const nothing: SharedPartitions = new Map();

/**
 * The members of a share group (KIP-932): several may have the same partition.
 *
 * A partition is given to members once its state was begun, which the heartbeat sets in motion that first subscribes to it: so it is a
 * later one that brings the assignment.
 */
export class ShareMembers implements GroupMembers, GroupControls {
  readonly type = 'share';
  readonly protocolType = 'share';
  readonly #state: ClusterState;
  readonly #groupId: string;
  readonly #members = new Map<string, ShareMember>();
  readonly #sessions: GroupTimers;
  #epoch = 1;
  #target: ReadonlyMap<string, SharedPartitions> = new Map();
  #targetEpoch = 1;
  /** When the target was computed; undefined before it ever was. */
  #targetAt: number | undefined;
  #topics = '';

  constructor(state: ClusterState, groupId: string) {
    this.#state = state;
    this.#groupId = groupId;
    this.#sessions = new GroupTimers(state.clock);
  }

  get state(): string {
    return this.isEmpty ? 'Empty' : 'Stable';
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get assignmentEpoch(): number {
    return this.#targetEpoch;
  }

  get members(): readonly ShareMember[] {
    return [...this.#members.values()];
  }

  /** @throws GroupError when the member may not, or is not one any more. */
  heartbeat(request: ShareHeartbeat): ShareHeartbeatAnswer {
    const { memberId, memberEpoch } = request;
    this.#checkRoom(memberId);
    const known = this.#members.get(memberId);
    if (known === undefined && memberEpoch !== 0) {
      throw new GroupError(errorCodes.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${this.#groupId}.`);
    }
    if (known !== undefined) checkEpoch(known, memberEpoch);
    const before = known ?? newMember(memberId);
    const member = updated(before, request);
    let subscriptionChanged = known === undefined || !sameNames(before, member);
    if (!subscriptionChanged && this.#targetEpoch >= this.#epoch) subscriptionChanged = this.#isBegunButNotAssigned();
    this.#members.set(memberId, member);
    const topics = this.#describeTopics();
    const changed = subscriptionChanged || topics !== this.#topics;
    this.#topics = topics;
    if (changed) this.#epoch++;
    this.#computeTarget();
    const reconciled = this.#reconciled(member, changed);
    this.#members.set(memberId, reconciled);
    this.#restartSession(memberId);
    this.#beginPartitions();
    this.#state.activity.changed();
    const isFull = memberEpoch === 0 || request.subscribedTopicNames !== null;
    const isNew = isFull || !samePartitions(before.assigned, reconciled.assigned);
    return { memberEpoch: reconciled.memberEpoch, assignment: isNew ? reconciled.assigned : undefined };
  }

  /** @throws GroupError when it is not a member. */
  leave(memberId: string): void {
    if (!this.#members.delete(memberId)) {
      throw new GroupError(errorCodes.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${this.#groupId}.`);
    }
    this.#sessions.cancel(memberId);
    this.#target = new Map([...this.#target].filter(([id]) => id !== memberId));
    this.#topics = this.#describeTopics();
    this.#epoch++;
    this.#state.activity.changed();
  }

  // What a test may see and do.

  get generation(): number {
    return this.#epoch;
  }

  view(): MockMember[] {
    return this.members.map(({ memberId, clientId, subscribedTopicNames: topics, assigned }) => ({
      ...{ memberId, groupInstanceId: null, clientId, topics },
      assignment: [...assigned]
        .flatMap(([topicId, partitions]) => {
          const topic = this.#state.topicById(topicId)?.name;
          return topic === undefined ? [] : [...partitions].map((partition) => ({ topic, partition }));
        })
        .sort(byPartition),
    }));
  }

  /** The next heartbeat brings a new epoch, and what it assigns. */
  forceRebalance(): void {
    this.#epoch++;
  }

  evict(memberId: string): void {
    this.leave(memberId);
  }

  expire(memberId: string): boolean {
    this.leave(memberId);
    return true;
  }

  // What the rest of the broker asks.

  commitError(): number {
    return errorCodes.GROUP_ID_NOT_FOUND;
  }

  /** Nobody has committed anything, which is no error. */
  fetchError(): number {
    return errorCodes.NONE;
  }

  deleteError(): number {
    return this.isEmpty ? errorCodes.NONE : errorCodes.NON_EMPTY_GROUP;
  }

  offsetDeleteError(): number {
    return errorCodes.GROUP_ID_NOT_FOUND;
  }

  /** It commits none, and is there until somebody deletes it. */
  offsetKeptSince(): undefined {
    return undefined;
  }

  isSubscribedTo(topic: string): boolean {
    return this.members.some(({ subscribedTopicNames }) => subscribedTopicNames.includes(topic));
  }

  close(): void {
    this.#sessions.cancelAll();
  }

  load(): void {
    for (const memberId of this.#members.keys()) this.#restartSession(memberId);
  }

  #checkRoom(memberId: string): void {
    const most = this.#state.configs.number('group.share.max.size');
    if (this.#members.size < most || this.#members.has(memberId)) return;
    const message = `The share group has reached its maximum capacity of ${most} members.`;
    throw new GroupError(errorCodes.GROUP_MAX_SIZE_REACHED, message);
  }

  #subscribedTopics() {
    const names = new Set(this.members.flatMap(({ subscribedTopicNames }) => subscribedTopicNames));
    return [...names].sort().flatMap((name) => this.#state.topics.get(name) ?? []);
  }

  /** Differs when anything about the subscribed topics does that an assignment depends on. */
  #describeTopics(): string {
    return this.#subscribedTopics()
      .map(({ id, partitions }) => `${id}:${partitions.length}`)
      .join();
  }

  /** The partitions whose state was begun: only those are given to members. */
  #begun(): SharedPartitions {
    const begun = this.#state.shareStates.partitionsOf(this.#groupId);
    return new Map([...begun].map(([topicId, partitions]) => [topicId, new Set(partitions.keys())]));
  }

  #isBegunButNotAssigned(): boolean {
    const assigned = new Map<string, Set<number>>();
    for (const partitions of this.#target.values()) {
      for (const [topicId, some] of partitions) assigned.set(topicId, new Set([...(assigned.get(topicId) ?? []), ...some]));
    }
    const begun = this.#begun();
    return this.#subscribedTopics().some(({ id }) => {
      const partitions = begun.get(id);
      return partitions !== undefined && !sameSets(partitions, assigned.get(id) ?? new Set());
    });
  }

  #computeTarget(): void {
    if (this.#targetEpoch >= this.#epoch) return;
    const { clock, topics } = this.#state;
    const interval = this.#state.groupConfigs(this.#groupId).number('share.assignment.interval.ms');
    if (this.#targetAt !== undefined && interval !== 0 && clock.now() < this.#targetAt + interval) return;
    const members = this.members.map(({ memberId, subscribedTopicNames }) => ({
      memberId,
      topicIds: new Set(subscribedTopicNames.flatMap((name) => topics.get(name)?.id ?? [])),
      partitions: this.#target.get(memberId) ?? nothing,
    }));
    this.#target = assignSimply(members, this.#begun());
    this.#targetEpoch = this.#epoch;
    this.#targetAt = clock.now();
  }

  /** The member with what the target gives it. What its subscription does not name any more it loses at once. */
  #reconciled(member: ShareMember, changed: boolean): ShareMember {
    const moves = member.memberEpoch !== this.#targetEpoch;
    if (!moves && !changed) return member;
    const ids = new Set(member.subscribedTopicNames.flatMap((name) => this.#state.topics.get(name)?.id ?? []));
    const assigned = new Map([...(this.#target.get(member.memberId) ?? nothing)].filter(([topicId]) => ids.has(topicId)));
    if (!moves) return { ...member, assigned };
    return { ...member, assigned, memberEpoch: this.#targetEpoch, previousEpoch: member.memberEpoch };
  }

  /** Begins the state of partitions that are subscribed to for the first time, after the answer is out. */
  #beginPartitions(): void {
    const state = this.#state;
    const stateEpoch = this.#epoch;
    const begun = this.#begun();
    const missing = this.#subscribedTopics().flatMap(({ id, partitions }) =>
      partitions.filter(({ index }) => !begun.get(id)?.has(index)).map(({ index }) => ({ topicId: id, index })),
    );
    if (missing.length === 0) return;
    soon(() => {
      for (const { topicId, index } of missing) {
        if (state.topicById(topicId) === undefined || state.shareStates.get(this.#groupId, topicId, index) !== undefined) continue;
        state.coordinatorPartition('share', `${this.#groupId}:${topicId}:${index}`);
        state.shareStates.initialize(this.#groupId, topicId, index, stateEpoch);
      }
    });
  }

  #restartSession(memberId: string): void {
    const ms = this.#state.groupConfigs(this.#groupId).number('share.session.timeout.ms');
    this.#sessions.schedule(memberId, ms, () => this.leave(memberId));
  }
}

function newMember(memberId: string): ShareMember {
  const unknown = { rackId: null, clientId: '', clientHost: '', subscribedTopicNames: [] };
  return { memberId, memberEpoch: 0, previousEpoch: -1, ...unknown, assigned: nothing };
}

function updated(member: ShareMember, { rackId, subscribedTopicNames, clientId, clientHost }: ShareHeartbeat): ShareMember {
  const names = subscribedTopicNames === null ? member.subscribedTopicNames : [...new Set(subscribedTopicNames)];
  return { ...member, rackId: rackId ?? member.rackId, subscribedTopicNames: names, clientId, clientHost };
}

function checkEpoch({ memberEpoch, previousEpoch }: ShareMember, received: number): void {
  if (received === 0 || received === memberEpoch || received === previousEpoch) return;
  const known = `epoch (${received}) than the one known by the group coordinator (${memberEpoch})`;
  const message =
    received > memberEpoch
      ? `The share group member has a greater member ${known}. The member must abandon all its partitions and rejoin.`
      : `The share group member has a smaller member ${known}, and it does not match the previous member epoch (${previousEpoch}). ` +
        'The member must abandon all its partitions and rejoin.';
  throw new GroupError(errorCodes.FENCED_MEMBER_EPOCH, message);
}

function sameNames(a: ShareMember, b: ShareMember): boolean {
  return sameSets(new Set(a.subscribedTopicNames), new Set(b.subscribedTopicNames));
}

function sameSets<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}

function samePartitions(a: SharedPartitions, b: SharedPartitions): boolean {
  return a.size === b.size && [...a].every(([topicId, partitions]) => sameSets(partitions, b.get(topicId) ?? new Set()));
}
