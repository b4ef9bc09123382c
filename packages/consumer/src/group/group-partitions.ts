import { ClosedError, KafkaError, type TopicPartition } from '@tskafka/core';
import { backoffMs, type Cluster, type CommitIdentity, LinkedAbort, raceWithSignal } from '@tskafka/core/internal';
import { delay } from '@tskafka/core/protocol';
import type { PlacesAfterRebalance, ResolvedBalancedOptions } from '../balanced-options.ts';
import type { ConsumerPartition } from '../consumer-partitions.ts';
import type { Engine } from '../engine.ts';
import type { ResolvedConsumerOptions } from '../options.ts';
import { partitionName } from '../partition-queue.ts';
import type { PartitionSource, ReadRange } from '../partition-source.ts';
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

/** The partitions that a group gives to one consumer: taken, read, given back. */
export class GroupPartitions implements PartitionSource {
  readonly #cluster: Cluster;
  readonly #group: string;
  readonly #reading: ResolvedConsumerOptions<unknown, unknown>;
  readonly #balanced: ResolvedBalancedOptions;
  #topics: TopicsOf;
  #engine!: Engine<unknown, unknown>;
  #hooks!: RebalanceHooks;
  #member: GroupMember | undefined;
  /** Why the group will not have this consumer. */
  #refusal: Error | undefined;
  /** Whoever waits to be a member with an assignment. */
  #joining: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  /** What is being given back: told to the program, and committed. */
  #revoking: Promise<void> = Promise.resolve();
  /** The consumer leaves its group: what is lost is lost, whatever becomes of onLost. */
  #closing = new AbortController();
  /** The group is not kept waiting any more. */
  #leaving = new AbortController();
  /** resetOffsetOnStart is for the first partitions that come; a rebalance never resets. */
  #isFirst = true;

  constructor(cluster: Cluster, topics: TopicsOf, reading: ResolvedConsumerOptions<unknown, unknown>, balanced: ResolvedBalancedOptions) {
    this.#cluster = cluster;
    this.#group = reading.consumerGroup!;
    this.#topics = topics;
    this.#reading = reading;
    this.#balanced = balanced;
  }

  /** What reads the partitions, and who is told of them. */
  attach(engine: Engine<unknown, unknown>, hooks: RebalanceHooks): void {
    this.#engine = engine;
    this.#hooks = hooks;
  }

  /** Other topics from now on. */
  subscribe(topics: TopicsOf): void {
    this.#topics = topics;
    this.#member?.subscribe(topics);
  }

