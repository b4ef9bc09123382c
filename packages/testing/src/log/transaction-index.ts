/** A transaction that was aborted: its records in [firstOffset, lastOffset] are there, and nobody should see them. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** The offset of the abort marker. */
  readonly lastOffset: number;
}

/** The open and the aborted transactions of one partition: what a read_committed reader must know (KIP-98). */
export class TransactionIndex {
  /** Producer id -> where its open transaction begins. */
  readonly #open = new Map<number, number>();
  #aborted: AbortedTransaction[] = [];
  /** Transactions that have ended, whose marker may not be committed yet. */
  #ended: { readonly firstOffset: number; readonly lastOffset: number }[] = [];

  /** Where the oldest transaction begins that is open, or whose marker is not committed. */
  firstUnstableOffset(highWatermark: number): number | undefined {
    if (this.#open.size === 0 && this.#ended.length === 0) return undefined; // as of nearly every partition
    this.#ended = this.#ended.filter(({ lastOffset }) => lastOffset >= highWatermark);
    const starts = [...this.#open.values(), ...this.#ended.map(({ firstOffset }) => firstOffset)];
    return starts.length === 0 ? undefined : Math.min(...starts);
  }

  get open(): ReadonlyMap<number, number> {
    return this.#open;
  }

  begin(producerId: number, offset: number): void {
    if (!this.#open.has(producerId)) this.#open.set(producerId, offset);
  }

  /** A marker at `offset` ends the producer's transaction. One that had no records here leaves no trace. */
  end(producerId: number, offset: number, committed: boolean): void {
    const firstOffset = this.#open.get(producerId);
    this.#open.delete(producerId);
    if (firstOffset !== undefined) this.#ended.push({ firstOffset, lastOffset: offset });
    if (firstOffset !== undefined && !committed) this.#aborted.push({ producerId, firstOffset, lastOffset: offset });
  }

  /** The aborted transactions with a record in [from, upTo), by the order of their markers. */
  abortedBetween(from: number, upTo: number): AbortedTransaction[] {
    return this.#aborted.filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < upTo);
  }

  clear(): void {
    this.#open.clear();
    this.#ended = [];
    this.#aborted = [];
  }

  copyFrom(other: TransactionIndex): void {
    this.clear();
    for (const [producerId, offset] of other.#open) this.#open.set(producerId, offset);
    this.#ended = [...other.#ended];
    this.#aborted = [...other.#aborted];
  }
}
