import { ClosedError, KafkaError } from '@tskafka/core';
import { channels, type Cluster, type CommitIdentity, publish, type ReadingMember } from '@tskafka/core/internal';
import type { ResolvedBalancedOptions } from '../balanced-options.ts';
import { CloseDeadline } from '../close-deadline.ts';
import type { Engine } from '../engine.ts';
import type { ResolvedConsumerOptions } from '../options.ts';
import type { PartitionSource, ReadRange } from '../partition-source.ts';
import type { TopicsOf } from './group-member.ts';
import { Membership, type RebalanceHooks } from './membership.ts';
import { movesOf, PollWatch } from './poll-watch.ts';

/**
 * The partitions that a group gives to one consumer. It is a member from start() to the end, but for the time when nobody asks it for
 * messages: then it leaves, and is back when somebody does.
 */
export class GroupPartitions implements PartitionSource {
  readonly #cluster: Cluster;
  readonly #group: string;
  readonly #reading: ResolvedConsumerOptions<unknown, unknown>;
  readonly #balanced: ResolvedBalancedOptions;
  #topics: TopicsOf;
  #engine!: Engine<unknown, unknown>;
  #hooks!: RebalanceHooks;
  #watch!: PollWatch;
  #membership: Membership | undefined;
  /** It has left because nobody asked: how it says so, and when it has. */
  #away: { readonly reason: string; readonly left: Promise<void> } | undefined;
  #resetOffsetOnStart: boolean;

  constructor(cluster: Cluster, topics: TopicsOf, reading: ResolvedConsumerOptions<unknown, unknown>, balanced: ResolvedBalancedOptions) {
    this.#cluster = cluster;
    this.#group = reading.consumerGroup!;
    this.#topics = topics;
    this.#reading = reading;
    this.#balanced = balanced;
    this.#resetOffsetOnStart = reading.resetOffsetOnStart;
  }

  /** What reads the partitions, and who is told of them. */
  attach(engine: Engine<unknown, unknown>, hooks: RebalanceHooks): void {
    this.#engine = engine;
    this.#hooks = hooks;
    this.#watch = new PollWatch({
      clock: this.#cluster.options.clock,
      maxPollIntervalMs: this.#balanced.maxPollIntervalMs,
      isReading: () => engine.isReadFrom,
      hasTaken: movesOf(engine.partitions),
      onIdle: (idleMs) => this.#leaveIdle(idleMs),
    });
  }

  /** Other topics from now on. */
  subscribe(topics: TopicsOf): void {
    this.#topics = topics;
    this.#membership?.subscribe(topics);
  }

  /** Joins the group. What it is assigned comes by events, now and later. */
  async rangesToRead(_isKnown: unknown, signal: AbortSignal): Promise<ReadRange[]> {
    const membership = this.#newMembership();
    try {
      void membership.begin();
      await membership.joined(signal);
      this.#watch.start();
      return [];
    } catch (error) {
      // The program may have been told of partitions already.
      await membership.giveBack(new CloseDeadline(this.#cluster.options.clock, this.#reading.closeTimeoutMs), () => Promise.resolve());
      this.#ended();
      throw error;
    }
  }

  commitIdentity(): CommitIdentity | undefined {
    if (this.#away !== undefined) throw new KafkaError(`${this.#away.reason}: other members own its partitions now`);
    if (this.#membership === undefined) return undefined;
    const { identity } = this.#membership;
    if (identity !== undefined) return identity;
    throw new KafkaError(`the consumer is not a member of the group '${this.#group}' at the moment, so it cannot commit`);
  }

  reader(): ReadingMember | undefined {
    return this.#membership?.reader;
  }

  mayRead(): boolean {
    return this.#membership?.isAlive ?? false;
  }

  wanted(): void {
    this.#watch.asked();
    if (this.#away !== undefined) void this.#joinAgain(this.#away.left);
  }

  get problem(): string | undefined {
    return this.#away === undefined
      ? this.#membership?.refusal?.message
      : `${this.#away.reason}; it joins again when it is asked for a message`;
  }

  async finish(deadline: CloseDeadline, lastCommit: () => Promise<void>): Promise<void> {
    this.#watch.stop();
    await this.#membership?.giveBack(deadline, lastCommit);
    await this.#away?.left;
    this.#ended();
  }

  /** The others are to have the partitions. Whoever still holds a message of them is late: that somebody else reads it too cannot be helped. */
  #leaveIdle(idleMs: number): void {
    const membership = this.#membership;
    if (membership === undefined) return;
    const { maxPollIntervalMs } = this.#balanced;
    const reason = `the consumer has left the group '${this.#group}' because nobody asked it for messages for ${Math.round(idleMs)} ms (maxPollIntervalMs is ${maxPollIntervalMs})`;
    this.#cluster.options.logger.warn({ group: this.#group, idleMs }, reason);
    publish(channels.consumerLeft, () => ({ group: this.#group, idleMs }));
    this.#ended();
    this.#away = { reason, left: membership.abandon(this.#reading.closeTimeoutMs, new ClosedError(reason)) };
  }

  /** The group has to have heard that the last member is gone: a static one would be fenced by its own successor. */
  async #joinAgain(left: Promise<void>): Promise<void> {
    this.#away = undefined;
    const membership = this.#newMembership();
    await left;
    if (this.#membership === membership) await membership.begin();
  }

  #newMembership(): Membership {
    const options = {
      ...{ cluster: this.#cluster, group: this.#group, topics: this.#topics, reading: this.#reading, balanced: this.#balanced },
      ...{ engine: this.#engine, hooks: this.#hooks },
    };
    return (this.#membership = new Membership(options, { resetOffsetOnStart: this.#resetOffsetOnStart }));
  }

  #ended(): void {
    this.#resetOffsetOnStart = this.#membership?.resetOffsetOnStart ?? this.#resetOffsetOnStart;
    this.#membership = undefined;
    this.#away = undefined;
  }
}
