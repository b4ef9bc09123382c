/** The partitions of each topic, by topic id. */
export type SharedPartitions = ReadonlyMap<string, ReadonlySet<number>>;

export interface AssignedMember {
  readonly memberId: string;
  /** The topics that it subscribes to, by id. */
  readonly topicIds: ReadonlySet<string>;
  /** What it has had so far. */
  readonly partitions: SharedPartitions;
}

/**
 * Kafka's `simple` assignor for share groups: each partition goes to as few members as let all have some, and nobody gives up more
 * than balance asks for. Where all subscribe to the same topics, it balances over them together; else each topic by itself.
 *
 * Which of several equal partitions goes to whom depends on hashes in Kafka, and on the order of topics, partitions and members here.
 */
export function assignSimply(members: readonly AssignedMember[], assignable: SharedPartitions): Map<string, SharedPartitions> {
  const topicIds = new Set(members.flatMap((member) => [...member.topicIds]));
  if (topicIds.size === 0) return new Map();
  const isHomogeneous = members.every((member) => member.topicIds.size === topicIds.size);
  const held = members.map(({ partitions }) => copyOf(partitions));
  const balances = isHomogeneous ? [[...topicIds]] : [...topicIds].map((topicId) => [topicId]);
  if (isHomogeneous)
    for (const topics of held) for (const topicId of [...topics.keys()]) if (!topicIds.has(topicId)) topics.delete(topicId);
  for (const topics of balances) {
    const subscribed = members.flatMap((member, index) => (member.topicIds.has(topics[0]!) ? [index] : []));
    new Balance(held, subscribed, topics, assignable).run();
  }
  return new Map(members.map(({ memberId }, index) => [memberId, held[index]!]));
}

type Held = Map<string, Set<number>>;

function copyOf(partitions: SharedPartitions): Held {
  return new Map([...partitions].map(([topicId, some]) => [topicId, new Set(some)]));
}

interface Shared {
  readonly topicId: string;
  readonly partition: number;
  readonly members: Set<number>;
}

/** One balance over some topics, changing what members hold. Members go by their place. */
class Balance {
  readonly #held: readonly Held[];
  readonly #shared: Shared[] = [];
  /** How many members each partition should have. */
  readonly #sharing: number;
  /** How many partitions each member should have: they differ by one at most. */
  readonly #wanted = new Map<number, number>();

  constructor(held: readonly Held[], members: readonly number[], topicIds: readonly string[], assignable: SharedPartitions) {
    this.#held = held;
    for (const topicId of topicIds) {
      for (const partition of assignable.get(topicId) ?? []) this.#shared.push({ topicId, partition, members: new Set() });
    }
    const count = this.#shared.length;
    this.#sharing = count === 0 ? 0 : Math.ceil(members.length / count);
    const precise = (this.#sharing * count) / members.length;
    for (const [i, index] of members.entries()) this.#wanted.set(index, Math.ceil(precise * (i + 1)) - Math.ceil(precise * i));
    for (const [index, topics] of held.entries()) {
      for (const topicId of topicIds) for (const partition of topics.get(topicId) ?? []) this.#of(topicId, partition).members.add(index);
    }
  }

  run(): void {
    for (const index of this.#held.keys()) this.#revokeExcess(index);
    for (const shared of this.#shared) {
      for (const index of [...shared.members].sort((a, b) => a - b)) if (shared.members.size > this.#sharing) this.#revoke(shared, index);
    }
    this.#assign();
  }

  #of(topicId: string, partition: number): Shared {
    let found = this.#shared.find((shared) => shared.topicId === topicId && shared.partition === partition);
    if (found === undefined) this.#shared.push((found = { topicId, partition, members: new Set() }));
    return found;
  }

  #countOf(index: number): number {
    return this.#shared.filter(({ members }) => members.has(index)).length;
  }

  #revokeExcess(index: number): void {
    for (const shared of this.#shared) {
      if (shared.members.has(index) && this.#countOf(index) > (this.#wanted.get(index) ?? 0)) this.#revoke(shared, index);
    }
  }

  #revoke({ topicId, partition, members }: Shared, index: number): void {
    members.delete(index);
    const partitions = this.#held[index]!.get(topicId)!;
    partitions.delete(partition);
    if (partitions.size === 0) this.#held[index]!.delete(topicId);
  }

  /** Gives what is left to those who have too little, in turn. A partition stays short when they all have it already. */
  #assign(): void {
    const unfilled = [...this.#wanted].filter(([index, wanted]) => this.#countOf(index) < wanted).map(([index]) => index);
    let turn = 0;
    let assigned = false;
    for (const { topicId, partition, members } of this.#shared) {
      while (members.size < this.#sharing) {
        if (turn >= unfilled.length) {
          if (!assigned) break;
          turn = 0;
          assigned = false;
          if (unfilled.length === 0) break;
        }
        const index = unfilled[turn]!;
        if (members.has(index)) {
          turn++;
          continue;
        }
        members.add(index);
        const topics = this.#held[index]!;
        topics.set(topicId, (topics.get(topicId) ?? new Set<number>()).add(partition));
        assigned = true;
        if (this.#countOf(index) >= this.#wanted.get(index)!) unfilled.splice(turn, 1);
        else turn++;
      }
      if (unfilled.length === 0) break;
    }
  }
}
