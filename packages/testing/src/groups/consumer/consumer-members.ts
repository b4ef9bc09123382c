import { errorCodes, type JoinGroupResponse, type SyncGroupResponse } from '@tskafka/core/protocol';
import type { ClusterState } from '../../cluster-state.ts';
import type { GroupConfigs } from '../../configs/group-configs.ts';
import { javaHash } from '../coordinator-key.ts';
import { GroupError } from '../group-error.ts';
import type {
  ClassicProtocol,
  GroupClient,
  Heartbeat,
  JoinGroup,
  LeavingMembers,
  LeftMembers,
  SyncGroup,
} from '../classic/classic-protocol.ts';
import type { Committer, GroupMembers } from '../group-members.ts';
import { GroupTimers } from '../group-timers.ts';
import type { GroupControls, MockMember } from '../mock-member.ts';
import { assignorNamed, assignorsOf } from './assignors.ts';
import { commitErrorOf } from './commit-error.ts';
import { type ConsumerMember, holds, isReconciledTo, partitionsOf } from './consumer-member.ts';
import { hashOrder, timelineOrder } from './java-hash-order.ts';
import { heartbeatToConsumerGroup, joinConsumerGroup, leaveConsumerGroup, syncConsumerGroup } from './classic-requests.ts';
import { becomeClassic, mayBecomeClassic } from './downgrade.ts';
import { type Assignment, emptyAssignment } from './partition-assignor.ts';
import { reconcile, type TopicPartitions } from './reconcile.ts';
import { RegexSubscriptions } from './regex-subscriptions.ts';
import { sameNames, subscribedNames, topicsOf } from './subscriptions.ts';
import { computeTarget, type TargetAssignment } from './target-assignment.ts';
import { topicFingerprint } from './topic-fingerprint.ts';

/** A member that sends a request, new or known; and the static member whose place it takes. */
export interface Speaker {
  readonly member: ConsumerMember;
  readonly replaces?: ConsumerMember;
}

/** What a request has changed about the subscriptions of its member. */
export interface SubscriptionChange {
  readonly changed: boolean;
  /** The regular expressions to look at once the request is answered. */
  readonly regexesToResolve: readonly string[];
}

/**
 * The members of a consumer group (KIP-848).
 *
 * Whatever changes what members should have begins a group epoch. The next request of any member computes the target assignment of that
 * epoch, and each member comes to it with its own requests, one step at a time.
 */
export class ConsumerMembers implements GroupMembers, ClassicProtocol, GroupControls {
  readonly type = 'consumer';
  readonly protocolType = 'consumer';
  readonly cluster: ClusterState;
  readonly groupId: string;
  readonly #members = new Map<string, ConsumerMember>();
  readonly #regexes: RegexSubscriptions;
  readonly #timers: GroupTimers;
  #epoch = 1;
  #target: TargetAssignment = new Map();
  #targetEpoch = 0;
  /** When the target was computed. */
  #targetAt = -Infinity;
  /** What the topics looked like when the group epoch began. */
  #topics = '';

  constructor(cluster: ClusterState, groupId: string) {
    this.cluster = cluster;
    this.groupId = groupId;
    this.#regexes = new RegexSubscriptions(cluster);
    this.#timers = new GroupTimers(cluster.clock);
  }

