import { backoffMs, type Cluster, raceWithSignal, underSignals } from '@tskafka/core/internal';
import { delay } from '@tskafka/core/protocol';
import { isPromise } from '../is-promise.ts';
import { rawBytesOf } from '../message.ts';
import type { ToHandle } from '../message-queue.ts';
import type { PartitionQueue } from '../partition-queue.ts';
import { deadLetterOf } from './dead-letter.ts';
import type { Handler, ResolvedRunOptions } from './run-options.ts';
import { Slice } from './slice.ts';

export interface RunDependencies<Value, Key> {
  readonly cluster: Cluster;
  readonly consumerGroup: string | undefined;
  /** The next message, or a promise of it; undefined when no more comes. */
  readonly next: (signal: AbortSignal) => ToHandle<Value, Key> | Promise<ToHandle<Value, Key> | undefined>;
  /** As many messages of a partition are in hand as may be at once, or fewer again. */
  readonly setFull: (partition: PartitionQueue, isFull: boolean) => void;
}

/**
 * A handler that is async and waits for nothing is done a few promises later. To let its partition rest for so long, and go on, would cost more
 * than all else.
 */
const momentTicks = 4;

/**
 * Hands messages to a handler, several at once where their order allows it. A message is done when its handler is, or when its
 * dead letter is written. Until then its offset is in `handling` of its partition, and nothing from there on is committed.
 */
export class Run<Value, Key> {
  readonly #handler: Handler<Value, Key>;
  readonly #options: ResolvedRunOptions;
  readonly #dependencies: RunDependencies<Value, Key>;
  /** Handlers that are busy, in any order. */
  readonly #working: Working[] = [];
  /** Keys that are being handled, and the messages that wait for it. */
  readonly #lanes = new Map<string, ToHandle<Value, Key>[]>();
  readonly #ending = new AbortController();
  readonly #abandoning = new AbortController();
  #failure: { readonly error: unknown } | undefined;
  #hasRoom: (() => void) | undefined;
  readonly #slice: Slice;

  constructor(handler: Handler<Value, Key>, options: ResolvedRunOptions, dependencies: RunDependencies<Value, Key>) {
    this.#handler = handler;
    this.#options = options;
    this.#dependencies = dependencies;
    this.#slice = new Slice(dependencies.cluster.options.clock);
  }

