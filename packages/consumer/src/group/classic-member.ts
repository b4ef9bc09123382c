import { BrokerError, KafkaError, NoBrokersAvailableError, type TopicPartition } from '@tskafka/core';
import { backoffMs, type Cluster, type CommitIdentity, type Purpose, raceWithSignal } from '@tskafka/core/internal';
import { apis, brokerError, ClosedError, type Decoded, delay, errorCodes, type JoinGroupResponse } from '@tskafka/core/protocol';
import { assignmentsOf } from './classic-leader.ts';
import { Generation } from './generation.ts';
import type { GroupMember, GroupMemberOptions, TopicsOf } from './group-member.ts';
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
  readonly #purpose: Purpose;
  readonly #isCooperative: boolean;
  readonly #closing = new AbortController();
  readonly #subscription: Subscription;
  #memberId = '';
  #generation: Generation | undefined;
  #lastGeneration = -1;
  #owned: readonly TopicPartition[] = [];
  #failures = 0;
  /** When the last request went out that the coordinator has answered for this generation. */
  #aliveAt = -Infinity;
  #running: Promise<void> = Promise.resolve();

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.#cluster = options.cluster;
    this.#purpose = options.cluster.ownPurpose('group');
    this.#isCooperative = options.assignors.every(({ isCooperative }) => isCooperative);
    this.#subscription = new Subscription(options.cluster, options.topics);
  }

  get identity(): CommitIdentity | undefined {
    if (this.#generation === undefined) return undefined;
    const { id: generationId, memberId } = this.#generation;
    return { generationId, memberId, groupInstanceId: this.#options.groupInstanceId };
  }

  get isAlive(): boolean {
    return this.#cluster.options.clock.now() - this.#aliveAt < this.#options.sessionTimeoutMs;
  }

  start(): void {
    this.#running = this.#run();
  }

  subscribe(topics: TopicsOf): void {
    this.#subscription.topics = topics;
    this.#generation?.rebalance();
  }

  async leave(): Promise<void> {
    const { groupInstanceId, closeTimeoutMs, group } = this.#options;
    this.#closing.abort(new ClosedError('the consumer has left its group'));
    this.#generation?.close();
    // The join or sync that may be out is held by the broker, and what is behind it on its connection would wait.
    this.#cluster.disconnect(this.#purpose, new ClosedError('the consumer leaves its group'));
    await this.#running;
    const memberId = this.#memberId;
    this.#forget();
    if (memberId === '' || groupInstanceId !== null) return;
    const attempt = async (brokerId: number, signal: AbortSignal): Promise<void> => {
      const connection = await this.#cluster.connection(brokerId, 'coordinator', signal);
      const isSingle = connection.versions.pick(apis.leaveGroup as never) < 3;
      const reason = 'the consumer is closed';
      const request = isSingle ? { groupId: group, memberId } : { groupId: group, members: [{ memberId, reason }] };
      const { errorCode } = await connection.send(apis.leaveGroup, request, { signal });
      if (errorCode !== 0 && errorCode !== errorCodes.UNKNOWN_MEMBER_ID) throw brokerError(errorCode, `leaving the group '${group}'`);
    };
    // Whoever is not heard is expelled when its session is over.
    await this.#cluster.coordinators.retry('group', group, attempt, { timeoutMs: closeTimeoutMs }).catch((error: unknown) => {
      this.#cluster.options.logger.warn({ error }, 'the group was not told that a member left');
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        if (!this.#isCooperative) await this.#revoke(this.#owned);
        const generation = await this.#join(signal);
        this.#failures = 0;
        if (await this.#adopt(generation)) continue;
        this.#options.events.settled();
        await raceWithSignal(generation.ended, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(await this.#goesOnAfter(error as Error, signal))) return;
      }
    }
  }

  /** Makes what the member has what it is assigned. True when it gave something up that another one waits for: it joins again. */
  async #adopt(generation: Generation): Promise<boolean> {
    const { events } = this.#options;
    const gone = without(this.#owned, generation.assigned);
    const come = without(generation.assigned, this.#owned);
    await this.#revoke(gone);
    if (await events.assigned(come, generation.current)) this.#owned = generation.assigned;
    return gone.length > 0 && this.#isCooperative;
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
    this.#lastGeneration = -1;
    this.#aliveAt = -Infinity;
  }

  /** After a failure: waits, loses what it has, or gives up. */
  async #goesOnAfter(error: Error, signal: AbortSignal): Promise<boolean> {
    const { events } = this.#options;
    const code = error instanceof BrokerError ? error.code : undefined;
    if (code === errorCodes.REBALANCE_IN_PROGRESS) return true;
    if (code === errorCodes.UNKNOWN_MEMBER_ID || code === errorCodes.ILLEGAL_GENERATION) {
      if (code === errorCodes.UNKNOWN_MEMBER_ID) this.#memberId = '';
      await this.#lose();
      return true;
    }
    const isFinal = !(error instanceof NoBrokersAvailableError) && !(error instanceof KafkaError && error.retriable);
    if (isFinal) {
      await this.#lose();
      events.failed(error);
      return false;
    }
    if (error instanceof NoBrokersAvailableError) events.unavailable(error);
    const { clock, random, retryBackoff } = this.#cluster.options;
    await delay(clock, backoffMs(++this.#failures, retryBackoff, random), signal).catch(() => {});
    return !signal.aborted;
  }

  /** Joins and syncs; the member then lives by its heartbeats. */
  async #join(signal: AbortSignal): Promise<Generation> {
    const { group, groupInstanceId } = this.#options;
    const names = await this.#subscription.names(signal);
    // While a join is out the coordinator counts on the member without heartbeats, which would wait behind it.
    this.#generation?.close();
    const joined = await this.#retry(signal, (brokerId, stop) => this.#joinOnce(brokerId, names, stop));
    const generation = new Generation(joined.generationId, joined.memberId, joined.leader === joined.memberId);
    let assignments: { memberId: string; assignment: Buffer }[] = [];
    if (generation.isLeader && !joined.skipAssignment) {
      const { assignors } = this.#options;
      const decided = await assignmentsOf(this.#cluster, joined, assignors, signal);
      generation.partitionCounts = decided.partitionCounts;
      assignments = decided.assignments;
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
    const synced = await this.#retry(signal, async (brokerId, stop) => {
      const sentAt = this.#cluster.options.clock.now();
      const heldMs = this.#options.rebalanceTimeoutMs + joinGraceMs;
      const answer = await this.#cluster.send(brokerId, apis.syncGroup, request, { purpose: this.#purpose, heldMs, signal: stop });
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, `SyncGroup of the group '${group}'`);
      this.#alive(sentAt);
      return answer;
    });
    this.#generation = generation;
    this.#lastGeneration = generation.id;
    generation.assigned = this.#readAssignment(synced.assignment);
    void this.#beat(generation);
    return generation;
  }

  async #joinOnce(brokerId: number, topics: readonly string[], signal: AbortSignal): Promise<Decoded<JoinGroupResponse>> {
    const { group, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, assignors, rackId } = this.#options;
    const own = { partitions: this.#owned, generation: this.#lastGeneration };
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
      const answer = await this.#cluster.send(brokerId, apis.joinGroup, request, { purpose: this.#purpose, heldMs, signal });
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
      const { errorCode } = await this.#cluster.send(brokerId, apis.heartbeat, request, { purpose: this.#purpose, signal: stop });
      if (errorCode !== 0 && errorCode !== errorCodes.REBALANCE_IN_PROGRESS)
        throw brokerError(errorCode, `heartbeat to the group '${group}'`);
      if (!signal.aborted) this.#alive(sentAt);
      return errorCode;
    };
    while (!signal.aborted) {
      try {
        await delay(clock, heartbeatIntervalMs, signal);
        const code = await this.#retry(signal, beat);
        if (code === errorCodes.REBALANCE_IN_PROGRESS || this.#hasChanged(generation)) generation.rebalance();
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof KafkaError && error.retriable) continue;
        if (error instanceof NoBrokersAvailableError) this.#options.events.unavailable(error);
        else return generation.expel(error as Error);
      }
    }
  }

  /** Whether there are other topics or partitions than those that were assigned. The leader watches for all. */
  #hasChanged({ isLeader, partitionCounts }: Generation): boolean {
    this.#cluster.refreshWhenOld();
    if (this.#subscription.hasChanged()) return true;
    if (!isLeader) return false;
    const { metadata } = this.#cluster;
    return [...partitionCounts].some(([topic, count]) => (metadata.topic(topic)?.partitions.size ?? count) !== count);
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

  #alive(sentAt: number): void {
    const wasAlive = this.isAlive;
    this.#aliveAt = Math.max(this.#aliveAt, sentAt);
    if (!wasAlive) this.#options.events.alive();
  }

  #retry<T>(signal: AbortSignal, attempt: (brokerId: number, signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#cluster.coordinators.retry('group', this.#options.group, attempt, { timeoutMs: Infinity, signal });
  }
}
