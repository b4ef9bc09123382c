import { randomUUID } from 'node:crypto';
import { UnsupportedVersionError } from '@tskafka/core';
import type { Cluster } from '@tskafka/core/internal';
import { apis, brokerError, delay, errorCodes, type Decoded, type ShareGroupHeartbeatResponse } from '@tskafka/core/protocol';
import { afterHeartbeatError } from '../group/after-heartbeat-error.ts';
import { MemberSession } from '../group/member-session.ts';
import type { SharePartition } from './share-partition.ts';

const leaving = -1;
/** A member without partitions asks again soon: the coordinator gives none before it has begun to keep the state of new ones. */
const firstAgainMs = 50;

type Target = NonNullable<Decoded<ShareGroupHeartbeatResponse>['assignment']>['topicPartitions'];

export interface ShareMemberOptions {
  readonly cluster: Cluster;
  readonly group: string;
  readonly topics: readonly string[];
  readonly rackId: string | null;
  readonly onJoined: () => void;
  /** These are the member's now, and no others. */
  readonly onAssigned: (partitions: readonly SharePartition[]) => void;
  readonly onUnavailable: (error: Error) => void;
  /** The member may not see one of its topics any more: it stays one, and goes on asking. */
  readonly onDenied: (error: Error) => void;
  /** The group will not have this member: it has given up. */
  readonly onFailed: (error: Error) => void;
}

/**
 * A member of a share group (KIP-932). Heartbeats are all that is said, and what is assigned may be others' too: nothing is given up or
 * waited for when it changes.
 */