  get state(): string {
    if (this.isEmpty) return 'Empty';
    if (this.#epoch > this.#targetEpoch) return 'Assigning';
    return this.members.every((member) => isReconciledTo(member, this.#targetEpoch)) ? 'Stable' : 'Reconciling';
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  get members(): readonly ConsumerMember[] {
    return [...this.#members.values()];
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** The group epoch that the target assignment was computed for. */
  get targetEpoch(): number {
    return this.#targetEpoch;
  }

  targetOf(memberId: string): Assignment {
    return this.#target.get(memberId) ?? emptyAssignment;
  }

  /** The assignor that most members ask for. */
  get assignorName(): string {
    return this.#preferredAssignor(timelineOrder);
  }

  // Requests of members that still speak the classic protocol.

  join(request: JoinGroup, client: GroupClient, answer: (response: JoinGroupResponse) => void): void {
    joinConsumerGroup(this, request, client, answer);
  }

  sync(request: SyncGroup, _client: GroupClient, answer: (response: SyncGroupResponse) => void): void {
    answer(syncConsumerGroup(this, request));
  }

  heartbeat(request: Heartbeat): number {
    return heartbeatToConsumerGroup(this, request);
  }

  leave(members: LeavingMembers): LeftMembers {
    return leaveConsumerGroup(this, members);
  }

  // What the rest of the broker asks.

  commitError(committer: Committer): number {
    if (committer.generationIdOrMemberEpoch < 0 && this.isEmpty) return errorCodes.NONE;
    return commitErrorOf(this.#members.get(committer.memberId), committer);
  }

  fetchError(memberId: string | null, memberEpoch: number): number {
    if (memberId === null && memberEpoch < 0) return errorCodes.NONE;
    const member = this.#members.get(memberId ?? '');
    if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID;
    if (member.memberEpoch === memberEpoch) return errorCodes.NONE;
    return member.classic === null ? errorCodes.STALE_MEMBER_EPOCH : errorCodes.ILLEGAL_GENERATION;
  }

  deleteError(): number {
    return this.isEmpty ? errorCodes.NONE : errorCodes.NON_EMPTY_GROUP;
  }

  offsetDeleteError(): number {
    return errorCodes.NONE;
  }

  offsetKeptSince(committedAt: number): number {
    return committedAt;
  }

  isSubscribedTo(topic: string): boolean {
    return topicsOf(this.members, this.#regexes.resolved).has(topic);
  }

  close(_errorCode: number): void {
    this.#timers.cancelAll();
  }

  /** All of a consumer group is written; only the time begins anew. */
  load(): void {
    for (const member of this.members) {
      this.beginSession(member.memberId, this.configs.number('consumer.session.timeout.ms'));
      if (member.state === 'unrevoked partitions') this.#watchRevocation(member);
    }
  }

  // What a test sees, and does.

  /** Grows with each rebalance. */
  get generation(): number {
    return this.#epoch;
  }

  /** The members, and what each has; not what it has still to give back. */
  view(): MockMember[] {
    return this.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      topics: [...subscribedNames(member, this.#regexes.resolved)],
      assignment: [...member.assignedPartitions].flatMap(([topicId, partitions]) => {
        const topic = this.cluster.topicById(topicId)?.name;
        return topic === undefined ? [] : [...partitions.keys()].sort((a, b) => a - b).map((partition) => ({ topic, partition }));
      }),
    }));
  }

  forceRebalance(): void {
    this.rebalance();
  }

  evict(memberId: string): void {
    this.fence([memberId]);
  }

  /** Ends a member's session. */
  expire(memberId: string): boolean {
    this.fence([memberId]);
    return true;
  }

  // What requests are made of.

  /** What holds for this group, by the names that a group's configuration has. */
  get configs(): GroupConfigs {
    return this.cluster.groupConfigs(this.groupId);
  }

  checkRoom(memberId: string): void {
    const mostMembers = this.cluster.configs.number('group.consumer.max.size');
    if (this.#members.size < mostMembers || this.#members.has(memberId)) return;
    const message = `The consumer group has reached its maximum capacity of ${mostMembers} members.`;
    throw new GroupError(errorCodes.GROUP_MAX_SIZE_REACHED, message);
  }

  find(memberId: string): ConsumerMember | undefined {
    return this.#members.get(memberId);
  }

  memberNamed(memberId: string): ConsumerMember {
    const member = this.#members.get(memberId);
    if (member !== undefined) return member;
    throw new GroupError(errorCodes.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${this.groupId}.`);
  }

  update(member: ConsumerMember): void {
    this.#members.set(member.memberId, member);
  }

  staticMember(instanceId: string): ConsumerMember | undefined {
    return this.members.find((member) => member.instanceId === instanceId);
  }

  /** Takes down what the member is subscribed to now, and begins a group epoch when that or the topics have changed. */
  subscribe(before: ConsumerMember, after: ConsumerMember, replaces: ConsumerMember | undefined): SubscriptionChange {
    // Refuses what is no regular expression, before anything is changed.
    const regex = this.#regexes.change(before, after, this.members);
    if (replaces !== undefined) this.#replace(replaces, after);
    this.#members.set(after.memberId, after);
    this.#regexes.forgetUnused(this.members);
    const namesChanged = !sameNames(before.subscribedTopicNames, after.subscribedTopicNames);
    // A member of the classic protocol has no regular expression, so that nothing more is to come.
    const regexCounts = after.classic === null ? regex.resolved : regex.changed;
    if (namesChanged || regexCounts || this.#topics !== this.#fingerprint()) this.rebalance();
    return { changed: namesChanged || regex.changed, regexesToResolve: regex.toResolve };
  }

  /** Computes the target where it is due, and brings the member one step towards it. */
  advance(member: ConsumerMember, subscriptionChanged: boolean, owned: TopicPartitions | null): ConsumerMember {
    this.#updateTarget();
    return this.reconcile(member, subscriptionChanged, owned);
  }

  /** Computes who shall have what, when the group epoch is ahead of it and the last time is long enough ago. */
  #updateTarget(): void {
    if (this.#targetEpoch >= this.#epoch) return;
    const now = this.cluster.clock.now();
    if (now < this.#targetAt + this.configs.number('consumer.assignment.interval.ms')) return;
    this.#target = computeTarget({
      assignor: assignorNamed(
        this.#preferredAssignor((names) => hashOrder(names, javaHash)),
        this.cluster.configs,
      ),
      members: this.#members,
      regexes: this.#regexes.resolved,
      previous: this.#target,
      topic: (name) => {
        const topic = this.cluster.topics.get(name);
        return topic === undefined ? undefined : { id: topic.id, partitionCount: topic.partitions.length };
      },
    });
    this.#targetEpoch = this.#epoch;
    this.#targetAt = now;
  }

  /** Brings the member one step further towards the target. */
  reconcile(member: ConsumerMember, subscriptionChanged: boolean, owned: TopicPartitions | null): ConsumerMember {
    if (!subscriptionChanged && isReconciledTo(member, this.#targetEpoch)) return member;
    const names = [...subscribedNames(member, this.#regexes.resolved)];
    const reconciled = reconcile(member, {
      targetEpoch: this.#targetEpoch,
      target: this.targetOf(member.memberId),
      topicIds: new Set(names.flatMap((name) => this.cluster.topics.get(name)?.id ?? [])),
      subscriptionChanged,
      owned,
      isHeld: (topicId, partition) => this.isHeld(topicId, partition),
    });
    if (reconciled === member) return member;
    this.#members.set(member.memberId, reconciled);
    if (reconciled.classic === null) this.#watchRevocation(reconciled);
    return reconciled;
  }

  /** Whether any member has the partition, or has yet to give it back. */
  isHeld(topicId: string, partition: number): boolean {
    for (const member of this.#members.values()) if (holds(member, topicId, partition)) return true;
    return false;
  }

  /** Looks at regular expressions; a group epoch begins when they match other topics than before. */
  resolve(regexes: readonly string[]): void {
    if (regexes.length === 0) return;
    const changed = this.#regexes.resolve(regexes);
    if (changed || this.#topics !== this.#fingerprint()) this.rebalance();
  }

  /** Takes members out of the group; the others get what was theirs. */
  fence(memberIds: readonly string[]): void {
    const leaving = memberIds.filter((memberId) => this.#members.has(memberId));
    if (leaving.length === 0) return;
    if (mayBecomeClassic(this, leaving)) return becomeClassic(this, leaving).prepareRebalance();
    for (const memberId of leaving) this.#remove(memberId);
    this.#regexes.forgetUnused(this.members);
    this.rebalance();
  }

  /** Begins a group epoch: the target is computed anew. */
  rebalance(): void {
    this.#epoch++;
    this.#topics = this.#fingerprint();
    this.cluster.activity.changed();
  }

  /** Takes over what a classic group had: everybody has what the last generation gave it, and that is the target. */
  takeOver(generation: number, members: readonly ConsumerMember[]): void {
    this.#epoch = this.#targetEpoch = generation;
    this.#target = new Map(members.map((member) => [member.memberId, partitionsOf(member.assignedPartitions)]));
    for (const member of members) {
      this.#members.set(member.memberId, member);
      this.beginSession(member.memberId, member.classic!.sessionTimeoutMs);
    }
    this.#topics = this.#fingerprint();
  }

  // What runs out.

  /** The member lives, and will be put out when nothing is heard of it for so long. */
  beginSession(memberId: string, ms: number): void {
    this.#timers.schedule(`session of ${memberId}`, ms, () => this.fence([memberId]));
  }

  /** A member of the classic protocol has to join again; the first time that it is told so counts. */
  awaitJoin({ memberId, rebalanceTimeoutMs }: ConsumerMember): void {
    const name = `join of ${memberId}`;
    if (!this.#timers.isScheduled(name)) this.#timers.schedule(name, rebalanceTimeoutMs, () => this.fence([memberId]));
  }

  /** A member of the classic protocol has joined, and has to ask for its assignment. */
  awaitSync({ memberId, rebalanceTimeoutMs }: ConsumerMember): void {
    this.#timers.cancel(`join of ${memberId}`);
    this.#timers.schedule(`sync of ${memberId}`, rebalanceTimeoutMs, () => this.fence([memberId]));
  }

  synced(memberId: string): void {
    this.#timers.cancel(`sync of ${memberId}`);
  }

  /** A member that does not give back in time what it must is put out. */
  #watchRevocation({ memberId, memberEpoch, state, rebalanceTimeoutMs }: ConsumerMember): void {
    const name = `rebalance of ${memberId}`;
    if (state !== 'unrevoked partitions') return this.#timers.cancel(name);
    this.#timers.schedule(name, rebalanceTimeoutMs, () => {
      if (this.#members.get(memberId)?.memberEpoch === memberEpoch) this.fence([memberId]);
    });
  }

  #replace(old: ConsumerMember, by: ConsumerMember): void {
    const target = this.targetOf(old.memberId);
    this.#remove(old.memberId);
    this.#target = new Map([...this.#target, [by.memberId, target]]);
  }

  #remove(memberId: string): void {
    this.#members.delete(memberId);
    this.#target = new Map([...this.#target].filter(([id]) => id !== memberId));
    for (const deadline of ['session', 'rebalance', 'join', 'sync']) this.#timers.cancel(`${deadline} of ${memberId}`);
  }

  #preferredAssignor(order: (names: readonly string[]) => readonly string[]): string {
    const votes = new Map<string, number>();
    for (const { serverAssignor: name } of this.members) if (name !== null) votes.set(name, (votes.get(name) ?? 0) + 1);
    const most = Math.max(...votes.values());
    return order([...votes.keys()]).find((name) => votes.get(name) === most) ?? assignorsOf(this.cluster.configs)[0]!;
  }

  #fingerprint(): string {
    return topicFingerprint(topicsOf(this.members, this.#regexes.resolved), this.cluster);
  }
}
