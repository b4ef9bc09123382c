import type { RecordBatch } from './batch.ts';
import { readControlType } from './control.ts';

/** A producer's transaction that was aborted, and where it begins. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/**
 * Which batches of one response a reader may see. It must be asked for every batch, in order.
 *
 * A response to a read_committed fetch carries the list of all aborted transactions that reach into it, so nothing has to be
 * remembered from one response to the next. Brokers do not promise an order of the list.
 */
export class VisibleRecords {
  readonly #aborted: readonly AbortedTransaction[] | undefined;
  readonly #open = new Set<number>();
  #next = 0;

  /** `aborted` is null for read_uncommitted: then all data is visible. */
  constructor(aborted: readonly AbortedTransaction[] | null) {
    this.#aborted = aborted === null ? undefined : [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Whether the records of `batch` are for the reader. Control batches never are. */
  shows(batch: RecordBatch): boolean {
    if (this.#aborted === undefined || batch.producerId < 0) return !batch.isControl;
    for (; this.#next < this.#aborted.length && this.#aborted[this.#next]!.firstOffset <= batch.lastOffset; this.#next++) {
      this.#open.add(this.#aborted[this.#next]!.producerId);
    }
    if (!batch.isControl) return !(batch.isTransactional && this.#open.has(batch.producerId));
    // The marker ends this producer's transaction; what it writes behind it belongs to another one.
    if (readControlType(batch) === 'abort') this.#open.delete(batch.producerId);
    return false;
  }
}
