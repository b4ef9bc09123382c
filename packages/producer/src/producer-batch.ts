import type { MessageBytes } from '@tskafka/core';
import { decompressSync, type HeaderToWrite, RecordBatch, RecordBatchBuilder, RecordCursor, setProducer } from '@tskafka/core/protocol';
import type { BatchMemory } from './batch-memory.ts';
import { deliveryError } from './delivery-state.ts';
import { overheadPerMessage, type Settler } from './message.ts';
import type { Codec } from './options.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { ProducerIdentity } from './identities.ts';
import { addToSequence } from './sequence.ts';
import type { Turns } from './turns.ts';
import { WaitingList } from './waiting-list.ts';

interface Encoding extends Codec {
  /** For what is compressed off the event loop. */
  readonly turns: Turns;
}

export interface BatchLimits {
  readonly openedAt: number;
  /** When its messages are given up. */
  readonly deadline: number;
  readonly maxBytes: number;
  /** The memory to begin with. */
  readonly initialBytes: number;
  /** Where its memory comes from. Default: new memory. */
  readonly memory?: BatchMemory;
}

/** From this size on, records are compressed off the event loop. */
const offLoopBytes = 16 * 1024;

/**
 * One record batch on its way: its bytes, and who waits for each of its records.
 *
 * Bytes that went out are never written again: a transport may still hold them (CVE-2026-35554). Their memory is used again only where
 * the broker's answer to them shows that they have left.
 */
export class ProducerBatch {
  readonly queue: PartitionQueue;
  /** Where its first record stands among all that the partition was ever given: the order of batches. */
  readonly firstRecord: number;
  readonly openedAt: number;
  readonly deadline: number;
  recordCount = 0;
  /** The bytes of its records before compression. */
  uncompressedBytes = 0;
  /** What its records take of maxBufferedBytes. */
  reservedBytes = 0;
  /** When it went out for the first time. */
  sentAt = 0;
  /** Whether its records went out before. */
  wasSent = false;
  /** Whether they are on their way again. */
  isRepeated = false;
  /** Whether an attempt ended without an answer that excludes that the broker has appended it. */
  mayBePersisted = false;
  /** Whether the broker may have its records in the larger batch that they were sent in: it would not know them again. */
  isPartInDoubt = false;
  /** Why the last attempt failed. */
  lastError: unknown;
  readonly #memory: BatchMemory | undefined;
  #settled = false;
  #builder: RecordBatchBuilder | undefined;
  #isEncoding = false;
  #isEncoded = false;
  #encodeError: unknown;
  #bytes: Buffer | undefined;
  #identity: ProducerIdentity | undefined;
  #baseSequence = -1;
  #isStamped = false;
  /** Only where somebody waits. */
  #waiting: WaitingList | undefined;
  readonly #watchers: (() => void)[] = [];

  constructor(queue: PartitionQueue, firstRecord: number, { openedAt, deadline, maxBytes, initialBytes, memory }: BatchLimits) {
    this.queue = queue;
    this.firstRecord = firstRecord;
    this.openedAt = openedAt;
    this.deadline = deadline;
    this.#memory = memory;
    this.#builder = new RecordBatchBuilder(maxBytes, initialBytes, memory?.take);
  }

  /** Whether its messages have been told what became of them. */
  get settled(): boolean {
    return this.#settled;
  }

  /** The bytes that it takes in a request. */
  get size(): number {
    return this.#bytes?.length ?? this.#builder!.size;
  }

  /** Whose sequence numbers it has; undefined before it has any. */
  get identity(): ProducerIdentity | undefined {
    return this.#identity;
  }