  /** Joins the group. What it is assigned comes by events, now and later. */
  async rangesToRead(_isKnown: (partition: TopicPartition) => boolean, signal: AbortSignal): Promise<ReadRange[]> {
    this.#refusal = undefined;
    this.#closing = new AbortController();
    this.#leaving = new AbortController();
    const joined = new Promise<void>((resolve, reject) => (this.#joining = { resolve, reject }));
    joined.catch(() => {});
    try {
      const protocol = this.#balanced.groupProtocol;
      const chosen = protocol === 'auto' ? await chooseProtocol(this.#cluster, this.#group, signal) : protocol;
      signal.throwIfAborted();
      const Member = chosen === 'consumer' ? ConsumerMember : ClassicMember;
      const { closeTimeoutMs } = this.#reading;
      this.#member = new Member({
        ...this.#balanced,
        cluster: this.#cluster,
        group: this.#group,
        topics: this.#topics,
        closeTimeoutMs,
        events: this.#events,
      });
      this.#member.start();
      await raceWithSignal(joined, signal);
      return [];
    } catch (error) {
      this.#closing.abort(error);
      this.#leaving.abort(error);
      await this.#member?.leave();
      this.#member = undefined;
      this.#engine.drop(this.#assignment, error as Error);
      throw error;
    } finally {
      this.#joining = undefined;
    }
  }

  commitIdentity(): CommitIdentity | undefined {
    if (this.#member === undefined) return undefined;
    const { identity } = this.#member;
    if (identity !== undefined) return identity;
    throw new KafkaError(`the consumer is no member of the group '${this.#group}' at the moment, and has nothing to commit`);
  }

  mayRead(): boolean {
    if (this.#refusal !== undefined) throw this.#refusal;
    return this.#member?.isAlive ?? false;
  }

  /** Gives everything back: onRevoked, the last commit, and only then the group may give it to others. */
  async finish(lastCommit: () => Promise<void>): Promise<void> {
    const member = this.#member;
    if (member === undefined) return;
    this.#closing.abort(new ClosedError('the consumer is closing'));
    if (member.identity !== undefined) {
      // What is being given back already is waited for, and not told again.
      const staying = [...this.#engine.partitions].filter(({ isLeaving }) => !isLeaving);
      const revoked = (signal: AbortSignal) => Promise.all([this.#revoking, this.#tellRevoked(this.#standing(staying), signal)]);
      await this.#within(this.#reading.closeTimeoutMs, revoked);
      await lastCommit();
    }
    this.#leaving.abort(new ClosedError('the consumer is closing'));
    await member.leave();
    this.#member = undefined;
    this.#engine.drop(this.#assignment, new ClosedError('the consumer has left its group'));
  }

  readonly #events: GroupEvents = {
    assigned: (partitions, signal) => this.#assigned(partitions, signal),
    revoked: (partitions) => (this.#revoking = this.#revoked(partitions)),
    lost: (partitions) => this.#lost(partitions),
    settled: () => this.#joining?.resolve(),
    alive: () => this.#engine.serve(),
    unavailable: (error) => {
      this.#joining?.reject(error);
      this.#engine.tell(error, { isPassing: true });
    },
    failed: (error) => {
      this.#joining?.reject(error);
      this.#refusal = error;
      this.#engine.tell(error);
    },
  };

  /** Finds where each partition starts, and reads it. A failure is told and repeated: the member stays one meanwhile. */
  async #assigned(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<boolean> {
    const before = this.#assignment;
    if (this.#closing.signal.aborted) return false;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        const resetOffsetOnStart = this.#reading.resetOffsetOnStart && this.#isFirst;
        const starts = await startOffsets(this.#cluster, partitions, { ...this.#reading, resetOffsetOnStart, signal });
        signal.throwIfAborted();
        this.#engine.take(starts.map((start) => ({ ...start, until: Infinity })));
        if (partitions.length > 0) this.#isFirst = false;
        await raceWithSignal(this.#tellAssigned(partitions, before, signal), signal);
        if (signal.aborted) break;
        this.#engine.read(partitions);
        return true;
      } catch (error) {
        if (signal.aborted) break;
        this.#joining?.reject(error as Error);
        this.#engine.tell(error as Error, { isPassing: isPassing(error) });
        const { clock, random, retryBackoff } = this.#cluster.options;
        await delay(clock, backoffMs(failures, retryBackoff, random), signal).catch(() => {});
      }
    }
    this.#engine.drop(this.#standing(partitions), new ClosedError('the group is rebalanced'));
    return false;
  }

  async #tellAssigned(partitions: readonly TopicPartition[], before: readonly ConsumerPartition[], signal: AbortSignal): Promise<void> {
    await this.#tell('onAssigned', () => this.#hooks.onAssigned?.(this.#standing(partitions)));
    await this.#tell('postRebalanceCallback', async () => {
      const places = await this.#hooks.postRebalanceCallback?.(before, this.#assignment);
      if (places) await this.#engine.jump(this.#engine.partitions.places(places, 'none'), signal);
    });
  }

  /** Hands out no more of them, lets the program end what it does with them, and commits. */
  async #revoked(partitions: readonly TopicPartition[]): Promise<void> {
    const drain = async (signal: AbortSignal): Promise<void> => {
      await this.#engine.halt(partitions, signal);
      await this.#tellRevoked(this.#standing(partitions), signal);
    };
    await this.#within(this.#balanced.drainTimeoutMs, drain, this.#leaving.signal);
    await this.#within(this.#reading.closeTimeoutMs, (signal) => this.#engine.commitRead(signal));
    this.#engine.drop(partitions, new ClosedError('the group has taken the partition back'));
  }

  async #lost(partitions: readonly TopicPartition[]): Promise<void> {
    const lost = this.#standing(partitions);
    this.#engine.drop(partitions, new ClosedError('the group has given the partition to somebody else'));
    const tell = (): Promise<void> => this.#tell('onLost', () => this.#hooks.onLost?.(lost));
    await this.#within(this.#balanced.drainTimeoutMs, tell, this.#closing.signal);
  }

  async #tellRevoked(partitions: readonly ConsumerPartition[], signal: AbortSignal): Promise<void> {
    if (partitions.length > 0) await this.#tell('onRevoked', () => this.#hooks.onRevoked?.(partitions, signal));
  }

  /** A hook that throws does not keep the group waiting. */
  async #tell(name: string, hook: () => unknown): Promise<void> {
    try {
      await hook();
    } catch (error) {
      this.#cluster.options.logger.error({ error }, `${name} has thrown`);
      this.#engine.tell(error as Error);
    }
  }

  /** Goes on after the time, whatever becomes of the work. */
  async #within(timeoutMs: number, work: (signal: AbortSignal) => Promise<unknown>, stop?: AbortSignal): Promise<void> {
    const late = new LinkedAbort(stop);
    const timer = this.#cluster.options.clock.setTimeout(() => late.abort(new ClosedError(`not done within ${timeoutMs} ms`)), timeoutMs);
    await raceWithSignal(work(late.signal), late.signal).catch((error: unknown) => {
      this.#cluster.options.logger.warn({ error }, 'a rebalance goes on without waiting any longer');
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
}
