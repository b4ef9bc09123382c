import { BrokerError, type TopicPartition } from '@tskafka/core';
import { type Cluster, type CommitIdentity, raceWithSignal } from '@tskafka/core/internal';
import { apis, brokerError, type Decoded, delay, errorCodes, type JoinGroupResponse } from '@tskafka/core/protocol';
import { ClassicLeader } from './classic-leader.ts';
import { Generation } from './generation.ts';
import type { GroupMember, GroupMemberOptions, TopicsOf } from './group-member.ts';
import { isPassing, MemberSession } from './member-session.ts';
import { without } from './partitions.ts';
import { readAssignment, writeSubscription } from './subscription.ts';
import { Subscription } from './subscribed-topics.ts';

/** A JoinGroup is held until every member has joined, and a little longer on its way. */
const joinGraceMs = 5000;

/**
 * A member of a group by the classic protocol: join, sync, heartbeats, and all again when the group is rebalanced.
 *
 * What keeps two members from reading one partition: nothing is handed out unless a heartbeat was answered within the session, and
 * what is to go is given up before the member joins anew (eager), or before it joins once more (cooperative, KIP-429).
 */
export class ClassicMember implements GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #cluster: Cluster;
  readonly #session: MemberSession;
  readonly #isCooperative: boolean;
  readonly #subscription: Subscription;
  #memberId = '';
  #generation: Generation | undefined;
  #owned: readonly TopicPartition[] = [];
  #hasObjected = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.#cluster = options.cluster;
    this.#session = new MemberSession(options);
    this.#isCooperative = options.assignors.every(({ isCooperative }) => isCooperative);
    this.#subscription = new Subscription(options.cluster, options.topics);
  }

  get identity(): CommitIdentity | undefined {
    if (this.#generation === undefined) return undefined;
    const { id: generationId, memberId, signal } = this.#generation;
    return { generationId, memberId, groupInstanceId: this.#options.groupInstanceId, isJoining: signal.aborted };
  }

  get reader(): undefined {
    return undefined;
  }

  get isAlive(): boolean {
    return this.#session.isAlive;
  }

  start(): void {
    this.#running = this.#run();
  }

  subscribe(topics: TopicsOf): void {
    this.#subscription.change(topics);
    this.#generation?.rebalance();
  }

  async leave(timeoutMs: number): Promise<void> {
    const { groupInstanceId, group } = this.#options;
    this.#generation?.close();
    this.#session.end();
    this.#session.disconnect();
    await this.#running;
    const memberId = this.#memberId;
    this.#forget();
    if (memberId === '' || groupInstanceId !== null) return;
    await this.#session.sayLeft(timeoutMs, async (brokerId, { purpose, signal }) => {
      const connection = await this.#cluster.connection(brokerId, purpose, signal);
      const isSingle = connection.versions.pick(apis.leaveGroup) < 3;
      const reason = 'the consumer is closed';
      const request = isSingle ? { groupId: group, memberId } : { groupId: group, members: [{ memberId, reason }] };
      return (await connection.send(apis.leaveGroup, request, { signal })).errorCode;
    });
  }

  async #run(): Promise<void> {
    const { closing: signal } = this.#session;
    while (!signal.aborted) {
      try {
        await this.#revoke(this.#isCooperative ? this.#owned.filter((partition) => !this.#isWanted(partition)) : this.#owned);
        const generation = await this.#join(signal);
        this.#session.succeeded();
        if (await this.#adopt(generation)) continue;
        this.#options.events.settled();
        if (this.#subscription.hasChanged() || this.#objects(generation)) generation.rebalance();
        await raceWithSignal(generation.ended, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(await this.#goesOnAfter(error as Error))) return;
      }
    }
  }

  /** Makes what the member has what it is assigned. True when it gave something up that another one waits for: it joins again. */
  async #adopt(generation: Generation): Promise<boolean> {
    const { events } = this.#options;
    const wanted = generation.assigned.filter((partition) => this.#isWanted(partition));
    const gone = without(this.#owned, wanted);
    const come = without(wanted, this.#owned);
    await this.#revoke(gone);
    if (await events.assigned(come, generation.current)) this.#owned = wanted;
    return gone.length > 0 && this.#isCooperative;
  }

  /**
   * Whether the assignment has what is not subscribed to, and to join again may mend it: a static member that comes back for other topics is given
   * what it had (KIP-345). It is said once: a leader that goes on so has its own mind.
   */
  #objects({ assigned }: Generation): boolean {
    const isFitting = assigned.every((partition) => this.#isWanted(partition));
    const objects = !isFitting && !this.#hasObjected;
    this.#hasObjected = !isFitting;
    return objects;
  }

  #isWanted({ topic }: TopicPartition): boolean {
    return this.#subscription.has(topic);
  }

  async #revoke(partitions: readonly TopicPartition[]): Promise<void> {
    if (partitions.length === 0) return;
    await this.#options.events.revoked(partitions);
    this.#owned = without(this.#owned, partitions);
  }

  /** What is owned is not any more, and nothing may be committed for it. */
  async #lose(): Promise<void> {
    const lost = this.#owned;
    this.#owned = [];
    this.#forget();
    if (lost.length > 0) await this.#options.events.lost(lost);
  }

  #forget(): void {
    this.#generation?.close();
    this.#generation = undefined;
    this.#session.over();
  }

  /** After a failure: waits, loses what it has, or gives up. */
  async #goesOnAfter(error: Error): Promise<boolean> {
    const code = error instanceof BrokerError ? error.code : undefined;
    if (code === errorCodes.REBALANCE_IN_PROGRESS) return true;
    if (code === errorCodes.UNKNOWN_MEMBER_ID || code === errorCodes.ILLEGAL_GENERATION) {
      if (code === errorCodes.UNKNOWN_MEMBER_ID) this.#memberId = '';
      await this.#lose();
      return true;
    }
    if (isPassing(error)) return this.#session.waitAfter(error);
    await this.#lose();
    this.#options.events.failed(error);
    return false;
  }

  /** Joins and syncs; the member then lives by its heartbeats. */
  async #join(signal: AbortSignal): Promise<Generation> {
    const { group, groupInstanceId } = this.#options;
    const names = await this.#subscription.names(signal);
    // While a join is out the coordinator counts on the member without heartbeats, which would wait behind it.
    this.#generation?.close();
    const joined = await this.#session.retry(signal, (brokerId, stop) => this.#joinOnce(brokerId, names, stop));
    const generation = new Generation(joined.generationId, joined.memberId);
    let assignments: { memberId: string; assignment: Buffer }[] = [];
    if (joined.leader === joined.memberId) {
      generation.leader = await ClassicLeader.of(this.#cluster, joined, { rackId: this.#options.rackId, signal });
      // A static leader that comes back finds everything assigned, and has to watch all the same (KIP-814).
      if (!joined.skipAssignment) assignments = generation.leader.assign(this.#options.assignors);
    }
    const request = {
      groupId: group,
      generationId: generation.id,
      memberId: generation.memberId,
      groupInstanceId,
      protocolType: 'consumer',
      protocolName: joined.protocolName,
      assignments,
    };
    const synced = await this.#session.retry(signal, async (brokerId, stop) => {
      const sentAt = this.#cluster.options.clock.now();
      const heldMs = this.#options.rebalanceTimeoutMs + joinGraceMs;
      const answer = await this.#cluster.send(brokerId, apis.syncGroup, request, { purpose: this.#session.purpose, heldMs, signal: stop });
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, `SyncGroup of the group '${group}'`);
      this.#session.alive(sentAt);
      return answer;
    });
    this.#generation = generation;
    generation.assigned = this.#readAssignment(synced.assignment);
    void this.#beat(generation);
    return generation;
  }

  async #joinOnce(brokerId: number, topics: readonly string[], signal: AbortSignal): Promise<Decoded<JoinGroupResponse>> {
    const { group, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, assignors, rackId } = this.#options;
    const own = { partitions: this.#owned, generation: this.#generation?.id ?? -1 };
    const ownedPartitions = this.#isCooperative ? this.#owned : [];
    for (;;) {
      const request = {
        ...{ groupId: group, sessionTimeoutMs, rebalanceTimeoutMs, memberId: this.#memberId, groupInstanceId, protocolType: 'consumer' },
        protocols: assignors.map((assignor) => ({
          name: assignor.name,
          metadata: writeSubscription({
            ...{ topics, ownedPartitions, generation: own.generation, rackId },
            userData: assignor.userData?.(own) ?? null,
          }),
        })),
      };
      const heldMs = rebalanceTimeoutMs + joinGraceMs;
      const answer = await this.#cluster.send(brokerId, apis.joinGroup, request, { purpose: this.#session.purpose, heldMs, signal });
      if (answer.errorCode === errorCodes.MEMBER_ID_REQUIRED && this.#memberId === '') {
        this.#memberId = answer.memberId;
        continue;
      }
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, `JoinGroup of the group '${group}'`);
      this.#memberId = answer.memberId;
      return answer;
    }
  }

  async #beat(generation: Generation): Promise<void> {
    const { clock } = this.#cluster.options;
    const { group, groupInstanceId, heartbeatIntervalMs } = this.#options;
    const request = { groupId: group, generationId: generation.id, memberId: generation.memberId, groupInstanceId };
    const { signal } = generation;
    const beat = async (brokerId: number, stop: AbortSignal): Promise<number> => {
      const sentAt = clock.now();
      const { errorCode } = await this.#cluster.send(brokerId, apis.heartbeat, request, { purpose: this.#session.purpose, signal: stop });
      if (errorCode !== 0 && errorCode !== errorCodes.REBALANCE_IN_PROGRESS)
        throw brokerError(errorCode, `heartbeat to the group '${group}'`);
      if (!signal.aborted) this.#session.alive(sentAt);
      return errorCode;
    };
    while (!signal.aborted) {
      try {
        await delay(clock, heartbeatIntervalMs, signal);
        const code = await this.#session.retry(signal, beat);
        if (code === errorCodes.REBALANCE_IN_PROGRESS || this.#hasChanged(generation)) generation.rebalance();
      } catch (error) {
        if (signal.aborted) return;
        if (isPassing(error)) continue;
        // What it still has is not handed out any more, although it may be busy giving something up.
        this.#session.over();
        return generation.expel(error as Error);
      }
    }
  }

  /** Whether there are other topics or partitions than those that were assigned. The leader watches for all. */
  #hasChanged({ leader }: Generation): boolean {
    this.#cluster.refreshWhenOld();
    return this.#subscription.hasChanged() || (leader?.seesChange() ?? false);
  }

  #readAssignment(bytes: Uint8Array): TopicPartition[] {
    try {
      return readAssignment(bytes);
    } catch (error) {
      // The leader is somebody else's program. Without partitions this member at least keeps the group going.
      this.#cluster.options.logger.error({ error }, 'the leader of the group has sent an assignment that cannot be read');
      return [];
    }
  }
}
