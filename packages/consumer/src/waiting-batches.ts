import type { VisibleRecords } from '@tskafka/core/internal';
import { readBatch, type RecordBatch } from '@tskafka/core/protocol';

/** The bytes of one fetch, which stay in memory until nobody holds it any more. */
export interface Answer {
  readonly bytes: number;
  /** Partitions whose batches wait in it, and whoever is taking it apart. */
  holders: number;
  /** Some of its bytes, when their memory is lent: it is given back when nobody holds it. */
  readonly memory: Buffer | undefined;
}

/** What a fetch has brought of a partition. */
export interface FetchedRecords {
  /** Whole batches, at least one. */
  readonly records: Buffer;
  readonly recordCount: number;
  /** Of the last batch. */
  readonly lastOffset: number;
  readonly partitionLeaderEpoch: number;
  /** What decides whether the reader sees a batch. */
  readonly visible: Pick<VisibleRecords, 'shows'>;
  readonly highWatermark: number;
  /** The answer that they lie in. */
  readonly answer: Answer;
}

/** A batch whose turn it is. */
export interface QueuedBatch extends Pick<FetchedRecords, 'visible' | 'highWatermark' | 'answer'> {
  readonly batch: RecordBatch;
  /** No other one of its partition waits in its answer. */
  readonly isLast: boolean;
}

/** The batches of one partition that wait, in their order. They become objects one by one: there may be 300,000 in an answer. */
export class WaitingBatches {
  /** Batches that had been opened and were closed again: they come first. */
  readonly #closed: QueuedBatch[] = [];
  #fetched: FetchedRecords[] = [];
  /** Where the next batch begins in the first of them. */
  #start = 0;
  /** Bytes and records that wait. */
  bytes = 0;
  records = 0;

  get isEmpty(): boolean {
    return this.#closed.length === 0 && this.#fetched.length === 0;
  }

  push(fetched: FetchedRecords): void {
    this.#fetched.push(fetched);
    this.bytes += fetched.records.length;
    this.records += fetched.recordCount;
  }

  /** Puts back what was taken, before all that waits. */
  unshift(queued: QueuedBatch): void {
    this.#closed.unshift(queued);
    this.#count(queued, 1);
  }

  shift(): QueuedBatch | undefined {
    const queued = this.#closed.shift() ?? this.#next();
    if (queued !== undefined) this.#count(queued, -1);
    return queued;
  }

  /** Throws all away; gives the answers in which something lay. */
  clear(): Answer[] {
    const answers = [...this.#closed.splice(0), ...this.#fetched].map(({ answer }) => answer);
    this.#fetched = [];
    this.#start = 0;
    this.bytes = 0;
    this.records = 0;
    return answers;
  }

  #next(): QueuedBatch | undefined {
    const fetched = this.#fetched[0];
    if (fetched === undefined) return undefined;
    const { records, visible, highWatermark, answer } = fetched;
    const batch = readBatch(records, this.#start)!;
    this.#start += batch.bytes.length;
    const isLast = this.#start === records.length;
    if (isLast) {
      this.#fetched.shift();
      this.#start = 0;
    }
    return { batch, visible, highWatermark, answer, isLast };
  }

  #count({ batch }: QueuedBatch, sign: 1 | -1): void {
    this.bytes += sign * batch.bytes.length;
    this.records += sign * batch.recordCount;
  }
}
