import type { MessageBytes } from '@tskafka/core';
import { backoffMs } from '@tskafka/core/internal';
import type { Clock, HeaderToWrite, Random } from '@tskafka/core/protocol';
import type { BatchMemory } from './batch-memory.ts';
import type { Settler } from './message.ts';
import type { Codec } from './options.ts';
import { ProducerBatch } from './producer-batch.ts';
import type { Identities, ProducerIdentity } from './identities.ts';
import { nextEpoch } from './producer-id.ts';
import type { Turns } from './turns.ts';

export interface QueueOptions extends Codec {
  readonly idempotent: boolean;
  readonly batchBytes: number;
  readonly deliveryTimeoutMs: number;
  readonly retryBackoff: { readonly initialMs: number; readonly maxMs: number };
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Identities;
  readonly memory: BatchMemory;
  readonly turns: Turns;
  /** Called when a batch begins, and when one has been compressed off the event loop. */
  readonly changed: (queue: PartitionQueue) => void;
  /** Called when records fail that nobody waits for. */
  readonly undelivered: (error: Error, count: number) => void;
}

/**
 * The batches of one partition, in the order in which their records were sent.
 *
 * What keeps order and count right when batches fail:
 * - A batch that went out before goes out again alone. So whatever was behind it, and was refused because of it, has come back in its
 *   place first; and nothing new is appended while it may be in the log already: the broker knows only the last five batches, and four
 *   of those that were behind it may be among them.
 * - Sequence numbers are given out when a batch goes out for the first time, and stay with it. A batch that is given up leaves a gap.
 *   The broker may have it or not: if what was behind it went out too, its answer tells; if nothing was, a new epoch begins (KIP-360).
 * - A new epoch begins only when nothing is on its way, and renumbers what is queued.
 * - The first batch of an epoch goes alone: a broker that does not know the producer takes any sequence number, so if it refused the
 *   first and took the second, the first could not follow.
 */
