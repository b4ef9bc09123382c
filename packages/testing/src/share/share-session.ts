/** A partition that a member's fetches ask for. */
export interface SessionPartition {
  readonly topicId: string;
  /** undefined when nobody knows the id. */
  readonly topic: string | undefined;
  readonly partition: number;
}

interface Cached extends SessionPartition {
  /** Whether the next answer must name it, even if there is nothing to say. */
  isOwedAnswer: boolean;
}

/** What one broker remembers of a member's fetches, so that each says only what has changed (KIP-932). */
export class ShareSession<Connection> {
  readonly groupId: string;
  readonly memberId: string;
  readonly connection: Connection;
  /** That of the next request. */
  epoch = 1;
  readonly #partitions = new Map<string, Cached>();

  constructor(groupId: string, memberId: string, connection: Connection, partitions: readonly SessionPartition[]) {
    this.groupId = groupId;
    this.memberId = memberId;
    this.connection = connection;
    for (const partition of partitions) this.#partitions.set(keyOf(partition), { ...partition, isOwedAnswer: false });
  }

  get partitions(): readonly SessionPartition[] {
    return [...this.#partitions.values()];
  }

  /** The next request of the member: what it adds, and what it forgets. */
  advance(added: readonly SessionPartition[] = [], forgotten: readonly SessionPartition[] = []): void {
    for (const partition of added) {
      const key = keyOf(partition);
      if (!this.#partitions.has(key)) this.#partitions.set(key, { ...partition, isOwedAnswer: true });
    }
    for (const partition of forgotten) this.#partitions.delete(keyOf(partition));
    this.epoch = nextEpoch(this.epoch);
  }

  /** Whether the answer must name a partition: with records or an error, and once when it is new or its error is over. */
  mustName(partition: SessionPartition, { errorCode, hasRecords }: { readonly errorCode: number; readonly hasRecords: boolean }): boolean {
    const cached = this.#partitions.get(keyOf(partition));
    if (cached === undefined) return errorCode !== 0 || hasRecords;
    const isNamed = cached.isOwedAnswer || hasRecords || errorCode !== 0;
    cached.isOwedAnswer = errorCode !== 0;
    // Whoever has had its turn is last the next time.
    if (hasRecords) {
      this.#partitions.delete(keyOf(partition));
      this.#partitions.set(keyOf(partition), cached);
    }
    return isNamed;
  }
}

export function nextEpoch(epoch: number): number {
  return epoch === 0x7fffffff ? 1 : epoch + 1;
}

export function keyOf({ topicId, partition }: Pick<SessionPartition, 'topicId' | 'partition'>): string {
  return `${topicId}:${partition}`;
}
