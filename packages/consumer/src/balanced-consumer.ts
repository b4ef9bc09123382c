import { ClosedError, KafkaError, type KafkaClient, NoBrokersAvailableError, type Topic, type TopicPartition } from '@tskafka/core';
import { backoffMs, type Cluster, clusterSymbol, type CommitIdentity, raceWithSignal } from '@tskafka/core/internal';
import { delay } from '@tskafka/core/protocol';
import {
  type BalancedConsumerOptions,
  checkTopics,
  type ResolvedBalancedOptions,
  resolveBalancedOptions,
  topicsToShare,
} from './balanced-options.ts';
import { Consumer, type ReadRange } from './consumer.ts';
import type { ConsumerPartition } from './consumer-partitions.ts';
import { chooseProtocol } from './group/choose-protocol.ts';
import { ClassicMember } from './group/classic-member.ts';
import { ConsumerMember } from './group/consumer-member.ts';
import type { GroupEvents, GroupMember, TopicsOf } from './group/group-member.ts';
import type { ResolvedConsumerOptions } from './options.ts';
import { partitionName } from './partition-queue.ts';
import { startOffsets } from './start-offsets.ts';

/**
 * Shares the partitions of its topics with the other consumers of its group: each partition is read by one of them at a time, and where one
 * goes, the others take over behind what it has committed. PyKafka: BalancedConsumer and ManagedBalancedConsumer.
 */
export class BalancedConsumer<Value = Buffer | null, Key = Buffer | null> extends Consumer<Value, Key> {
  readonly #cluster: Cluster;
  readonly #group: string;
  readonly #hooks: BalancedConsumerOptions<Value, Key>;
  readonly #reading: ResolvedConsumerOptions<Value, Key>;
  readonly #balanced: ResolvedBalancedOptions;
  #topics: TopicsOf;
  #member: GroupMember | undefined;
  /** Why the group will not have this consumer. */
  #refusal: Error | undefined;
  /** Whoever waits to be a member with an assignment. */
  #joining: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  /** Ends the time that onRevoked has. */
  #draining: AbortController | undefined;
  /** resetOffsetOnStart is for the first partitions that come; a rebalance never resets. */
  #isFirst = true;

  /**
   * A consumer that joins no group until start(). PyKafka: auto_start=False.
   *
   * Throws TypeError or RangeError for a bad option, and TypeError for an option that does not exist.
   */
  constructor(source: Topic | KafkaClient, options: BalancedConsumerOptions<Value, Key>) {
    const { reading, balanced } = resolveBalancedOptions(options);
    const topics = topicsToShare('name' in source ? source.name : undefined, options.topics);
    const cluster = source[clusterSymbol];
    super(cluster, reading);
    this.#cluster = cluster;
    this.#group = reading.consumerGroup!;
    this.#hooks = options;
    this.#reading = reading;
    this.#balanced = balanced;
    this.#topics = topics;
  }

  /** A running consumer that has joined its group. Rejects as the constructor and start() do. */
  static async start<Value = Buffer | null, Key = Buffer | null>(
    source: Topic | KafkaClient,
    options: BalancedConsumerOptions<Value, Key>,
  ): Promise<BalancedConsumer<Value, Key>> {
    const consumer = new BalancedConsumer<Value, Key>(source, options);
    try {
      await consumer.start();
    } catch (error) {
      await consumer.close();
      throw error;
    }
    return consumer;
  }

  /**
   * Joins the group, and resolves with the first assignment, which may be empty while others give up what this one is to have.
   *
   * Rejects with BrokerError when the group will not have it (no authorization, no assignor in common, the group is full, another one
   * has its groupInstanceId), KafkaError when there is nothing to start from and autoOffsetReset is 'none', NoBrokersAvailableError
   * when no broker can be reached, and ClosedError after close(). It may be called again after each but the last.
   */
  override start(): Promise<void> {
    return super.start();
  }

  /** Other topics from now on: the group is rebalanced. Throws TypeError for a list that is empty. */
  subscribe(topics: readonly string[] | RegExp): void {
    this.#topics = checkTopics(topics);
    this.#member?.subscribe(this.#topics);
  }