  /** Appends a record; false when there is no room for it. Without a settler, nobody is told that it has arrived. */
  append(
    key: MessageBytes | null,
    value: MessageBytes | null,
    headers: readonly HeaderToWrite[],
    timestamp: number,
    settler: Settler | undefined,
  ): boolean {
    const builder = this.#builder!;
    const before = builder.size;
    if (!builder.append(key, value, headers, timestamp)) return false;
    const bytes = builder.size - before;
    this.uncompressedBytes += bytes;
    this.reservedBytes += bytes;
    if (settler !== undefined) {
      this.#waiting ??= new WaitingList();
      this.#waiting.add(this.recordCount, timestamp, settler);
      this.reservedBytes += overheadPerMessage;
    }
    this.recordCount++;
    return true;
  }

  /** Whether the records are as they go out; their header may still be missing. */
  get isEncoded(): boolean {
    return this.#isEncoded;
  }

  /** Why the codec could not compress the records. */
  get encodeError(): unknown {
    return this.#encodeError;
  }

  /** Compresses the records, large ones off the event loop; calls `done` if that takes a while. */
  encode(encoding: Encoding, done: () => void): void {
    if (this.#isEncoding) return;
    this.#isEncoding = true;
    // Without compression only the header is missing, and it is written with the sequence number.
    if (encoding.compression === 'none') this.#isEncoded = true;
    else this.#compress(encoding, done);
  }

  #compress({ compression, compressionLevel, turns }: Encoding, done: () => void): void {
    const builder = this.#builder!;
    // The checksum waits for the sequence number, which is given out only when nothing can go wrong any more (P30).
    const options = { compression, level: compressionLevel, checksum: () => 0 };
    const finish = (bytes: Buffer): void => {
      this.#bytes = bytes;
      this.#isEncoded = true;
      this.#memory?.give(builder.memory);
      this.#builder = undefined;
    };
    const fail = (error: unknown): void => void (this.#encodeError = error);
    if (builder.size >= offLoopBytes) {
      turns
        .run(() => builder.closeAsync(options))
        .then(finish, fail)
        .finally(done);
      return;
    }
    try {
      finish(builder.close(options));
    } catch (error) {
      fail(error);
    }
  }

  /** Gives the batch its place in a producer's sequence; returns the one behind it. */
  assign(identity: ProducerIdentity, baseSequence: number): number {
    this.#identity = identity;
    this.#baseSequence = baseSequence;
    this.#isStamped = false;
    return addToSequence(baseSequence, this.recordCount);
  }

  /** The finished bytes. As long as the sequence number stays the same, they do too. */
  finish(): Buffer {
    if (this.#isStamped) return this.#bytes!;
    const { producerId = -1, epoch: producerEpoch = -1, isTransactional = false } = this.#identity ?? {};
    const fields = { producerId, producerEpoch, baseSequence: this.#baseSequence, isTransactional };
    if (this.#bytes === undefined) {
      this.#bytes = this.#builder!.close(fields);
    } else {
      if (this.wasSent) this.#bytes = Buffer.from(this.#bytes);
      setProducer(this.#bytes, fields);
    }
    this.#builder = undefined;
    this.#isStamped = true;
    return this.#bytes;
  }

  /** The broker has answered to the only attempt: the bytes have left, and their memory is for another batch. */
  recycle(): void {
    if (this.#bytes !== undefined) this.#memory?.give(this.#bytes);
    this.#bytes = undefined;
  }

  /** The broker has it. */
  succeed(baseOffset: number | undefined, logAppendTime: number | undefined): void {
    const { topic, partition } = this.queue;
    this.#takeWaiting()?.resolve((place, timestamp) => ({
      topic,
      partition,
      offset: baseOffset === undefined ? undefined : baseOffset + place,
      timestamp: logAppendTime ?? timestamp,
    }));
    this.#tellWatchers();
  }

  /** Its messages are given up. Returns the error that they are told. */
  fail(cause: unknown): Error {
    const error = this.#errorOf(cause);
    const waiting = this.#takeWaiting();
    waiting?.reject(error);
    this.#undelivered(error, this.recordCount - (waiting?.count ?? 0));
    this.#tellWatchers();
    return error;
  }

  /** Resolves when all its messages have been told. */
  whenSettled(): Promise<void> {
    return this.#settled ? Promise.resolve() : new Promise((resolve) => this.#watchers.push(resolve));
  }

  /** The same records as two batches, with this one's sequence numbers and whoever waits. */
  split(): ProducerBatch[] {
    const parts = this.#regroup(this.#halves(), this.#takeApart());
    let sequence = this.#baseSequence;
    for (const part of parts) {
      part.isPartInDoubt = this.mayBePersisted || this.isPartInDoubt;
      if (this.#identity !== undefined) sequence = part.assign(this.#identity, sequence);
    }
    return parts;
  }

  /** The records without some of them, which are told why not; nothing when none is left. They have no sequence numbers. */
  without(causes: ReadonlyMap<number, unknown>): ProducerBatch[] {
    const settlers = this.#takeApart();
    for (const [place, cause] of causes) {
      const error = this.#errorOf(cause);
      const settler = settlers.get(place);
      if (settler === undefined) this.#undelivered(error, 1);
      else settler.reject(error);
    }
    const kept = Array.from({ length: this.recordCount }, (_, place) => place).filter((place) => !causes.has(place));
    return this.#regroup([kept], settlers);
  }

  #errorOf(cause: unknown): Error {
    return deliveryError(this.queue.where, cause, this.mayBePersisted ? 'possibly persisted' : 'not persisted');
  }

  #undelivered(error: Error, count: number): void {
    if (count > 0) this.queue.undelivered(error, count);
  }

  #records(): RecordCursor {
    const batch = new RecordBatch(this.#bytes!);
    return new RecordCursor(batch, decompressSync(batch));
  }

  /** The places of the records, in two groups of about the same size. */
  #halves(): number[][] {
    const sizes: number[] = [];
    for (const record = this.#records(); record.next();) sizes.push(Math.max(record.keyLength, 0) + Math.max(record.valueLength, 0));
    const half = sizes.reduce((sum, size) => sum + size, 0) / 2;
    let sum = 0;
    const middle = sizes.findIndex((size) => (sum += size) >= half);
    const cut = Math.min(middle + 1, sizes.length - 1);
    const places = sizes.map((_, place) => place);
    return [places.slice(0, cut), places.slice(cut)];
  }

  /** New batches of these records (groups of rising places). Whoever waits for a record waits for it there. */
  #regroup(groups: readonly (readonly number[])[], settlers: ReadonlyMap<number, Settler>): ProducerBatch[] {
    const reservedPerRecord = this.reservedBytes / this.recordCount;
    const record = this.#records();
    let at = -1;
    const parts: ProducerBatch[] = [];
    for (const group of groups) {
      if (group.length === 0) continue;
      const limits = { openedAt: this.openedAt, deadline: this.deadline, maxBytes: 2 ** 30, initialBytes: 1024 };
      const part = new ProducerBatch(this.queue, this.firstRecord + group[0]!, limits);
      for (const place of group) {
        for (; at < place; at++) record.next();
        part.append(record.key, record.value, record.headers, record.timestamp, settlers.get(place));
      }
      part.reservedBytes = Math.round(reservedPerRecord * group.length);
      part.wasSent = true;
      part.mayBePersisted = this.mayBePersisted;
      part.lastError = this.lastError;
      parts.push(part);
    }
    void Promise.all(parts.map((part) => part.whenSettled())).then(() => this.#tellWatchers());
    return parts;
  }

  /** Whoever waits, by the places of their records. */
  #takeApart(): ReadonlyMap<number, Settler> {
    return this.#takeWaiting()?.apart() ?? new Map<number, Settler>();
  }

  /** Takes them once: nobody is told twice. */
  #takeWaiting(): WaitingList | undefined {
    this.#settled = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  #tellWatchers(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
  }
}
