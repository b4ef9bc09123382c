import { randomBytes } from 'node:crypto';
import { BrokerError, type TopicPartition } from '@tskafka/core';
import { backoffMs, type Cluster, type CommitIdentity, type ReadingMember } from '@tskafka/core/internal';
import { apis, brokerError, type ConsumerGroupHeartbeatResponse, type Decoded, delay, errorCodes } from '@tskafka/core/protocol';
import { afterHeartbeatError } from './after-heartbeat-error.ts';
import type { GroupMember, GroupMemberOptions, TopicsOf } from './group-member.ts';
import { MemberSession } from './member-session.ts';
import { topicsOf, without } from './partitions.ts';
import { Subscription } from './subscribed-topics.ts';

/** What the member says instead of an epoch when it goes: for good, or to come back under the same name. */
const leaving = { dynamic: -1, static: -2 } as const;

type Target = NonNullable<Decoded<ConsumerGroupHeartbeatResponse>['assignment']>['topicPartitions'];

/**
 * A member of a group by the protocol of KIP-848: the coordinator assigns, and heartbeats are all that is said.
 *
 * Heartbeats go on whatever happens. Beside them what the member has is made what it is assigned, one assignment after the other; that
 * something was given up is told by the next heartbeat, which goes out at once, and only then may another member have it.
 */
