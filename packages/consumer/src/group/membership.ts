import { ClosedError, type TopicPartition } from '@tskafka/core';
import {
  backoffMs,
  type Cluster,
  type CommitIdentity,
  LinkedAbort,
  onAbort,
  partitionName,
  raceWithSignal,
  type ReadingMember,
} from '@tskafka/core/internal';
import { delay } from '@tskafka/core/protocol';
import type { PlacesAfterRebalance, ResolvedBalancedOptions } from '../balanced-options.ts';
import type { CloseDeadline } from '../close-deadline.ts';
import type { ConsumerPartition } from '../consumer-partitions.ts';
import type { Engine } from '../engine.ts';
import type { PartitionQueue } from '../partition-queue.ts';
import type { ResolvedConsumerOptions } from '../options.ts';
import { startOffsets } from '../start-offsets.ts';
import { chooseProtocol } from './choose-protocol.ts';
import { ClassicMember } from './classic-member.ts';
import { ConsumerMember } from './consumer-member.ts';
import type { GroupEvents, GroupMember, TopicsOf } from './group-member.ts';
import { isPassing } from './member-session.ts';

/** The program's own functions, for what comes and goes. */
export interface RebalanceHooks {
  readonly onAssigned: ((partitions: readonly ConsumerPartition[]) => unknown) | undefined;
  readonly onRevoked: ((partitions: readonly ConsumerPartition[], signal: AbortSignal) => unknown) | undefined;
  readonly onLost: ((partitions: readonly ConsumerPartition[]) => unknown) | undefined;
  readonly postRebalanceCallback:
    | ((before: readonly ConsumerPartition[], now: readonly ConsumerPartition[]) => PlacesAfterRebalance | Promise<PlacesAfterRebalance>)
    | undefined;
}

export interface MembershipOptions {
  readonly cluster: Cluster;
  readonly group: string;
  readonly topics: TopicsOf;
  readonly reading: ResolvedConsumerOptions<unknown, unknown>;
  readonly balanced: ResolvedBalancedOptions;
  readonly engine: Engine<unknown, unknown>;
  readonly hooks: RebalanceHooks;
}

