/** What a group has committed for one partition. */
export interface CommittedOffset {
  /** The next offset to read. */
  readonly offset: number;
  /** -1 when the group did not say. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  /** Milliseconds since 1970. */
  readonly committedAt: number;
  /** When it is forgotten, in milliseconds since 1970, where the client said so; else the broker's retention decides. */
  readonly expiresAt?: number;
}

/** An offset with its place in the order of the group's commits. */
type Placed = CommittedOffset & { readonly place: number };

/** What a group has committed. */
export class GroupOffsets {
  /** Topic -> partition -> offset. */
  readonly #offsets = new Map<string, Map<number, Placed>>();
  /** Producer id -> topic -> partition -> offset: what is committed when the producer's transaction is. */
  readonly #pending = new Map<number, Map<string, Map<number, Placed>>>();
  #places = 0;

  /** Takes over what another group has committed, and what is still to be decided. */
  copyFrom(other: GroupOffsets): void {
    this.#places = other.#places;
    copyOffsets(other.#offsets, this.#offsets);
    for (const [producerId, offsets] of other.#pending) {
      const pending = new Map<string, Map<number, Placed>>();
      copyOffsets(offsets, pending);
      this.#pending.set(producerId, pending);
    }
  }

  get topics(): ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>> {
    return this.#offsets;
  }

  get(topic: string, partition: number): CommittedOffset | undefined {
    return this.#offsets.get(topic)?.get(partition);
  }

  commit(topic: string, partition: number, committed: CommittedOffset): void {
    put(this.#offsets, topic, partition, { ...committed, place: ++this.#places });
  }

  /** Commits when the producer's transaction does. */
  commitInTransaction(producerId: number, topic: string, partition: number, committed: CommittedOffset): void {
    let offsets = this.#pending.get(producerId);
    if (offsets === undefined) this.#pending.set(producerId, (offsets = new Map()));
    put(offsets, topic, partition, { ...committed, place: ++this.#places });
  }

  /** Whether a transaction is open that may change the offset (KIP-447). */
  isUnstable(topic: string, partition: number): boolean {
    return [...this.#pending.values()].some((offsets) => offsets.get(topic)?.has(partition));
  }

  get hasOpenTransactions(): boolean {
    return this.#pending.size > 0;
  }

  /** The producer's transaction is over. A commit that came after its own stays. */
  endTransaction(producerId: number, committed: boolean): void {
    const offsets = this.#pending.get(producerId);
    this.#pending.delete(producerId);
    if (offsets === undefined || !committed) return;
    for (const [topic, partitions] of offsets) {
      for (const [partition, offset] of partitions) {
        const newest = this.#offsets.get(topic)?.get(partition)?.place ?? 0;
        if (offset.place > newest) put(this.#offsets, topic, partition, offset);
      }
    }
  }

  forget(topic: string, partition: number): void {
    for (const offsets of [this.#offsets, ...this.#pending.values()]) {
      const partitions = offsets.get(topic);
      partitions?.delete(partition);
      if (partitions?.size === 0) offsets.delete(topic);
    }
  }

  forgetTopic(topic: string): void {
    for (const offsets of [this.#offsets, ...this.#pending.values()]) offsets.delete(topic);
  }
}

function put(offsets: Map<string, Map<number, Placed>>, topic: string, partition: number, offset: Placed): void {
  let partitions = offsets.get(topic);
  if (partitions === undefined) offsets.set(topic, (partitions = new Map()));
  partitions.set(partition, offset);
}

function copyOffsets(from: ReadonlyMap<string, ReadonlyMap<number, Placed>>, to: Map<string, Map<number, Placed>>): void {
  for (const [topic, partitions] of from) to.set(topic, new Map(partitions));
}
