import { type AskedPartition, type AskedPartitions, partitionKey } from './asked-partition.ts';

/** What an answer says of a partition, as far as a session looks at it. */
export interface AnsweredPartition {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly records: Buffer;
  readonly preferredReadReplica?: number | undefined;
  readonly divergingEpoch?: unknown;
}

interface CachedPartition {
  asked: AskedPartition;
  /** What the client was told last; -1 when it was told of an error, or of nothing yet. */
  highWatermark: number;
  logStartOffset: number;
}

const firstEpoch = 1;
const lastEpoch = 2 ** 31 - 1;

/** The epoch of the request that follows the one with `epoch`. */
export function nextSessionEpoch(epoch: number): number {
  return epoch === lastEpoch ? firstEpoch : epoch + 1;
}

/** What a broker remembers of a client's fetches, so that each need only say what has changed (KIP-227). */
export class FetchSession {
  readonly id: number;
  /** Whether its requests name topics by id. All requests of a session do it in one way. */
  readonly usesTopicIds: boolean;
  readonly createdAt: number;
  lastUsedAt: number;
  /** That of the next request. */
  epoch = firstEpoch;
  /** How many partitions it had when it was used last. */
  cachedSize: number;
  /** In the order in which they are read: who was given records goes to the end, so that all get their turn. */
  readonly #partitions = new Map<string, CachedPartition>();

  constructor(id: number, usesTopicIds: boolean, now: number, asked: AskedPartitions, answered: ReadonlyMap<string, AnsweredPartition>) {
    this.id = id;
    this.usesTopicIds = usesTopicIds;
    this.createdAt = now;
    this.lastUsedAt = now;
    for (const [key, { highWatermark, logStartOffset }] of answered) {
      this.#partitions.set(key, { asked: asked.get(key)!, highWatermark, logStartOffset });
    }
    this.cachedSize = this.#partitions.size;
  }

  get size(): number {
    return this.#partitions.size;
  }

  /** Takes in what an incremental request names, and drops what it forgets. */
  update(asked: AskedPartitions, forgotten: readonly string[]): void {
    for (const [key, partition] of asked) {
      const cached = this.#partitions.get(key);
      if (cached === undefined) this.#partitions.set(key, { asked: partition, highWatermark: -1, logStartOffset: -1 });
      else cached.asked = { ...partition, topic: cached.asked.topic };
    }
    for (const key of forgotten) this.#partitions.delete(key);
  }

  /** All that it asks for. A topic id that was unknown may have got its name meanwhile; one that has a name keeps it. */
  partitions(topicNameOf: (topicId: string) => string | undefined): AskedPartitions {
    const all = new Map<string, AskedPartition>();
    for (const [key, cached] of this.#partitions) {
      const { asked } = cached;
      if (asked.topic === undefined) cached.asked = { ...asked, topic: topicNameOf(asked.topicId) };
      all.set(key, cached.asked);
    }
    return all;
  }

  /** Keeps what the client is told, and says whether it is told of this partition at all. */
  tells(partition: AskedPartition, answered: AnsweredPartition): boolean {
    const key = partitionKey(partition);
    const cached = this.#partitions.get(key);
    if (cached === undefined) return false;
    const failed = answered.errorCode !== 0;
    const hasRecords = answered.records.length > 0;
    const changed = cached.highWatermark !== answered.highWatermark || cached.logStartOffset !== answered.logStartOffset;
    cached.highWatermark = failed ? -1 : answered.highWatermark;
    cached.logStartOffset = answered.logStartOffset;
    if (hasRecords) {
      this.#partitions.delete(key);
      this.#partitions.set(key, cached);
    }
    return hasRecords || changed || failed || (answered.preferredReadReplica ?? -1) !== -1 || answered.divergingEpoch !== undefined;
  }
}
