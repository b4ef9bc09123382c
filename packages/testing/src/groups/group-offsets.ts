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

/** What a group has committed. */
export class GroupOffsets {
  /** Topic -> partition -> offset. */
  readonly #offsets = new Map<string, Map<number, CommittedOffset>>();

  get topics(): ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>> {
    return this.#offsets;
  }

  get(topic: string, partition: number): CommittedOffset | undefined {
    return this.#offsets.get(topic)?.get(partition);
  }

  commit(topic: string, partition: number, committed: CommittedOffset): void {
    let partitions = this.#offsets.get(topic);
    if (partitions === undefined) this.#offsets.set(topic, (partitions = new Map()));
    partitions.set(partition, committed);
  }

  forget(topic: string, partition: number): void {
    const partitions = this.#offsets.get(topic);
    partitions?.delete(partition);
    if (partitions?.size === 0) this.#offsets.delete(topic);
  }

  forgetTopic(topic: string): void {
    this.#offsets.delete(topic);
  }
}