/** One stay of a consumer in its group, from joining to leaving: what the group gives is read, and what it wants back is given back. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #cluster: Cluster;
  readonly #engine: Engine<unknown, unknown>;
  readonly #hooks: RebalanceHooks;
  #topics: TopicsOf;
  #member: GroupMember | undefined;
  /** Why the group will not have this consumer. */
  #refusal: Error | undefined;
  readonly #joined: { readonly promise: Promise<void>; readonly resolve: () => void; readonly reject: (error: Error) => void };
  /** What the program is being told of that comes. */
  #telling: Promise<void> = Promise.resolve();
  /** What is being given back: told to the program, and committed. */
  #revoking: Promise<void> = Promise.resolve();
  /** What the program was told to be going. However it goes, and how often somebody says so, that is told once. */
  readonly #told = new WeakSet<PartitionQueue>();
  /** The consumer leaves its group: what is lost is lost, whatever becomes of onLost. */
  readonly #closing = new AbortController();
  /** The group is not kept waiting any more. */
  readonly #leaving = new AbortController();
  readonly #left = new Promise<void>((resolve) => onAbort(this.#leaving.signal, resolve));
  /** resetOffsetOnStart is for the first partitions that come; a rebalance never resets. */
  #resets: boolean;

  constructor(options: MembershipOptions, { resetOffsetOnStart }: { readonly resetOffsetOnStart: boolean }) {
    this.#options = options;
    this.#cluster = options.cluster;
    this.#engine = options.engine;
    this.#hooks = options.hooks;
    this.#topics = options.topics;
    this.#resets = resetOffsetOnStart;
    let resolve!: () => void;
    let reject!: (error: Error) => void;
    const promise = new Promise<void>((...settle) => ([resolve, reject] = settle));
    promise.catch(() => {});
    this.#joined = { promise, resolve, reject };
  }

  /** Who commits; undefined while it is no member. */
  get identity(): CommitIdentity | undefined {
    return this.#member?.identity;
  }

  /** Who asks what the group has committed; see GroupMember. */
  get reader(): ReadingMember | undefined {
    return this.#member?.reader;
  }

  /** Whether what it has may be handed out. Throws where the group will not have this consumer. */
  get isAlive(): boolean {
    if (this.#refusal !== undefined) throw this.#refusal;
    return this.#member?.isAlive ?? false;
  }

  get refusal(): Error | undefined {
    return this.#refusal;
  }

  /** Whether the next partitions that come are to be read from autoOffsetReset, as resetOffsetOnStart wants it. */
  get resetOffsetOnStart(): boolean {
    return this.#resets;
  }

  subscribe(topics: TopicsOf): void {
    this.#topics = topics;
    this.#member?.subscribe(topics);
  }

  /** Becomes a member, and goes on trying. It never rejects: what the group will not have is told to whoever reads. */
  async begin(): Promise<void> {
    const { group, balanced } = this.#options;
    const { signal } = this.#closing;
    const protocol = balanced.groupProtocol;
    try {
      const chosen = protocol === 'auto' ? await chooseProtocol(this.#cluster, group, signal) : protocol;
      signal.throwIfAborted();
      const Member = chosen === 'consumer' ? ConsumerMember : ClassicMember;
      this.#member = new Member({ ...balanced, cluster: this.#cluster, group, topics: this.#topics, events: this.#events });
      this.#member.start();
    } catch (error) {
      if (!signal.aborted) this.#events.failed(error as Error);
    }
  }

  /** Resolves when it has its first assignment. Rejects when the group will not have it, and when no broker can be reached. */
  joined(signal: AbortSignal): Promise<void> {
    return raceWithSignal(this.#joined.promise, signal);
  }

  /** Gives everything back: onRevoked, the last commit, and only then the group may give it to others. */
  async giveBack(deadline: CloseDeadline, lastCommit: () => Promise<void>): Promise<void> {
    const reason = new ClosedError('the consumer is closing');
    this.#closing.abort(reason);
    if (this.identity !== undefined) {
      const revoked = async (signal: AbortSignal): Promise<void> => {
        await this.#telling;
        // What is being given back already is waited for.
        await Promise.all([this.#revoking, this.#tellRevoked([...this.#engine.partitions], signal)]);
      };
      await this.#within(deadline.handlersMs, revoked);
      await lastCommit();
    }
    await this.leave(deadline.leaveMs, new ClosedError('the consumer has left its group'));
  }

  /** Leaves as it stands: nothing more is handed out, and nothing is committed. */
  async abandon(timeoutMs: number, reason: Error): Promise<void> {
    const lost = this.#lost(this.#assignment, reason);
    await Promise.all([lost, this.leave(timeoutMs, reason)]);
  }

  /** Leaves, within the time. */
  async leave(timeoutMs: number, reason: Error): Promise<void> {
    this.#closing.abort(reason);
    this.#leaving.abort(reason);
    await this.#member?.leave(timeoutMs);
    this.#engine.drop(this.#assignment, reason);
  }

  readonly #events: GroupEvents = {
    assigned: (partitions, signal) => this.#assigned(partitions, signal),
    // Whoever gives everything back does not begin anew: the group has it when the member has left.
    revoked: (partitions) => (this.#closing.signal.aborted ? this.#left : (this.#revoking = this.#revoked(partitions))),
    lost: (partitions) =>
      this.#lost(partitions, new ClosedError('the group has given the partition to another member'), this.#closing.signal),
    settled: () => this.#joined.resolve(),
    alive: () => this.#engine.serve(),
    unavailable: (error) => {
      this.#joined.reject(error);
      this.#engine.tell(error, { isPassing: true });
    },
    denied: (error) => this.#engine.tell(error),
    failed: (error) => {
      this.#joined.reject(error);
      this.#refusal = error;
      this.#engine.tell(error);
    },
  };

  /**
   * Finds where each partition starts, tells the program, and reads it. A failure is told and repeated: the member stays one meanwhile. What
   * the program was told of is the member's, also when something else comes first by then: so it is revoked or lost like all else.
   */
  async #assigned(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<boolean> {
    const before = this.#assignment;
    if (this.#closing.signal.aborted || !(await this.#take(partitions, signal))) return false;
    const told = this.#tellAssigned(partitions, before, signal);
    const enough = (): Promise<void> => this.#within(this.#options.balanced.drainTimeoutMs, () => told, this.#leaving.signal);
    await (this.#telling = raceWithSignal(told, signal).catch(enough));
    this.#engine.reading.begin(this.#standing(partitions));
    return true;
  }

  /** True when they are this consumer's; false when the signal comes first. */
  async #take(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<boolean> {
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        const starts = await startOffsets(this.#cluster, partitions, {
          ...this.#options.reading,
          ...{ isFirst: this.#resets, unread: this.#engine.reading.unread, member: () => this.reader, signal },
        });
        if (signal.aborted || this.#closing.signal.aborted) break;
        this.#engine.reading.take(starts.map((start) => ({ ...start, until: Infinity })));
        if (partitions.length > 0) this.#resets = false;
        return true;
      } catch (error) {
        if (signal.aborted) break;
        this.#joined.reject(error as Error);
        this.#engine.tell(error as Error, { isPassing: isPassing(error) });
        const { clock, random, retryBackoff } = this.#cluster.options;
        await delay(clock, backoffMs(failures, retryBackoff, random), signal).catch(() => {});
      }
    }
    return false;
  }

  async #tellAssigned(partitions: readonly TopicPartition[], before: readonly ConsumerPartition[], signal: AbortSignal): Promise<void> {
    await this.#tell('onAssigned', () => this.#hooks.onAssigned?.(this.#standing(partitions)));
    await this.#tell('postRebalanceCallback', async () => {
      const places = await this.#hooks.postRebalanceCallback?.(before, this.#assignment);
      if (!places) return;
      const jump = this.#engine.reading.jump(this.#engine.partitions.places(places, 'none'), signal);
      await jump.catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    });
  }

  /** Hands out no more of them, lets the program end what it does with them, and commits. */
  async #revoked(partitions: readonly TopicPartition[]): Promise<void> {
    const { balanced, reading } = this.#options;
    const { clock } = this.#cluster.options;
    const { signal: leaving } = this.#leaving;
    const end = clock.now() + balanced.drainTimeoutMs;
    await this.#within(balanced.drainTimeoutMs, (signal) => this.#engine.halt(partitions, signal), leaving);
    // Where handlers have used up the time the program is told all the same: it would never hear of it.
    const tell = (signal: AbortSignal): Promise<void> => this.#tellRevoked(partitions, signal);
    await this.#within(Math.max(0, end - clock.now()), tell, leaving);
    await this.#within(reading.closeTimeoutMs, (signal) => this.#engine.commitRead(signal), leaving);
    this.#engine.drop(partitions, new ClosedError('the group has taken the partition back'));
  }

  async #lost(partitions: readonly TopicPartition[], reason: Error, stop?: AbortSignal): Promise<void> {
    const lost = this.#going(partitions);
    this.#engine.drop(partitions, reason);
    if (lost.length === 0) return;
    const tell = (): Promise<void> => this.#tell('onLost', () => this.#hooks.onLost?.(lost));
    await this.#within(this.#options.balanced.drainTimeoutMs, tell, stop);
  }

  async #tellRevoked(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<void> {
    const going = this.#going(partitions);
    if (going.length > 0) await this.#tell('onRevoked', () => this.#hooks.onRevoked?.(going, signal));
  }

  /** A hook that throws does not keep the group waiting. */
  async #tell(name: string, hook: () => unknown): Promise<void> {
    try {
      await hook();
    } catch (error) {
      this.#cluster.options.logger.error({ error }, `${name} threw`);
      this.#engine.tell(error as Error);
    }
  }

  /** Goes on after the time, whatever becomes of the work. */
  async #within(timeoutMs: number, work: (signal: AbortSignal) => Promise<unknown>, stop?: AbortSignal): Promise<void> {
    const late = new LinkedAbort(stop);
    const over = (): void => late.abort(new ClosedError(`not done within ${timeoutMs} ms`));
    if (timeoutMs <= 0) over();
    const timer = this.#cluster.options.clock.setTimeout(over, timeoutMs);
    await raceWithSignal(work(late.signal), late.signal).catch((error: unknown) => {
      this.#cluster.options.logger.warn({ error }, 'the rebalance continues without waiting any longer');
    });
    timer.cancel();
    late.unlink();
  }

  get #assignment(): ConsumerPartition[] {
    return this.#engine.partitions.list();
  }

  #standing(partitions: readonly TopicPartition[]): ConsumerPartition[] {
    const names = new Set(partitions.map(partitionName));
    return this.#assignment.filter((partition) => names.has(partitionName(partition)));
  }

  /** Those that the program has not been told to be going, which it is now. */
  #going(partitions: readonly TopicPartition[]): ConsumerPartition[] {
    const { partitions: all } = this.#engine;
    const untold = partitions.filter((partition) => all.has(partition) && !this.#told.has(all.get(partition)));
    for (const partition of untold) this.#told.add(all.get(partition));
    return this.#standing(untold);
  }
}
