import type { Random } from '@tskafka/core/protocol';
import type { AskedPartitions } from './asked-partition.ts';
import { type AnsweredPartition, FetchSession } from './fetch-session.ts';

const shardCount = 8;
const idsOfAShard = Math.floor((2 ** 31 - 1) / shardCount);
/** After so long without use a session makes room, and after so long a life it may be put out by a larger one. */
const evictionMs = 120_000;

export interface NewSession {
  readonly usesTopicIds: boolean;
  readonly asked: AskedPartitions;
  readonly answered: ReadonlyMap<string, AnsweredPartition>;
}

/** The fetch sessions of one broker: so many at most, over eight shards that are filled in turn (`max.incremental.fetch.session.cache.slots`). */
export class FetchSessionCache {
  readonly #shards: readonly Map<number, FetchSession>[];
  readonly #slotsOfAShard: number;
  readonly #now: () => number;
  readonly #random: Random;
  #nextShard = 0;

  constructor(slots: number, now: () => number, random: Random) {
    this.#slotsOfAShard = Math.floor(slots / shardCount);
    this.#shards = Array.from({ length: shardCount }, () => new Map());
    this.#now = now;
    this.#random = random;
  }

  get size(): number {
    return this.#shards.reduce((sum, { size }) => sum + size, 0);
  }

  get(id: number): FetchSession | undefined {
    return this.#shardOf(id)?.get(id);
  }

  /** Ends a session. One that there is not stays so. */
  remove(id: number): void {
    this.#shardOf(id)?.delete(id);
  }

  /** To be called when a session is used: its age decides who makes room. */
  touch(session: FetchSession): void {
    session.lastUsedAt = this.#now();
    session.cachedSize = session.size;
  }

  /** The id of a new session; 0 when the shard whose turn it is has no room for it. */
  create(session: NewSession): number {
    const place = this.#nextShard;
    this.#nextShard = (place + 1) % shardCount;
    const shard = this.#shards[place]!;
    const now = this.#now();
    if (shard.size >= this.#slotsOfAShard) {
      const leaving = evictable(shard.values(), session.answered.size, now);
      if (leaving === undefined) return 0;
      shard.delete(leaving.id);
    }
    const id = this.#newId(place, shard);
    shard.set(id, new FetchSession(id, session.usesTopicIds, now, session.asked, session.answered));
    return id;
  }

  /** Forgets all, as a broker that starts anew. */
  clear(): void {
    for (const shard of this.#shards) shard.clear();
  }

  #shardOf(id: number): Map<number, FetchSession> | undefined {
    return this.#shards[Math.trunc(id / idsOfAShard)];
  }

  #newId(place: number, shard: ReadonlyMap<number, unknown>): number {
    for (;;) {
      const id = place * idsOfAShard + Math.floor(this.#random() * idsOfAShard);
      if (id !== 0 && !shard.has(id)) return id;
    }
  }
}

/** Who makes room for a session of `size` partitions: the one that was used least lately, if that is long ago; else an old one that is smaller. */
export function evictable(sessions: Iterable<FetchSession>, size: number, now: number): FetchSession | undefined {
  const all = [...sessions];
  const stalest = least(all, (a, b) => a.lastUsedAt - b.lastUsedAt || a.id - b.id);
  if (stalest === undefined || now - stalest.lastUsedAt > evictionMs) return stalest;
  // A session is known to be old since its last use.
  const old = all.filter(({ createdAt, lastUsedAt }) => lastUsedAt - createdAt > evictionMs);
  const smallest = least(old, (a, b) => a.cachedSize - b.cachedSize || a.id - b.id);
  return smallest !== undefined && smallest.cachedSize < size ? smallest : undefined;
}

function least<T>(all: readonly T[], compare: (a: T, b: T) => number): T | undefined {
  return all.reduce<T | undefined>((best, one) => (best === undefined || compare(one, best) < 0 ? one : best), undefined);
}
