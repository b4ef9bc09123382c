import { errorCodes, type JoinGroupResponse, type SyncGroupResponse } from '@tskafka/core/protocol';
import type { Committer, GroupMembers } from '../group-members.ts';
import type { GroupContext } from '../group-context.ts';
import type { GroupControls, MockMember } from '../mock-member.ts';
import { GroupTimers } from '../group-timers.ts';
import { ClassicMember, noAssignment } from './classic-member.ts';
import {
  type ClassicProtocol,
  type GroupClient,
  type Heartbeat,
  type JoinGroup,
  joinRefused,
  type LeavingMembers,
  type LeftMembers,
  type SyncGroup,
  syncRefused,
} from './classic-protocol.ts';
import { ClassicRoster } from './classic-roster.ts';
import { commitErrorOf } from './commit-error.ts';
import type { ClassicGroupMetadata } from './group-metadata.ts';
import { joinedAs } from './joined.ts';
import { joinGroup } from './join-group.ts';
import { leaveGroup } from './leave-group.ts';
import { membersOf, topicsReadBy } from './members-view.ts';
import { selectProtocol } from './protocols.ts';
import { syncGroup } from './sync-group.ts';

/** Dead is a group that is not there. */
export type ClassicGroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

/** The members of a classic group, and the states that they go through together. A group that only keeps offsets is an empty one. */
export class ClassicMembers implements GroupMembers, ClassicProtocol, GroupControls {
  readonly type = 'classic';
  readonly context: GroupContext;
  readonly timers: GroupTimers;
  roster = new ClassicRoster();
  #state: ClassicGroupState = 'Empty';
  #previousState: ClassicGroupState | undefined;
  #stateSince: number;
  #generation = 0;
  #protocolName: string | null = null;
  /** The topics that members said they read; undefined where that is not known. */
  #subscribed: ReadonlySet<string> | undefined;
  /** Whether somebody came while the first rebalance waits for more. */
  #newMemberAdded = false;
  #written: ClassicGroupMetadata | undefined;

  constructor(context: GroupContext) {
    this.context = context;
    this.timers = new GroupTimers(context.clock);
    this.#stateSince = context.clock.wallTime();
  }

  get state(): ClassicGroupState {
    return this.#state;
  }

  /** When the group got into its state, in milliseconds since 1970. */
  get stateSince(): number {
    return this.#stateSince;
  }

  get generation(): number {
    return this.#generation;
  }

  get protocolType(): string {
    return this.roster.protocolType ?? '';
  }

  get protocolName(): string | null {
    return this.#protocolName;
  }

  get isEmpty(): boolean {
    return this.#state === 'Empty';
  }

  get usesConsumerProtocol(): boolean {
    return this.roster.protocolType === 'consumer';
  }

  /** The topics that members said they read; undefined where that is not known. */
  get subscribedTopics(): ReadonlySet<string> | undefined {
    return this.#subscribed;
  }

  // Requests of the members.

  join(request: JoinGroup, client: GroupClient, answer: (response: JoinGroupResponse) => void): void {
    joinGroup(this, request, client, answer);
  }

  sync(request: SyncGroup, _client: GroupClient, answer: (response: SyncGroupResponse) => void): void {
    syncGroup(this, request, answer);
  }