  /** Resolves when nothing more comes, or after end(), and every handler is done. Rejects with what could not be handled. */
  async start(): Promise<void> {
    try {
      while (!this.#ending.signal.aborted) {
        if (this.#working.length >= this.#options.concurrency) await new Promise<void>((resolve) => (this.#hasRoom = resolve));
        else if (this.#slice.isOver) await this.#slice.turn();
        else {
          const next = this.#dependencies.next(this.#ending.signal);
          const entry = next instanceof Promise ? await this.#slice.waitFor(next) : next;
          if (entry === undefined) break;
          // What came when it was over already is not handled: it is read again.
          if (this.#ending.signal.aborted) break;
          this.#begin(entry);
          for (let i = 0; i < momentTicks && this.#isFull(entry.partition); i++) await nothing;
          this.#limit(entry.partition);
        }
      }
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#failure = { error };
    }
    const handled = (async () => {
      while (this.#working.length > 0) await Promise.all(this.#working.map(({ done }) => done));
    })();
    await raceWithSignal(handled, this.#abandoning.signal).catch(() => {});
    this.#ending.abort();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Hands out nothing more. */
  end(): void {
    this.#ending.abort();
    this.#hasRoom?.();
  }

  /** Resolves when no message of these partitions is being handled. */
  async whenHandled(partitions: readonly PartitionQueue[]): Promise<void> {
    const ours = (): Working[] => this.#working.filter(({ partition }) => partitions.includes(partition));
    for (let working = ours(); working.length > 0; working = ours()) await Promise.all(working.map(({ done }) => done));
  }

  /** Does not wait for handlers any more. */
  abandon(): void {
    this.end();
    this.#abandoning.abort();
  }

  #begin(entry: ToHandle<Value, Key>): void {
    const lane = this.#laneOf(entry);
    const waiting = lane === undefined ? undefined : this.#lanes.get(lane);
    if (waiting === undefined) this.#handle(entry, lane);
    else waiting.push(entry);
  }

  /** Calls the handler; with one that does not wait the message is done at once. */
  #handle(entry: ToHandle<Value, Key>, lane: string | undefined): void {
    const result = this.#attempt(entry, 1);
    if (!isPromise(result)) {
      entry.handling.delete(entry.message.offset);
      return;
    }
    if (lane !== undefined && !this.#lanes.has(lane)) this.#lanes.set(lane, []);
    entry.partition.handlingSince ??= this.#now;
    const working: Working = { partition: entry.partition, done: nothing, at: this.#working.length };
    this.#working.push(working);
    working.done = this.#finish(working, entry, lane, result);
  }

  #hasWorked(working: Working): void {
    const last = this.#working.pop()!;
    if (last === working) return;
    this.#working[working.at] = last;
    last.at = working.at;
  }

  #attempt({ message, partition: { signal } }: ToHandle<Value, Key>, attempt: number): unknown {
    try {
      return this.#handler(message, { signal, attempt });
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  async #finish(working: Working, entry: ToHandle<Value, Key>, lane: string | undefined, result: PromiseLike<unknown>): Promise<void> {
    const { partition, message } = entry;
    try {
      try {
        await result;
      } catch (error) {
        await this.#retry(entry, error);
      }
      entry.handling.delete(message.offset);
    } catch (error) {
      if (!isStale(entry) && !this.#ending.signal.aborted) this.#fail(error);
    }
    partition.handlingSince = partition.handling.size === 0 ? undefined : this.#now;
    this.#hasWorked(working);
    this.#goOnWith(lane);
    this.#limit(partition);
    this.#hasRoom?.();
  }

  /** Calls the handler again while it may; resolves when the message is done. */
  async #retry(entry: ToHandle<Value, Key>, firstError: unknown): Promise<void> {
    const { retry, deadLetter } = this.#options;
    const { cluster, consumerGroup } = this.#dependencies;
    const { clock, random } = cluster.options;
    let error = firstError;
    for (let attempt = 1; ; attempt++) {
      if (isStale(entry) || entry.partition.signal.aborted) throw error;
      if (attempt > retry.attempts) break;
      await underSignals([entry.partition.signal, this.#ending.signal], (over) => delay(clock, backoffMs(attempt, retry, random), over));
      try {
        await this.#attempt(entry, attempt + 1);
        return;
      } catch (next) {
        error = next;
      }
    }
    if (deadLetter === undefined) throw error;
    const failure = { error, attempts: retry.attempts + 1, consumerGroup, failedAt: clock.wallTime() };
    await deadLetter.sink.send(deadLetterOf(entry.message, deadLetter.topic, failure));
  }

  /** The next message with the same key, unless its partition has moved. */
  #goOnWith(lane: string | undefined): void {
    const waiting = lane === undefined ? undefined : this.#lanes.get(lane);
    if (lane === undefined || waiting === undefined) return;
    while (waiting.length > 0 && !this.#ending.signal.aborted) {
      const next = waiting.shift()!;
      if (isStale(next)) continue;
      const before = this.#working.length;
      this.#handle(next, lane);
      if (this.#working.length > before) return;
    }
    this.#lanes.delete(lane);
  }

  #isFull({ handling }: PartitionQueue): boolean {
    return handling.size >= this.#options.maxInHand;
  }

  #limit(partition: PartitionQueue): void {
    const isFull = this.#isFull(partition);
    if (isFull !== partition.isFull) this.#dependencies.setFull(partition, isFull);
  }

  #laneOf({ message, partition }: ToHandle<Value, Key>): string | undefined {
    if (this.#options.ordered === 'partition') return undefined; // of a partition only one message is in hand at a time
    const { key } = rawBytesOf(message);
    return key === null ? undefined : `${partition.topic}/${partition.partition}/${key.toString('latin1')}`;
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.end();
  }

  get #now(): number {
    return this.#dependencies.cluster.options.clock.now();
  }
}

/** A handler that is busy. */
interface Working {
  readonly partition: PartitionQueue;
  /** Resolves when its message is done; it never rejects. */
  done: Promise<void>;
  /** Where it is in the list. */
  at: number;
}

const nothing = Promise.resolve();

/** Whether the reader has jumped, or has lost the partition: what became of the message is of no interest. */
function isStale({ partition, handling }: ToHandle<unknown, unknown>): boolean {
  return partition.handling !== handling;
}
