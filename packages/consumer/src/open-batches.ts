import { BatchReader, type BatchReaderOptions } from './batch-reader.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { Answer, FetchedRecords } from './waiting-batches.ts';

/** The batch that is read, and the next one: while one is read, the other is decompressed. */
const openBatches = 2;
/** So much may lie open whatever else waits: less would not let a batch be decompressed while another one is read. */
const alwaysOpenBytes = 1024 * 1024;

export interface OpenBatchesOptions extends BatchReaderOptions {
  /** The most bytes that wait, those of open batches counted as what they became. */
  readonly queuedMaxBytes: number;
  /** A batch that had to be decompressed is. */
  readonly onReady: () => void;
  /** No batch of an answer waits any more, and those that were opened have left it. */
  readonly onAnswerRead: (answer: Answer) => void;
  /** There is more room than before. */
  readonly onRoom: () => void;
}

/**
 * Which batches are open: partitions take turns, a batch each. A batch stays as it came until its turn is near, so what is decompressed is
 * bounded however much waits. What a partition that rests has left open is closed again when others need the place.
 */
export class OpenBatches {
  readonly #options: OpenBatchesOptions;
  /** Partitions whose batches wait, in the order of their turns. */
  readonly #waiting = new Set<PartitionQueue>();
  readonly #open: BatchReader[] = [];
  /** Open batches of partitions that rest, and their bytes. */
  readonly #parked = new Map<BatchReader, number>();
  #parkedBytes = 0;
  #answerBytes = 0;
  /** How many times its bytes a batch became the last time, which is what the next one is taken for. Before the first, one is opened alone. */
  #growth = Infinity;

  constructor(options: OpenBatchesOptions) {
    this.#options = options;
  }

  /** The batch whose turn it is. */
  get first(): BatchReader | undefined {
    return this.#open[0];
  }

  /** Bytes that wait: of answers, wholly or in part, and of open batches as what they became. */
  get bytes(): number {
    return this.#answerBytes + this.#openBytes(1);
  }

  hasOpen(partition: PartitionQueue): boolean {
    return this.#open.some((reader) => reader.partition === partition);
  }

  /** Takes what a fetch brought for a partition. */
  push(partition: PartitionQueue, fetched: FetchedRecords): void {
    this.hold(fetched.answer);
    partition.push(fetched);
    if (!partition.isResting) this.#waiting.add(partition);
  }

  hold(answer: Answer): void {
    if (answer.holders++ === 0) this.#answerBytes += answer.bytes;
  }

  release(answer: Answer): void {
    if (--answer.holders > 0) return;
    this.#answerBytes -= answer.bytes;
    this.#options.onAnswerRead(answer);
  }

  /** Opens the batches whose turn it is. */
  openNext(): void {
    for (const partition of this.#waiting) {
      if (this.#open.length >= openBatches || (this.#open.length > 0 && this.#isFull)) break;
      if (this.#isFull) this.#closeParked();
      const queued = partition.waiting.shift()!;
      this.#waiting.delete(partition);
      if (!partition.waiting.isEmpty) this.#waiting.add(partition);
      const reader = new BatchReader(partition, queued, this.#options, () => this.#isReady(reader));
      this.#open.push(reader);
      if (queued.isLast) this.release(queued.answer);
      this.#options.onRoom();
    }
  }

  /** The first one belongs to the caller from now on. */
  shift(): void {
    this.#open.shift();
    this.#options.onRoom();
  }

  /** The rest of a batch comes next, or when its partition goes on. */
  giveBack(reader: BatchReader): void {
    if (reader.partition.isResting) this.#park(reader);
    else this.#open.unshift(reader);
  }

  /** Hands out nothing of a partition that has begun to rest; what waits of it is kept. */
  rest(partition: PartitionQueue): void {
    this.#waiting.delete(partition);
    for (let i = this.#open.length - 1; i >= 0; i--) {
      if (this.#open[i]!.partition === partition) this.#park(this.#open.splice(i, 1)[0]!);
    }
  }

  /** The partition goes on where it rested. */
  goOn(partition: PartitionQueue): void {
    const parked = partition.parked.splice(0);
    for (const reader of parked) this.#unpark(reader);
    this.#open.unshift(...parked);
    if (!partition.waiting.isEmpty) this.#waiting.add(partition);
  }

  /** Throws away what waits of a partition. */
  flush(partition: PartitionQueue): void {
    const open = this.#open.filter((reader) => reader.partition !== partition);
    this.#open.splice(0, Infinity, ...open);
    for (const reader of partition.parked.splice(0)) this.#unpark(reader);
    for (const answer of partition.waiting.clear()) this.release(answer);
    this.#waiting.delete(partition);
  }

  /** `growth` is what a batch that is being decompressed is taken for, times its bytes. */
  #openBytes(growth: number): number {
    let bytes = 0;
    for (const reader of this.#open) bytes += reader.isOpened ? reader.bytes : reader.bytes * growth;
    return bytes;
  }

  get #isFull(): boolean {
    const opened = this.#openBytes(this.#growth) + this.#parkedBytes;
    return opened >= alwaysOpenBytes && this.#answerBytes + opened >= this.#options.queuedMaxBytes;
  }

  #isReady(reader: BatchReader): void {
    if (reader.error === undefined) this.#growth = reader.bytes / reader.batch.bytes.length;
    if (this.#parked.has(reader)) {
      this.#unpark(reader);
      this.#count(reader);
    }
    this.openNext();
    this.#options.onReady();
  }

  #park(reader: BatchReader): void {
    reader.partition.parked.unshift(reader);
    this.#count(reader);
  }

  #count(reader: BatchReader): void {
    this.#parked.set(reader, reader.bytes);
    this.#parkedBytes += reader.bytes;
  }

  #unpark(reader: BatchReader): void {
    this.#parkedBytes -= this.#parked.get(reader) ?? 0;
    this.#parked.delete(reader);
  }

  /** Closes what resting partitions have left open, each from its last batch on: it is decompressed a second time when its turn comes. */
  #closeParked(): void {
    for (const { partition } of [...this.#parked.keys()]) {
      for (let last = partition.parked.at(-1); last?.canClose === true; last = partition.parked.at(-1)) {
        partition.parked.pop();
        this.#unpark(last);
        const answer: Answer = { bytes: last.batch.bytes.length, holders: 0, memory: undefined };
        this.hold(answer);
        partition.waiting.unshift(last.closed(answer));
      }
    }
  }
}