export class PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  /** What went out and is not answered yet, oldest first. */
  readonly inFlight: ProducerBatch[] = [];
  /** The broker that has what is in flight. */
  broker = -1;
  /** Nothing goes out before this time. */
  waitUntil = 0;
  /** Since when metadata has not had the partition; undefined while it has. */
  missingSince: number | undefined;
  readonly #options: QueueOptions;
  /** Batches that take no more records, oldest first. Those that went out before are at the front. */
  readonly #closed: ProducerBatch[] = [];
  #open: ProducerBatch | undefined;
  #batchBytes: number;
  #lastSize = 1024;
  #records = 0;
  #failures = 0;
  #identity: ProducerIdentity | undefined;
  #nextSequence = 0;
  /** The first record of the last batch that was given up with a sequence number; undefined once its fate is clear. */
  #gapAt: number | undefined;
  #epochIsOver = false;
  /** Whether the broker has taken a batch of this epoch. */
  #isKnown = false;
  /** Under which id the topic was written to last. */
  #topicId: string | undefined;

  constructor(topic: string, partition: number, options: QueueOptions) {
    this.topic = topic;
    this.partition = partition;
    this.#options = options;
    this.#batchBytes = options.batchBytes;
  }

  get where(): string {
    return `Produce to '${this.topic}' partition ${this.partition}`;
  }

  undelivered(error: Error, count: number): void {
    this.#options.undelivered(error, count);
  }

  get hasUnsent(): boolean {
    return this.#closed.length > 0 || this.#open !== undefined;
  }

  /** About as many bytes have not gone out, or wait to go out again: a batch that is closed counts as a full one. */
  get backlogBytes(): number {
    return this.#closed.length * this.#batchBytes + (this.#open?.size ?? 0);
  }

  /** Everything that is not answered yet. */
  get batches(): ProducerBatch[] {
    return [...this.inFlight, ...this.#closed, ...(this.#open === undefined ? [] : [this.#open])];
  }

  /** Appends a record to the open batch, or to a new one behind it. Returns the bytes that it reserves. */
  append(
    key: MessageBytes | null,
    value: MessageBytes | null,
    headers: readonly HeaderToWrite[],
    timestamp: number,
    settler: Settler | undefined,
  ): number {
    let batch = this.#open ?? this.#begin();
    let before = batch.reservedBytes;
    if (!batch.append(key, value, headers, timestamp, settler)) {
      this.close();
      batch = this.#begin();
      before = 0;
      batch.append(key, value, headers, timestamp, settler);
    }
    this.#open = batch;
    this.#records++;
    return batch.reservedBytes - before;
  }

  /** The open batch takes no more records. */
  close(): void {
    if (this.#open === undefined) return;
    this.#lastSize = this.#open.size;
    this.#encode(this.#open);
    this.#closed.push(this.#open);
    this.#open = undefined;
  }

  /** Since when the batch that goes next takes records; long ago when it takes no more. */
  get openedAt(): number {
    return this.#closed.length > 0 ? -Infinity : (this.#open?.openedAt ?? Infinity);
  }

  /**
   * The batch that goes next, which is the open one where that may be closed; undefined when there is none, or when it has to wait for what is
   * in flight. It may still be on its way through the codec.
   */
  next(mayClose: boolean): ProducerBatch | undefined {
    if (mayClose && this.#closed.length === 0) this.close();
    const first = this.#closed[0];
    if (first === undefined || (this.inFlight.length > 0 && !this.#mayFollow(first))) return undefined;
    this.#encode(first);
    return first;
  }

  /** Whether the batch may go out while others are in flight. */
  #mayFollow(batch: ProducerBatch): boolean {
    return !batch.wasSent && !this.inFlight[0]!.isRepeated && (this.#isKnown || !this.#options.idempotent);
  }

  /** Gives `next` its sequence numbers; false when it has to wait for what is in flight, or for a producer id. */
  number(next: ProducerBatch): boolean {
    const { idempotent, ids } = this.#options;
    if (!idempotent) return true;
    if (!ids.admits(this)) return false;
    if (this.#epochIsOver || (this.#gapAt !== undefined && next.identity === undefined)) {
      if (this.inFlight.length > 0) return false;
      if (!this.#beginEpoch()) return false;
    }
    if (next.identity !== undefined) return true;
    this.#identity ??= ids.current;
    if (this.#identity === undefined) return false;
    this.#nextSequence = next.assign(this.#identity, this.#nextSequence);
    return true;
  }

  /** Whether `next` may go to this broker now. What is in flight to another one, or to a topic that was there before this one, it would overtake. */
  mayGoTo(broker: number, topicId: string | undefined): boolean {
    return this.inFlight.length === 0 || (broker === this.broker && topicId === this.#topicId);
  }

  /** `next` goes out to a broker. */
  take(broker: number, topicId: string | undefined): ProducerBatch {
    // A topic that was made anew has not heard of the producer.
    if (topicId !== this.#topicId) this.#isKnown = false;
    this.#topicId = topicId;
    const batch = this.#closed.shift()!;
    batch.isRepeated = batch.wasSent;
    batch.wasSent = true;
    this.broker = broker;
    this.inFlight.push(batch);
    return batch;
  }

  /** The answer is there, or will never be. */
  answered(batch: ProducerBatch): void {
    const at = this.inFlight.indexOf(batch);
    if (at !== -1) this.inFlight.splice(at, 1);
  }

  /** The broker has the batch. It takes none without those before it, so there is no gap before it either. */
  delivered(batch: ProducerBatch): void {
    this.#failures = 0;
    this.waitUntil = 0;
    this.#isKnown = true;
    if (this.#gapAt !== undefined && batch.firstRecord > this.#gapAt) this.#gapAt = undefined;
  }

  /** Puts a batch, or what was made of it, back in its place. */
  putBack(...batches: readonly ProducerBatch[]): void {
    for (const batch of batches) {
      const behind = this.#closed.findIndex(({ firstRecord }) => firstRecord > batch.firstRecord);
      this.#closed.splice(behind === -1 ? this.#closed.length : behind, 0, batch);
    }
  }

  /** The batch will not go out again; its sequence numbers, if it had any, are not used for another. */
  givenUp(batch: ProducerBatch): void {
    if (batch.identity !== undefined) this.#gapAt = Math.max(this.#gapAt ?? 0, batch.firstRecord);
  }

  /**
   * The broker says that the batch is not the next one. That is no wonder while one before it has failed. Otherwise the broker does not
   * have what it should have, and a new epoch begins. Returns whether records are missing that the broker had acknowledged.
   */
  outOfOrder(batch: ProducerBatch): boolean {
    const first = this.#closed[0];
    if (first?.wasSent && first.firstRecord < batch.firstRecord) return false;
    this.#epochIsOver = true;
    return this.#gapAt === undefined;
  }

  /** Whether the partition waits for another epoch that it may not begin by itself. */
  get isOver(): boolean {
    return this.#epochIsOver && !this.#options.ids.mayBeginEpoch;
  }

  /** All that was written is settled, and what comes next is counted from 0 under another identity. */
  restart(): void {
    this.#identity = undefined;
    this.#epochIsOver = false;
    this.#isKnown = false;
    this.#gapAt = undefined;
    this.#nextSequence = 0;
  }

  /** Brokers do not take this producer id any more. */
  refused(): void {
    this.#epochIsOver = true;
    if (this.#identity !== undefined) this.#options.ids.discard(this.#identity);
    this.#identity = undefined;
  }

  /** Waits longer after each failure in a row. What fails while it waits already is the same failure. */
  backOff(now: number): void {
    if (this.waitUntil > now) return;
    const { retryBackoff, random } = this.#options;
    this.waitUntil = now + backoffMs(++this.#failures, retryBackoff, random);
  }

  /** From now on batches are smaller than this one, which was too large for the broker. */
  shrink(tooLarge: ProducerBatch): void {
    this.#batchBytes = Math.max(1, Math.min(this.#batchBytes, Math.ceil(tooLarge.uncompressedBytes / 2)));
  }

  /** Takes out the batches that have not gone out, or wait to go out again. */
  takeUnsent(which: (batch: ProducerBatch) => boolean): ProducerBatch[] {
    if (this.#open !== undefined && which(this.#open)) this.close();
    const taken = this.#closed.filter(which);
    for (const batch of taken) {
      this.#closed.splice(this.#closed.indexOf(batch), 1);
      this.givenUp(batch);
    }
    return taken;
  }

  #encode(batch: ProducerBatch): void {
    batch.encode(this.#options, () => this.#options.changed(this));
  }

  #begin(): ProducerBatch {
    const now = this.#options.clock.now();
    this.#options.changed(this);
    return new ProducerBatch(this, this.#records, {
      openedAt: now,
      deadline: now + this.#options.deliveryTimeoutMs,
      maxBytes: this.#batchBytes,
      initialBytes: this.#lastSize * 2 > this.#batchBytes ? this.#batchBytes : this.#lastSize + 256,
      memory: this.#options.memory,
    });
  }

  /** Begins a new epoch at sequence 0, with what is queued renumbered; false while there is no identity for it. */
  #beginEpoch(): boolean {
    const { ids } = this.#options;
    if (!ids.mayBeginEpoch) return false;
    if (this.#identity !== undefined) {
      const identity = nextEpoch(this.#identity);
      if (identity === undefined) ids.discard(this.#identity);
      this.#identity = identity;
    }
    this.#identity ??= ids.current;
    if (this.#identity === undefined) return false;
    this.#epochIsOver = false;
    this.#isKnown = false;
    this.#gapAt = undefined;
    this.#nextSequence = 0;
    for (const batch of this.#closed) {
      if (batch.wasSent) this.#nextSequence = batch.assign(this.#identity, this.#nextSequence);
    }
    return true;
  }
}