  /** Joins the group. What it is assigned comes by events, now and later. */
  protected override async rangesToRead(_isKnown: (partition: TopicPartition) => boolean, signal: AbortSignal): Promise<ReadRange[]> {
    this.#refusal = undefined;
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
      await this.#member?.leave();
      this.#member = undefined;
      this.drop(this.assignment, error as Error);
      throw error;
    } finally {
      this.#joining = undefined;
    }
  }

  protected override commitIdentity(): CommitIdentity | undefined {
    if (this.#member === undefined) return undefined;
    const { identity } = this.#member;
    if (identity !== undefined) return identity;
    throw new KafkaError(`the consumer is no member of the group '${this.#group}' at the moment, and has nothing to commit`);
  }

  protected override mayRead(): boolean {
    if (this.#refusal !== undefined) throw this.#refusal;
    return this.#member?.isAlive ?? false;
  }

  /** Gives everything back: onRevoked, the last commit, and only then the group may give it to others. */
  protected override async finish(lastCommit: () => Promise<void>): Promise<void> {
    const owned = this.assignment;
    const member = this.#member;
    if (member === undefined) return;
    this.#draining?.abort(new ClosedError('the consumer is closing'));
    if (member.identity !== undefined) {
      await this.#within(this.#reading.closeTimeoutMs, (signal) => this.#tellRevoked(owned, signal));
      await lastCommit();
    }
    await member.leave();
    this.#member = undefined;
    this.drop(owned, new ClosedError('the consumer has left its group'));
  }

  readonly #events: GroupEvents = {
    assigned: (partitions, signal) => this.#assigned(partitions, signal),
    revoked: (partitions) => this.#revoked(partitions),
    lost: (partitions) => this.#lost(partitions),
    settled: () => this.#joining?.resolve(),
    alive: () => this.serve(),
    unavailable: (error) => {
      this.#joining?.reject(error);
      this.tell(error, { isPassing: true });
    },
    failed: (error) => {
      this.#joining?.reject(error);
      this.#refusal = error;
      this.tell(error);
    },
  };

  /** Finds where each partition starts, and reads it. A failure is told and repeated: the member stays one meanwhile. */
  async #assigned(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<boolean> {
    const before = this.assignment;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        const resetOffsetOnStart = this.#reading.resetOffsetOnStart && this.#isFirst;
        const starts = await startOffsets(this.#cluster, partitions, { ...this.#reading, resetOffsetOnStart, signal });
        signal.throwIfAborted();
        this.take(starts.map((start) => ({ ...start, until: Infinity })));
        if (partitions.length > 0) this.#isFirst = false;
        await raceWithSignal(this.#tellAssigned(partitions, before, signal), signal);
        if (signal.aborted) break;
        this.read(partitions);
        return true;
      } catch (error) {
        if (signal.aborted) break;
        const isPassing = error instanceof KafkaError && error.retriable;
        this.#joining?.reject(error as Error);
        this.tell(error as Error, { isPassing: isPassing || error instanceof NoBrokersAvailableError });
        const { clock, random, retryBackoff } = this.#cluster.options;
        await delay(clock, backoffMs(failures, retryBackoff, random), signal).catch(() => {});
      }
    }
    this.drop(this.#standing(partitions), new ClosedError('the group is rebalanced'));
    return false;
  }

  async #tellAssigned(partitions: readonly TopicPartition[], before: readonly ConsumerPartition[], signal: AbortSignal): Promise<void> {
    await this.#tell('onAssigned', () => this.#hooks.onAssigned?.(this.#standing(partitions), this));
    await this.#tell('postRebalanceCallback', async () => {
      const places = await this.#hooks.postRebalanceCallback?.(this, before, this.assignment);
      if (places) await this.resetOffsets(places, { signal });
    });
  }

  /** Hands out no more of them, lets the program end what it does with them, and commits. */
  async #revoked(partitions: readonly TopicPartition[]): Promise<void> {
    await this.#within(this.#balanced.drainTimeoutMs, async (signal) => {
      await this.halt(partitions, signal);
      await this.#tellRevoked(this.#standing(partitions), signal);
    });
    await this.#within(this.#reading.closeTimeoutMs, (signal) => this.commitRead(signal));
    this.drop(partitions, new ClosedError('the group has taken the partition back'));
  }

  async #lost(partitions: readonly TopicPartition[]): Promise<void> {
    const lost = this.#standing(partitions);
    this.drop(partitions, new ClosedError('the group has given the partition to somebody else'));
    await this.#tell('onLost', () => this.#hooks.onLost?.(lost, this));
  }

  async #tellRevoked(partitions: readonly ConsumerPartition[], signal: AbortSignal): Promise<void> {
    if (partitions.length > 0) await this.#tell('onRevoked', () => this.#hooks.onRevoked?.(partitions, this, { signal }));
  }

  /** A hook that throws does not keep the group waiting. */
  async #tell(name: string, hook: () => unknown): Promise<void> {
    try {
      await hook();
    } catch (error) {
      this.#cluster.options.logger.error({ error }, `${name} has thrown`);
      this.tell(error as Error);
    }
  }

  /** Goes on after the time, whatever becomes of the work. */
  async #within(timeoutMs: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const late = new AbortController();
    this.#draining = late;
    const timer = this.#cluster.options.clock.setTimeout(() => late.abort(new ClosedError(`not done within ${timeoutMs} ms`)), timeoutMs);
    await raceWithSignal(work(late.signal), late.signal).catch((error: unknown) => {
      this.#cluster.options.logger.warn({ error }, 'a rebalance goes on without waiting any longer');
    });
    timer.cancel();
  }

  #standing(partitions: readonly TopicPartition[]): ConsumerPartition[] {
    const names = new Set(partitions.map(partitionName));
    return this.assignment.filter((partition) => names.has(partitionName(partition)));
  }
}
