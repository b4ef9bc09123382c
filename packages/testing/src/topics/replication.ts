/** How far a replica is. */
export interface ReplicaProgress {
  /** The offset behind the last record that it has. */
  readonly endOffset: number;
  /** Up to where it knows the records to be committed. */
  readonly highWatermark: number;
}

/**
 * The replicas of a partition that have less than their leader: a test holds them, or they are away. All others have everything at once.
 */
export class Replication {
  readonly #behind = new Map<number, ReplicaProgress>();

  /** undefined: it has all that the leader has. */
  copyFrom(other: Replication): void {
    for (const [broker, at] of other.#behind) this.#behind.set(broker, at);
  }

  of(broker: number): ReplicaProgress | undefined {
    return this.#behind.get(broker);
  }

  /** Leaves the replica where it is. */
  hold(broker: number, at: ReplicaProgress): void {
    this.#behind.set(broker, at);
  }

  /** Lets the replica have everything. */
  release(broker: number): void {
    this.#behind.delete(broker);
  }

  /** What replicas had beyond `endOffset` is no more. */
  truncateTo(endOffset: number): void {
    for (const [broker, at] of this.#behind) {
      const kept = { endOffset: Math.min(at.endOffset, endOffset), highWatermark: Math.min(at.highWatermark, endOffset) };
      this.#behind.set(broker, kept);
    }
  }

  /** Up to where all of these replicas have the log; Infinity: all of it. */
  committedBy(inSync: readonly number[]): number {
    return Math.min(Infinity, ...inSync.map((broker) => this.#behind.get(broker)?.endOffset ?? Infinity));
  }
}
