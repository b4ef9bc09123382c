import { type RecordBatch, readControlType } from '@tskafka/core/protocol';
import type { AbortedTransaction } from './transaction-index.ts';

/**
 * Which batches of a log compaction may drop for their transactions' sake, as it walks over them: the records of aborted ones,
 * and a marker once no batch of its transaction is left before it.
 */
export class CleanedTransactions {
  #aborted: readonly AbortedTransaction[];
  /** Producers whose transaction was aborted, and whether a batch of it was seen. */
  readonly #aborting = new Map<number, boolean>();
  readonly #committing = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#aborted = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Whether this batch, the next of the log, may go. */
  mayDrop(batch: RecordBatch): boolean {
    this.#beginUpTo(batch.lastOffset);
    return batch.isControl ? this.#mayDropMarker(batch) : this.#isAborted(batch);
  }

  #mayDropMarker(batch: RecordBatch): boolean {
    if (batch.recordCount === 0) return true;
    const type = readControlType(batch);
    if (type === 'commit') return !this.#committing.delete(batch.producerId);
    if (type === 'other') return false;
    const seen = this.#aborting.get(batch.producerId) ?? false;
    this.#aborting.delete(batch.producerId);
    return !seen;
  }

  #isAborted({ isTransactional, producerId }: RecordBatch): boolean {
    if (!isTransactional) return false;
    const isAborted = this.#aborting.has(producerId);
    if (isAborted) this.#aborting.set(producerId, true);
    else this.#committing.add(producerId);
    return isAborted;
  }

  #beginUpTo(offset: number): void {
    const begun = this.#aborted.filter(({ firstOffset }) => firstOffset <= offset);
    this.#aborted = this.#aborted.slice(begun.length);
    for (const { producerId } of begun) if (!this.#aborting.has(producerId)) this.#aborting.set(producerId, false);
  }
}
