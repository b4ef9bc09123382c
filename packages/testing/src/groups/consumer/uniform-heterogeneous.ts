import { compareUuids } from './java-hash-order.ts';
import { LoadBalancer } from './load-balancer.ts';
import {
  addPartition,
  type Assignment,
  copyAssignment,
  type GroupSpec,
  type MutableAssignment,
  removePartition,
} from './partition-assignor.ts';

const mostRounds = 16;

/** The uniform assignor where subscriptions differ: whatever is free goes to the least loaded subscriber, and then loads are levelled. */
export function assignHeterogeneous(group: GroupSpec): ReadonlyMap<string, Assignment> {
  const assigner = new HeterogeneousAssigner(group);
  return assigner.assign();
}

class HeterogeneousAssigner {
  readonly #group: GroupSpec;
  /** Members by their number. */
  readonly #memberIds: readonly string[];
  /** The numbers of a topic's subscribers. */
  readonly #subscribers = new Map<string, number[]>();
  readonly #target: MutableAssignment[] = [];
  /** How many partitions each member has. */
  readonly #loads: number[] = [];
  /** Topic -> the number of each partition's owner; -1 for none. */
  readonly #owners = new Map<string, number[]>();

  constructor(group: GroupSpec) {
    this.#group = group;
    this.#memberIds = [...group.members.keys()];
    this.#memberIds.forEach((memberId, member) => {
      for (const topicId of group.members.get(memberId)!.topicIds) {
        const subscribers = this.#subscribers.get(topicId);
        if (subscribers === undefined) this.#subscribers.set(topicId, [member]);
        else subscribers.push(member);
      }
    });
    for (const topicId of this.#subscribers.keys()) this.#owners.set(topicId, new Array<number>(this.#partitions(topicId)).fill(-1));
  }

  assign(): ReadonlyMap<string, Assignment> {
    if (this.#subscribers.size === 0) return new Map();
    this.#keepSubscribed();
    this.#assignFree();
    this.#level();
    return new Map(this.#memberIds.map((memberId, member) => [memberId, this.#target[member]!]));
  }

  #keepSubscribed(): void {
    this.#memberIds.forEach((memberId, member) => {
      const { topicIds, assignment } = this.#group.members.get(memberId)!;
      const kept = copyAssignment(assignment);
      this.#loads[member] = 0;
      for (const [topicId, partitions] of assignment) {
        if (!topicIds.has(topicId)) {
          kept.delete(topicId);
          continue;
        }
        this.#loads[member] += partitions.size;
        for (const partition of partitions) this.#owners.get(topicId)![partition] = member;
      }
      this.#target[member] = kept;
    });
  }

  #assignFree(): void {
    const free = new Map<string, number[]>();
    for (const [topicId, owners] of this.#owners) {
      const partitions = owners.flatMap((owner, partition) => (owner === -1 ? [partition] : []));
      if (partitions.length > 0) free.set(topicId, partitions);
    }
    const balancer = new LoadBalancer(this.#loads);
    for (const topicId of this.#sorted(free.keys())) {
      balancer.begin(this.#subscribers.get(topicId)!);
      for (const partition of free.get(topicId)!) this.#give(topicId, partition, balancer.nextLeastLoaded());
    }
  }

  /** Goes round the topics until a whole round has moved nothing. */
  #level(): void {
    const shared = [...this.#subscribers].filter(([, subscribers]) => subscribers.length >= 2).map(([topicId]) => topicId);
    const topicIds = this.#sorted(shared);
    const balancer = new LoadBalancer(this.#loads);
    let lastMoved = -1;
    for (let round = 0; round < mostRounds; round++) {
      for (const [index, topicId] of topicIds.entries()) {
        if (index === lastMoved) return;
        if (this.#levelTopic(topicId, balancer) > 0 || lastMoved === -1) lastMoved = index;
      }
    }
  }

  /** How many partitions of the topic it moved from the most to the least loaded subscribers. */
  #levelTopic(topicId: string, balancer: LoadBalancer): number {
    if (balancer.begin(this.#subscribers.get(topicId)!) <= 1) return 0;
    const owned = new Map<number, number[]>();
    this.#owners.get(topicId)!.forEach((owner, partition) => {
      const partitions = owned.get(owner);
      if (partitions === undefined) owned.set(owner, [partition]);
      else partitions.push(partition);
    });
    let moved = 0;
    while (!balancer.isBalanced) {
      let from = balancer.nextMostLoaded();
      while (from !== -1 && !owned.get(from)?.length) {
        balancer.excludeMostLoaded();
        from = balancer.nextMostLoaded();
      }
      if (from === -1) break;
      const partition = owned.get(from)!.pop()!;
      const to = balancer.nextLeastLoaded();
      if (balancer.isBalanced) break;
      this.#give(topicId, partition, to);
      moved++;
    }
    return moved;
  }

  #give(topicId: string, partition: number, member: number): void {
    const owners = this.#owners.get(topicId)!;
    const owner = owners[partition]!;
    if (owner !== -1) {
      removePartition(this.#target[owner]!, topicId, partition);
      this.#loads[owner]!--;
    }
    owners[partition] = member;
    addPartition(this.#target[member]!, topicId, partition);
    this.#loads[member]!++;
  }

  /** Those with most partitions for each subscriber first, then those with fewest subscribers. */
  #sorted(topicIds: Iterable<string>): string[] {
    const subscribers = (topicId: string): number => this.#subscribers.get(topicId)!.length;
    const perSubscriber = (topicId: string): number => this.#partitions(topicId) / subscribers(topicId);
    return [...topicIds].sort((a, b) => perSubscriber(b) - perSubscriber(a) || subscribers(a) - subscribers(b) || compareUuids(a, b));
  }

  #partitions(topicId: string): number {
    return this.#group.partitionCounts.get(topicId)!;
  }
}