export class ConsumerMember implements GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #cluster: Cluster;
  readonly #session: MemberSession;
  readonly #subscription: Subscription;
  readonly #memberId: string;
  #epoch = 0;
  /** Whether the coordinator may count this member in: it may have heard what it has not answered yet. */
  #mayBeKnown = false;
  #wasMember = false;
  #owned: readonly TopicPartition[] = [];
  /** What the coordinator wants the member to have; undefined when that is what it has. */
  #target: Target | undefined;
  /** What the coordinator has heard of the topics and of the partitions, as text; it need not hear it twice. */
  #told: { topics?: string | undefined; owned?: string | undefined; isPattern?: boolean } = {};
  /** An answer may have been lost: the coordinator answers in full to whoever says all. */
  #saysAll = true;
  #intervalMs = 0;
  /** When the last heartbeat went out. */
  #sentAt = -Infinity;
  #reconciling: Promise<void> = Promise.resolve();
  #isReconciling = false;
  /** Whether what the member has is what it was assigned at least once since it joined. */
  #isSettled = false;
  #hasToldOfTwin = false;
  /** Ends what is being reconciled. */
  #superseded = new AbortController();
  #pause = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.#cluster = options.cluster;
    this.#session = new MemberSession(options);
    this.#subscription = new Subscription(options.cluster, options.topics);
    // Two members of one id would be one to the group, so this is not left to the injected chance, which a test may hold still.
    this.#memberId = randomBytes(16).toString('base64url');
  }

  get identity(): CommitIdentity | undefined {
    if (this.#epoch <= 0) return undefined;
    return { generationId: this.#epoch, memberId: this.#memberId, groupInstanceId: this.#options.groupInstanceId };
  }

  get reader(): ReadingMember | undefined {
    return this.#epoch <= 0 ? undefined : { memberId: this.#memberId, memberEpoch: this.#epoch };
  }

  get isAlive(): boolean {
    return this.#session.isAlive;
  }

  start(): void {
    this.#running = this.#run();
  }

  subscribe(topics: TopicsOf): void {
    this.#subscription.change(topics);
    this.#beatNow();
  }

  async leave(timeoutMs: number): Promise<void> {
    const { group, groupInstanceId } = this.#options;
    this.#superseded.abort();
    this.#session.end();
    await this.#running;
    await this.#reconciling;
    this.#epoch = 0;
    this.#session.over();
    if (!this.#mayBeKnown) return this.#session.disconnect();
    const memberEpoch = groupInstanceId === null ? leaving.dynamic : leaving.static;
    const request = { groupId: group, memberId: this.#memberId, memberEpoch, instanceId: groupInstanceId };
    await this.#session.sayLeftInOrder(timeoutMs, async (brokerId, on) => {
      return (await this.#cluster.send(brokerId, apis.consumerGroupHeartbeat, request, on)).errorCode;
    });
  }

  async #run(): Promise<void> {
    const { closing: signal } = this.#session;
    while (!signal.aborted) {
      try {
        await this.#beat(signal);
        await this.#waitForNext();
      } catch (error) {
        if (signal.aborted) return;
        if (!(await this.#goesOnAfter(error as Error))) return;
      }
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const { group, rackId, groupInstanceId, rebalanceTimeoutMs, serverAssignor } = this.#options;
    const { clock } = this.#cluster.options;
    this.#pause = new AbortController();
    const { topics } = this.#subscription;
    const isNew = this.#epoch === 0;
    const owned = this.#owned;
    const saying = { topics: String(topics), owned: JSON.stringify(owned) };
    const isPattern = topics instanceof RegExp;
    const wasPattern = this.#told.isPattern === true;
    const attempt = async (brokerId: number, stop: AbortSignal): Promise<Decoded<ConsumerGroupHeartbeatResponse>> => {
      const sentAt = clock.now();
      this.#sentAt = sentAt;
      this.#session.beats();
      const saysAll = isNew || this.#saysAll;
      const saysTopics = saysAll || saying.topics !== this.#told.topics;
      this.#saysAll = true;
      this.#mayBeKnown = true;
      const request = {
        ...{ groupId: group, memberId: this.#memberId, memberEpoch: this.#epoch },
        ...(saysAll && { instanceId: groupInstanceId, rackId, rebalanceTimeoutMs, serverAssignor }),
        ...(saysTopics && { subscribedTopicNames: isPattern ? [] : topics }),
        // An empty pattern takes back the last one.
        ...(saysTopics && (isPattern || wasPattern) && { subscribedTopicRegex: isPattern ? topics.source : '' }),
        topicPartitions: isNew ? [] : saysAll || saying.owned !== this.#told.owned ? this.#withIds(owned) : null,
      };
      const minVersion = isPattern || wasPattern ? 1 : 0;
      const options = { purpose: this.#session.purpose, minVersion, signal: stop };
      const answer = await this.#cluster.send(brokerId, apis.consumerGroupHeartbeat, request, options);
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, `heartbeat to the group '${group}'`, { detail: answer.errorMessage });
      this.#session.alive(sentAt);
      return answer;
    };
    const answer = await this.#session.retry(signal, attempt);
    this.#session.succeeded();
    this.#saysAll = false;
    this.#told = { ...saying, isPattern };
    this.#epoch = answer.memberEpoch;
    this.#wasMember = true;
    this.#intervalMs = answer.heartbeatIntervalMs;
    if (this.#intervalMs > 0) this.#session.beatEvery(this.#intervalMs);
    if (answer.assignment !== null) this.#target = answer.assignment.topicPartitions;
    if (answer.assignment !== null || (this.#target !== undefined && !this.#isReconciling)) this.#reconcileLater();
  }

  #reconcileLater(): void {
    this.#superseded.abort();
    this.#superseded = new AbortController();
    const { signal } = this.#superseded;
    this.#isReconciling = true;
    this.#reconciling = this.#reconciling
      .then(() => (signal.aborted ? undefined : this.#reconcile(signal)))
      .finally(() => {
        if (this.#superseded.signal === signal) this.#isReconciling = false;
      });
  }

  /** Makes what the member has what it is assigned. A topic that is not known by name yet is waited for, and only then said to be the member's. */
  async #reconcile(signal: AbortSignal): Promise<void> {
    const target = this.#target;
    if (target === undefined) return;
    const { clock, random, retryBackoff } = this.#cluster.options;
    for (let failures = 1; ; failures++) {
      const wanted = await this.#named(target, signal);
      if (signal.aborted || !(await this.#adopt(wanted, signal))) return;
      if (this.#isKnown(target)) break;
      await delay(clock, backoffMs(failures, retryBackoff, random), signal).catch(() => {});
    }
    if (this.#target === target) this.#target = undefined;
  }

  /** Makes these what the member has; false when something else came first. */
  async #adopt(wanted: readonly TopicPartition[], signal: AbortSignal): Promise<boolean> {
    const gone = without(this.#owned, wanted);
    const come = without(wanted, this.#owned);
    if (gone.length > 0) {
      await this.#options.events.revoked(gone);
      this.#owned = without(this.#owned, gone);
      this.#beatNow();
    }
    // A coordinator that was asked in full answers in full: when nothing has changed, nobody is to hear of a rebalance.
    const isNews = gone.length + come.length > 0 || !this.#isSettled;
    if (isNews && !(await this.#options.events.assigned(come, signal))) return false;
    this.#isSettled = true;
    this.#owned = wanted;
    if (come.length > 0) this.#beatNow();
    this.#options.events.settled();
    return true;
  }

  #isKnown(target: Target): boolean {
    return target.every(({ topicId }) => this.#cluster.metadata.topicById(topicId) !== undefined);
  }

  /** The target with names for ids, as far as they are known. */
  async #named(target: Target, signal: AbortSignal): Promise<TopicPartition[]> {
    const { metadata, options } = this.#cluster;
    if (!this.#isKnown(target)) {
      try {
        await this.#cluster.refresh(await this.#namesIn(target, signal), signal);
      } catch (error) {
        if (!signal.aborted) options.logger.warn({ error }, 'the topics of an assignment are not known yet');
      }
    }
    return target.flatMap(({ topicId, partitions }) => {
      const name = metadata.topicById(topicId)?.name;
      return name === undefined ? [] : partitions.map((partition) => ({ topic: name, partition }));
    });
  }

  /** The topics to ask for. What a pattern means is the broker's to say, so it is not matched here again. */
  async #namesIn(target: Target, signal: AbortSignal): Promise<readonly string[]> {
    const { topics } = this.#subscription;
    if (!(topics instanceof RegExp)) return topics;
    const ids = new Set(target.map(({ topicId }) => topicId));
    return (await this.#cluster.listTopics(signal)).flatMap(({ name, topicId }) => (ids.has(topicId) ? [name] : []));
  }

  #withIds(owned: readonly TopicPartition[]): { topicId: string; partitions: readonly number[] }[] {
    return topicsOf(owned).flatMap(({ topic, partitions }) => {
      const topicId = this.#cluster.metadata.topic(topic)?.topicId;
      return topicId === undefined ? [] : [{ topicId, partitions }];
    });
  }

  /** After a failure: waits, loses what it has and joins anew, or gives up. */
  async #goesOnAfter(error: Error): Promise<boolean> {
    if (error instanceof BrokerError && error.code === errorCodes.UNRELEASED_INSTANCE_ID) this.#tellOfTwin();
    const next = afterHeartbeatError(error, { epoch: this.#epoch, wasMember: this.#wasMember });
    if (next === 'wait and tell') this.#options.events.denied(error);
    if (next === 'wait' || next === 'wait and tell') return this.#session.waitAfter(error);
    await this.#lose();
    if (next === 'end') this.#options.events.failed(error);
    return next === 'join anew';
  }

  /** Another process may run under this name by mistake: then this would wait for ever, and nobody would know why. */
  #tellOfTwin(): void {
    if (this.#hasToldOfTwin) return;
    this.#hasToldOfTwin = true;
    const { group, groupInstanceId } = this.#options;
    this.#cluster.options.logger.warn(
      { group, groupInstanceId },
      'another member of the group has this groupInstanceId: waiting until it leaves or its session expires',
    );
  }

  /** What is owned is not any more, and nothing may be committed for it. */
  async #lose(): Promise<void> {
    this.#epoch = 0;
    this.#mayBeKnown = false;
    this.#session.over();
    this.#told = {};
    this.#target = undefined;
    this.#isSettled = false;
    this.#superseded.abort();
    await this.#reconciling;
    const lost = this.#owned;
    this.#owned = [];
    if (lost.length > 0) await this.#options.events.lost(lost);
  }

  #beatNow(): void {
    this.#pause.abort();
  }

  /** The interval is the coordinator's to say. */
  async #waitForNext(): Promise<void> {
    const { signal } = this.#pause;
    const stop = (): void => this.#pause.abort();
    this.#session.closing.addEventListener('abort', stop, { once: true });
    const { clock } = this.#cluster.options;
    await delay(clock, Math.max(1, this.#sentAt + this.#intervalMs - clock.now()), signal).catch(() => {});
    this.#session.closing.removeEventListener('abort', stop);
  }
}