export class ShareMember {
  readonly memberId = randomUUID();
  readonly #options: ShareMemberOptions;
  readonly #cluster: Cluster;
  #session: MemberSession;
  #topics: readonly string[];
  #epoch = 0;
  /** Whether the coordinator may count this member in: it may have heard what it has not answered yet. */
  #mayBeKnown = false;
  #wasMember = false;
  #saidTopics: readonly string[] | undefined;
  #target: Target = [];
  #isNamed = true;
  #intervalMs = 0;
  #againMs = firstAgainMs;
  #pause = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: ShareMemberOptions) {
    this.#options = options;
    this.#cluster = options.cluster;
    this.#topics = options.topics;
    this.#session = this.#newSession();
  }

  /** 0 while it is no member. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Joins, and goes on being a member; also after it has given up, or has left. */
  start(): void {
    if (this.#session.closing.aborted) this.#session = this.#newSession();
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Other topics from now on. */
  subscribe(topics: readonly string[]): void {
    this.#topics = topics;
    this.#againMs = firstAgainMs;
    this.#pause.abort();
  }

  /** Leaves, once, and says so for up to this time. Never rejects. */
  async leave(timeoutMs: number): Promise<void> {
    this.#session.end();
    await this.#running;
    this.#epoch = 0;
    this.#target = [];
    if (!this.#mayBeKnown) return this.#session.disconnect();
    const request = { groupId: this.#options.group, memberId: this.memberId, memberEpoch: leaving };
    await this.#session.sayLeftInOrder(timeoutMs, async (brokerId, on) => {
      return (await this.#cluster.send(brokerId, apis.shareGroupHeartbeat, request, on)).errorCode;
    });
    this.#mayBeKnown = false;
  }

  #newSession(): MemberSession {
    const { cluster, group, onUnavailable } = this.#options;
    const events = { alive: () => {}, unavailable: onUnavailable };
    return new MemberSession({ cluster, group, sessionTimeoutMs: Infinity, events });
  }

  async #run(): Promise<void> {
    const { closing } = this.#session;
    while (!closing.aborted) {
      try {
        this.#pause = new AbortController();
        await this.#beat(closing);
        if (!this.#isNamed) await this.#tellAssignment(closing);
        await this.#waitForNext();
      } catch (error) {
        if (closing.aborted || !(await this.#goesOnAfter(error as Error))) return;
      }
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const { group, rackId, onJoined } = this.#options;
    const topics = this.#topics;
    const isNew = this.#epoch === 0;
    const request = {
      ...{ groupId: group, memberId: this.memberId, memberEpoch: this.#epoch },
      ...(isNew && { rackId }),
      subscribedTopicNames: isNew || topics !== this.#saidTopics ? topics : null,
    };
    // An answer that is lost on the way may have had an assignment: who says all is told all.
    this.#saidTopics = undefined;
    const answer = await this.#session.retry(signal, async (brokerId, stop) => {
      const connection = await this.#cluster.connection(brokerId, this.#session.purpose, stop);
      if (connection.versions.feature('share.version') < 1 || !connection.versions.offers(apis.shareGroupHeartbeat)) throw tooOld();
      this.#mayBeKnown = true;
      const heard = await connection.send(apis.shareGroupHeartbeat, request, { signal: stop });
      if (heard.errorCode === errorCodes.UNSUPPORTED_VERSION) throw tooOld();
      if (heard.errorCode !== 0)
        throw brokerError(heard.errorCode, `heartbeat to the share group '${group}'`, { detail: heard.errorMessage ?? null });
      return heard;
    });
    this.#session.succeeded();
    this.#saidTopics = topics;
    this.#epoch = answer.memberEpoch;
    this.#wasMember = true;
    this.#intervalMs = answer.heartbeatIntervalMs;
    if (answer.assignment !== null && answer.assignment !== undefined) {
      this.#target = answer.assignment.topicPartitions;
      this.#isNamed = false;
    }
    if (isNew) onJoined();
  }

  /** Says what is assigned, with names for ids. What is not known by name yet waits for metadata, and for the next heartbeat. */
  async #tellAssignment(signal: AbortSignal): Promise<void> {
    const { metadata, options } = this.#cluster;
    const isKnown = (): boolean => this.#target.every(({ topicId }) => metadata.topicById(topicId) !== undefined);
    if (!isKnown()) {
      await this.#cluster.refresh(this.#topics, signal).catch((error: unknown) => {
        if (!signal.aborted) options.logger.warn({ error }, 'the topics of an assignment are not known yet');
      });
    }
    this.#isNamed = isKnown();
    this.#options.onAssigned(
      this.#target.flatMap(({ topicId, partitions }) => {
        const topic = metadata.topicById(topicId)?.name;
        return topic === undefined ? [] : partitions.map((partition) => ({ topic, topicId, partition }));
      }),
    );
  }

  /** After a failure: waits, joins anew, or gives up. */
  async #goesOnAfter(error: Error): Promise<boolean> {
    const next = afterHeartbeatError(error, { epoch: this.#epoch, wasMember: this.#wasMember });
    if (next === 'wait and tell') this.#options.onDenied(error);
    if (next === 'wait' || next === 'wait and tell') return this.#session.waitAfter(error);
    this.#epoch = 0;
    if (next === 'join anew') {
      this.#againMs = firstAgainMs;
      return true;
    }
    this.#options.onAssigned([]);
    this.#options.onFailed(error);
    return false;
  }

  /** The interval is the coordinator's to say. */
  async #waitForNext(): Promise<void> {
    const { signal } = this.#pause;
    const isWaiting = this.#target.length === 0 || !this.#isNamed;
    const ms = isWaiting ? Math.min(this.#intervalMs, this.#againMs) : this.#intervalMs;
    this.#againMs = isWaiting ? this.#againMs * 2 : firstAgainMs;
    const stop = (): void => this.#pause.abort();
    this.#session.closing.addEventListener('abort', stop, { once: true });
    await delay(this.#cluster.options.clock, Math.max(1, ms), signal).catch(() => {});
    this.#session.closing.removeEventListener('abort', stop);
  }
}

function tooOld(): UnsupportedVersionError {
  return new UnsupportedVersionError(
    'the cluster has no share groups: Kafka 4.2 or newer is needed, with the feature share.version at 1 (kafka-features.sh upgrade --feature share.version=1)',
  );
}