  heartbeat({ memberId, groupInstanceId, generationId }: Heartbeat): number {
    const refusal = this.roster.errorOf(memberId, groupInstanceId);
    if (refusal !== 0) return refusal;
    if (generationId !== this.#generation) return errorCodes.ILLEGAL_GENERATION;
    this.beginSession(this.roster.get(memberId)!);
    return this.#state === 'PreparingRebalance' ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE;
  }

  leave(members: LeavingMembers): LeftMembers {
    return leaveGroup(this, members);
  }

  // What the rest of the broker asks.

  commitError(committer: Committer): number {
    return commitErrorOf(this, committer);
  }

  fetchError(): number {
    return errorCodes.NONE;
  }

  deleteError(): number {
    return this.isEmpty ? errorCodes.NONE : errorCodes.NON_EMPTY_GROUP;
  }

  offsetDeleteError(): number {
    return this.isEmpty || this.usesConsumerProtocol ? errorCodes.NONE : errorCodes.NON_EMPTY_GROUP;
  }

  isSubscribedTo(topic: string): boolean {
    return this.#subscribed?.has(topic) ?? this.usesConsumerProtocol;
  }

  offsetKeptSince(committedAt: number): number | undefined {
    if (this.roster.protocolType === null) return committedAt;
    if (this.isEmpty) return this.#stateSince;
    return this.#state === 'Stable' && this.#subscribed !== undefined ? committedAt : undefined;
  }

  // Sessions.

  /** The member has shown that it lives: its session lasts `ms` from now. */
  beginSession(member: ClassicMember, ms = member.sessionTimeoutMs): void {
    this.timers.schedule(sessionOf(member.id), ms, () => this.endSession(member.id));
  }

  /** Somebody was given an id, and has a session's time to join with it. */
  addPending(memberId: string, sessionTimeoutMs: number): void {
    this.roster.pendingJoin.add(memberId);
    this.timers.schedule(sessionOf(memberId), sessionTimeoutMs, () => this.endSession(memberId));
  }

  /** Nothing was heard of the member for too long. Whoever waits for the others has a reason to be silent. */
  endSession(memberId: string): void {
    if (this.roster.pendingJoin.has(memberId)) {
      this.removePending(memberId);
      if (this.#state === 'PreparingRebalance' && this.roster.hasAllJoined) this.#completeJoin();
      return;
    }
    const member = this.roster.get(memberId);
    if (member === undefined || member.hasSatisfiedHeartbeat) return;
    this.remove(member);
    if (this.#state === 'Stable' || this.#state === 'CompletingRebalance') this.prepareRebalance();
    else if (this.#state === 'PreparingRebalance' && this.roster.hasAllJoined) this.#completeJoin();
  }

  /** Takes a member out. One that waits to join is told that it is unknown, so that it tries again when it still lives. */
  remove(member: ClassicMember): void {
    this.timers.cancel(sessionOf(member.id));
    member.answerJoin(joinRefused(errorCodes.UNKNOWN_MEMBER_ID, ''));
    this.roster.remove(member.id);
  }

  /** Takes back an id that somebody was given to join with. */
  removePending(memberId: string): void {
    this.timers.cancel(sessionOf(memberId));
    this.roster.remove(memberId);
  }

  // Rebalances.

  /** Notes that the first rebalance has somebody else to wait for. */
  memberAdded(): void {
    if (this.#state === 'PreparingRebalance' && this.#previousState === 'Empty') this.#newMemberAdded = true;
  }

  /** Begins a rebalance, or looks whether the one that is on can go on. */
  rebalanceOrGoOn(): void {
    if (this.#state === 'PreparingRebalance') this.tryCompleteJoin();
    else this.prepareRebalance();
  }

  /** All members have to join again. The first ones of a group are given time for more to come. */
  prepareRebalance(): void {
    if (this.#state === 'CompletingRebalance') {
      for (const member of this.roster.all) member.assignment = noAssignment;
      this.#answerSyncs(errorCodes.REBALANCE_IN_PROGRESS);
    }
    this.roster.pendingSync.clear();
    this.timers.cancel('sync');
    const isFirst = this.#state === 'Empty';
    this.#transitionTo('PreparingRebalance');
    if (isFirst) {
      const delay = this.#initialDelayMs;
      this.#waitForMore(delay, Math.max(this.roster.rebalanceTimeoutMs - delay, 0));
    } else if (this.roster.hasAllJoined) {
      this.#completeJoin();
    } else {
      this.timers.schedule('join', this.roster.rebalanceTimeoutMs, () => this.#completeJoin());
    }
  }

  /** Ends the joining when nobody is missing. The first rebalance waits for its time to pass in any case. */
  tryCompleteJoin(): void {
    if (this.#state === 'PreparingRebalance' && this.#previousState !== 'Empty' && this.roster.hasAllJoined) this.#completeJoin();
  }

  get #initialDelayMs(): number {
    return this.context.configs.number('group.initial.rebalance.delay.ms');
  }

  /** Waits once more for as long as somebody came meanwhile, up to the rebalance time-out. */
  #waitForMore(delayMs: number, remainingMs: number): void {
    const over = (): void => {
      if (!this.#newMemberAdded || remainingMs === 0) return this.#completeJoin();
      this.#newMemberAdded = false;
      this.#waitForMore(Math.min(this.#initialDelayMs, remainingMs), Math.max(remainingMs - delayMs, 0));
    };
    if (delayMs === 0) over();
    else this.timers.schedule('join', delayMs, over);
  }

  /** Goes on with those who have joined. Static members stay for as long as their session lasts; the others are out. */
  #completeJoin(): void {
    this.timers.cancel('join');
    for (const member of this.roster.all) {
      if (member.isAwaitingJoin || member.groupInstanceId !== null) continue;
      this.timers.cancel(sessionOf(member.id));
      this.roster.remove(member.id);
    }
    if (!this.roster.electJoinedLeader() && this.roster.members.size > 0) {
      this.timers.schedule('join', this.roster.rebalanceTimeoutMs, () => this.#completeJoin());
      return;
    }
    this.#generation++;
    this.roster.pendingSync.clear();
    const { all } = this.roster;
    this.#protocolName = all.length === 0 ? null : selectProtocol(all);
    this.#subscribed = topicsReadBy(this);
    if (all.length === 0) {
      this.#transitionTo('Empty');
      return this.write();
    }
    this.#transitionTo('CompletingRebalance');
    for (const member of all) {
      member.answerJoin(joinedAs(member, this));
      this.beginSession(member);
      member.isNew = false;
      this.roster.pendingSync.add(member.id);
    }
    const generation = this.#generation;
    this.timers.schedule('sync', this.roster.rebalanceTimeoutMs, () => this.#expirePendingSync(generation));
  }

  /** The leader has said who gets what. Whoever it has forgotten gets nothing. */
  assign(assignments: ReadonlyMap<string, Uint8Array>): void {
    for (const member of this.roster.all) member.assignment = assignments.get(member.id) ?? noAssignment;
    this.write();
    this.#answerSyncs(errorCodes.NONE);
    this.#transitionTo('Stable');
  }

  /** The member has asked for its assignment. When all have, nobody need be waited for. */
  synced(memberId: string): void {
    this.roster.pendingSync.delete(memberId);
    if (this.roster.pendingSync.size === 0) this.timers.cancel('sync');
  }

  /** Those who joined and never asked for their assignment are out. */
  #expirePendingSync(generation: number): void {
    if (generation !== this.#generation || this.roster.pendingSync.size === 0) return;
    if (this.#state !== 'CompletingRebalance' && this.#state !== 'Stable') return;
    for (const memberId of [...this.roster.pendingSync]) {
      this.roster.remove(memberId);
      this.timers.cancel(sessionOf(memberId));
    }
    this.prepareRebalance();
  }

  #answerSyncs(errorCode: number): void {
    for (const member of this.roster.all) {
      const protocolType = errorCode === 0 ? this.roster.protocolType : null;
      const protocolName = errorCode === 0 ? this.#protocolName : null;
      const waited = member.answerSync({ errorCode, protocolType, protocolName, assignment: member.assignment });
      // The session may have run out while the member waited, without effect.
      if (waited) this.beginSession(member);
    }
  }

  #transitionTo(state: ClassicGroupState): void {
    this.#previousState = this.#state;
    this.#state = state;
    this.#stateSince = this.context.clock.wallTime();
    this.context.activity.changed();
  }

  // What a test sees, and does.

  view(): MockMember[] {
    return membersOf(this);
  }

  forceRebalance(): void {
    if (this.#state === 'Stable' || this.#state === 'CompletingRebalance') this.prepareRebalance();
  }

  evict(memberId: string): void {
    leaveGroup(this, [{ memberId, groupInstanceId: null, reason: null }]);
  }

  expire(memberId: string): boolean {
    if (this.roster.get(memberId)?.hasSatisfiedHeartbeat === true) return false;
    this.endSession(memberId);
    return true;
  }

  // What a coordinator leaves to the next one.

  /** Keeps the present generation for the next coordinator. */
  write(): void {
    const protocolName = this.#protocolName;
    this.#written = {
      generation: this.#generation,
      protocolType: this.roster.protocolType,
      protocolName,
      leader: this.roster.leader,
      members: this.roster.all.map((member) => ({
        ...member.identity,
        // Of the protocols only the one in use is written.
        protocols: member.protocols.filter(({ name }) => name === protocolName),
        assignment: member.assignment,
      })),
      stateSince: this.#stateSince,
    };
  }

  close(errorCode: number): void {
    this.timers.cancelAll();
    for (const member of this.roster.all) {
      member.answerJoin(joinRefused(errorCode, member.id));
      member.answerSync(syncRefused(errorCode));
    }
  }

  /** Begins again with what was last written, as a coordinator does that has taken over. */
  load(written = this.#written): void {
    this.timers.cancelAll();
    this.roster = new ClassicRoster();
    this.#written = written;
    this.#state = written === undefined || written.members.length === 0 ? 'Empty' : 'Stable';
    this.#previousState = undefined;
    this.#generation = written?.generation ?? 0;
    this.#protocolName = written?.protocolName ?? null;
    this.#stateSince = written?.stateSince ?? this.#stateSince;
    this.roster.protocolType = written?.protocolType ?? null;
    this.roster.leader = written?.leader ?? null;
    for (const { assignment, ...identity } of written?.members ?? []) {
      const member = new ClassicMember(identity, assignment);
      this.roster.add(member);
      this.beginSession(member);
    }
    this.#subscribed = topicsReadBy(this);
    if (this.roster.members.size > this.context.configs.number('group.max.size')) this.prepareRebalance();
  }
}

/** The name of a member's session among the timers. */
function sessionOf(memberId: string): string {
  return `session of ${memberId}`;
}
