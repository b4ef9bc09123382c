import { KafkaError, NoBrokersAvailableError } from '@tskafka/core';
import { backoffMs, type Cluster, type Purpose } from '@tskafka/core/internal';
import { brokerError, ClosedError, delay, errorCodes } from '@tskafka/core/protocol';
import type { GroupEvents, GroupMemberOptions } from './group-member.ts';

/**
 * The coordinator tells how often it wants to hear of a member, and not after how long a silence it expels it: Kafka's own proportion
 * (45 s to 5 s). A member that was stopped for longer hands out nothing until it is answered.
 */
const intervalsOfSession = 9;
/** A heartbeat that goes out by so much of its interval later than the last one is late by the member's own fault. A session is longer, or nobody could stay. */
const lateAfter = 1.5;

export interface MemberSessionOptions extends Pick<GroupMemberOptions, 'cluster' | 'group' | 'sessionTimeoutMs'> {
  readonly events: Pick<GroupEvents, 'alive' | 'unavailable'>;
}

/** Asks the coordinator once. */
export type AskCoordinator<T> = (brokerId: number, signal: AbortSignal) => Promise<T>;

/** Tells the coordinator once, and gives the error code of its answer. */
type SayToCoordinator = (brokerId: number, on: { readonly purpose: Purpose; readonly signal: AbortSignal }) => Promise<number>;

/** What members of all protocols have: a connection of their own to the coordinator, a session that lives or not, and the way out. */
export class MemberSession {
  readonly purpose: Purpose;
  readonly #options: MemberSessionOptions;
  readonly #cluster: Cluster;
  readonly #closing = new AbortController();
  #timeoutMs: number;
  #failures = 0;
  /** When the last request went out that the coordinator has answered to this membership. */
  #aliveAt = -Infinity;
  /** By so long after it the next one should have gone out. */
  #beatsWithinMs = Infinity;
  /** It has, in time: then only the coordinator is late. */
  #isOut = false;

  constructor(options: MemberSessionOptions) {
    this.#options = options;
    this.#cluster = options.cluster;
    this.#timeoutMs = options.sessionTimeoutMs;
    this.purpose = options.cluster.ownPurpose('group');
  }

  /** Aborted when the member leaves. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /**
   * Whether the coordinator still counts on this member. A silent coordinator is waited for as long as the session lasts; but whoever is late himself, because
   * the process was stopped or its event loop blocked, may not know how short a session is, and asks first.
   */
  get isAlive(): boolean {
    const silentMs = this.#cluster.options.clock.now() - this.#aliveAt;
    return silentMs < this.#timeoutMs && (this.#isOut || silentMs < this.#beatsWithinMs);
  }

  /** The coordinator has answered what went out at this time. */
  alive(sentAt: number): void {
    const wasAlive = this.isAlive;
    this.#aliveAt = Math.max(this.#aliveAt, sentAt);
    this.#isOut = false;
    if (!wasAlive) this.#options.events.alive();
  }

  /** A heartbeat goes out. */
  beats(): void {
    this.#isOut ||= this.isAlive;
  }

  /** How often the coordinator wants to hear of the member, which is all that it tells (KIP-848). */
  beatEvery(intervalMs: number): void {
    this.#timeoutMs = Math.min(this.#options.sessionTimeoutMs, intervalsOfSession * intervalMs);
    this.#beatsWithinMs = lateAfter * intervalMs;
  }

  /** There is no session any more. */
  over(): void {
    this.#aliveAt = -Infinity;
    this.#isOut = false;
  }

  /** Asks the coordinator until it has answered, wherever it moves. */
  retry<T>(signal: AbortSignal, ask: AskCoordinator<T>): Promise<T> {
    return this.#cluster.coordinators.retry('group', this.#options.group, ask, { timeoutMs: Infinity, signal });
  }

  /** What was tried has worked: the next failure is the first one. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** Waits after a failure that passes, longer with each in a row; false when the member has left meanwhile. */
  async waitAfter(error: Error): Promise<boolean> {
    if (error instanceof NoBrokersAvailableError) this.#options.events.unavailable(error);
    const { clock, random, retryBackoff } = this.#cluster.options;
    await delay(clock, backoffMs(++this.#failures, retryBackoff, random), this.closing).catch(() => {});
    return !this.closing.aborted;
  }

  /** Ends what is under way. */
  end(): void {
    this.#closing.abort(new ClosedError('the consumer has left its group'));
  }

  /** Ends the member's own connection. A request that the broker holds would hold up all behind it. */
  disconnect(): void {
    this.#cluster.disconnect(this.purpose, new ClosedError('the consumer leaves its group'));
  }

  /** Says that the member leaves, for up to this time; `ask` gives the error code. Whoever is not heard is expelled when its session is over. */
  async sayLeft(timeoutMs: number, ask: SayToCoordinator): Promise<void> {
    this.disconnect();
    await this.#say('coordinator', timeoutMs, ask).catch((error: unknown) => {
      this.#cluster.options.logger.warn({ error }, 'the group was not told that a member left');
    });
  }

  /**
   * The same behind what is still on its way: a first heartbeat that a broker reads after the goodbye, from another connection, would make a member that
   * nobody is. Where that way is blocked, the other one is taken after half of the time.
   */
  async sayLeftInOrder(timeoutMs: number, ask: SayToCoordinator): Promise<void> {
    const { clock } = this.#cluster.options;
    const start = clock.now();
    try {
      await this.#say(this.purpose, timeoutMs / 2, ask);
      this.disconnect();
    } catch {
      await this.sayLeft(Math.max(0, timeoutMs - (clock.now() - start)), ask);
    }
  }

  #say(purpose: Purpose, timeoutMs: number, ask: SayToCoordinator): Promise<void> {
    const { group } = this.#options;
    const attempt: AskCoordinator<void> = async (brokerId, signal) => {
      const code = await ask(brokerId, { purpose, signal });
      if (code !== 0 && code !== errorCodes.UNKNOWN_MEMBER_ID) throw brokerError(code, `leaving the group '${group}'`);
    };
    return this.#cluster.coordinators.retry('group', group, attempt, { timeoutMs });
  }
}

/** Whether the same may work when it is tried again. */
export function isPassing(error: unknown): boolean {
  return error instanceof KafkaError && error.retriable;
}
