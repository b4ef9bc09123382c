import type { TopicPartition } from '@tskafka/core';
import { partitionName } from '@tskafka/core/internal';
import { Reader, Writer } from '@tskafka/core/protocol';
import { topicsOf } from '../partitions.ts';
import { type Assignor, type GroupSubscription, inMemberOrder, type OwnAssignment, type RacksOf, subscribedTopics } from './assignor.ts';

/**
 * Everybody keeps as much as evenness allows. Members give up all before a rebalance, and say what they had.
 * Java: StickyAssignor, whose bytes the user data has.
 */
export const stickyAssignor: Assignor = {
  name: 'sticky',
  isCooperative: false,
  userData: ({ partitions, generation }) => (partitions.length === 0 ? null : writeOwned(partitions, generation)),
  assign: (members, partitionCounts, racksOf) => assignSticky(members.map(asOwned), partitionCounts, racksOf),
};

/** The same without giving anything up but what moves: the owner gives it up first, and a rebalance later it is the other's. Java: CooperativeStickyAssignor. */
export const cooperativeStickyAssignor: Assignor = {
  name: 'cooperative-sticky',
  isCooperative: true,
  userData({ generation }) {
    const w = new Writer();
    w.int32(generation);
    return w.toBuffer();
  },
  assign(members, partitionCounts, racksOf) {
    const said = members.map((member) => ({ ...member, generation: generationOf(member) }));
    const owners = ownersOf(said);
    const assigned = assignSticky(said, partitionCounts, racksOf);
    return new Map(
      [...assigned].map(([memberId, partitions]) => [
        memberId,
        partitions.filter((partition) => mayHave(memberId, owners.get(partitionName(partition)))),
      ]),
    );
  },
};

/** Even, with as few moves as it takes, and within racks as far as that goes: what a member has from another rack may go to one that is there (KIP-881). */
function assignSticky(
  members: readonly GroupSubscription[],
  partitionCounts: ReadonlyMap<string, number>,
  racksOf: RacksOf,
): Map<string, TopicPartition[]> {
  const circle = inMemberOrder(members).map(({ memberId, topics, rackId }): Sharer => ({
    memberId,
    rackId,
    topics: new Set(topics),
    has: [],
  }));
  const byId = new Map(circle.map((member) => [member.memberId, member]));
  const owners = ownersOf(members);
  const free: { readonly partition: TopicPartition; readonly owner: Sharer | undefined }[] = [];
  const all = subscribedTopics(members, partitionCounts).flatMap((topic) =>
    Array.from({ length: partitionCounts.get(topic)! }, (_, partition) => ({ topic, partition })),
  );
  const isWithin = withinRacks(circle, all, racksOf);
  for (const partition of all) {
    const owner = byId.get(owners.get(partitionName(partition)) ?? '');
    const mayKeep = owner?.topics.has(partition.topic) === true;
    if (mayKeep && isWithin?.(owner, partition) !== false) owner.has.push(partition);
    else free.push({ partition, owner: mayKeep ? owner : undefined });
  }
  const least = (topic: string, isMeant: (member: Sharer) => boolean = () => true): Sharer | undefined =>
    circle.reduce<Sharer | undefined>(
      (found, member) =>
        member.topics.has(topic) && isMeant(member) && member.has.length < (found?.has.length ?? Infinity) ? member : found,
      undefined,
    );
  const quota = Math.floor(all.length / circle.length);
  const misfits = free.filter(({ partition }) => {
    const near = isWithin && least(partition.topic, (member) => member.has.length < quota && isWithin(member, partition));
    near?.has.push(partition);
    return near === undefined;
  });
  for (const { partition, owner } of misfits) {
    const taker = least(partition.topic)!;
    (owner !== undefined && owner.has.length <= taker.has.length ? owner : taker).has.push(partition);
  }
  // Each move makes it more even by at least two, so it ends.
  for (let hasMoved = true; hasMoved;) {
    hasMoved = false;
    for (const giver of [...circle].sort((a, b) => b.has.length - a.has.length)) {
      for (let i = giver.has.length - 1; i >= 0; i--) {
        const taker = least(giver.has[i]!.topic)!;
        if (taker.has.length + 1 >= giver.has.length) continue;
        taker.has.push(...giver.has.splice(i, 1));
        hasMoved = true;
      }
    }
  }
  return new Map(circle.map(({ memberId, has }) => [memberId, has]));
}

/** Whether a member reads a partition within its rack; undefined where racks make no difference. */
function withinRacks(
  members: readonly Sharer[],
  partitions: readonly TopicPartition[],
  racksOf: RacksOf,
): ((member: Sharer, partition: TopicPartition) => boolean) | undefined {
  if (members.every(({ rackId }) => !rackId)) return undefined;
  const racks = new Map(partitions.map((partition) => [partitionName(partition), racksOf(partition)]));
  const all = new Set([...racks.values()].flat());
  const isAware = members.some(({ rackId }) => rackId && all.has(rackId)) && [...racks.values()].some(({ length }) => length < all.size);
  return isAware ? ({ rackId }, partition) => !rackId || racks.get(partitionName(partition))!.includes(rackId) : undefined;
}

/** No member has this id. */
const disputed = '';

interface Sharer {
  readonly memberId: string;
  readonly rackId: string | null;
  readonly topics: ReadonlySet<string>;
  readonly has: TopicPartition[];
}

/** What another one has, or what two say that they have, is nobody's for a round: each of them gives it up first. */
function mayHave(memberId: string, owner: string | undefined): boolean {
  return owner === undefined || owner === memberId;
}

/** Who has a partition: of two that say so, the one of the later generation; where both are of the same, it is disputed. */
function ownersOf(members: readonly GroupSubscription[]): Map<string, string> {
  const claims = new Map<string, { readonly memberId: string; readonly generation: number; readonly isDisputed: boolean }>();
  for (const { memberId, ownedPartitions, generation } of members) {
    for (const partition of ownedPartitions) {
      const name = partitionName(partition);
      const other = claims.get(name);
      if (other !== undefined && other.generation > generation) continue;
      claims.set(name, { memberId, generation, isDisputed: other?.generation === generation });
    }
  }
  return new Map([...claims].map(([name, { memberId, isDisputed }]) => [name, isDisputed ? disputed : memberId]));
}

/** Members of the eager kind own nothing when they join; what they had is in their user data. */
function asOwned(member: GroupSubscription): GroupSubscription {
  const { partitions, generation } = readOwned(member.userData);
  return { ...member, ownedPartitions: partitions, generation };
}

/** Before version 2 of the subscription the generation was in the user data alone. */
function generationOf({ generation, userData }: GroupSubscription): number {
  return generation === -1 && userData?.length === 4 ? new Reader(Buffer.from(userData)).int32() : generation;
}

function writeOwned(partitions: readonly TopicPartition[], generation: number): Buffer {
  const w = new Writer();
  w.array(0, topicsOf(partitions), (each, _version, { topic, partitions: ofTopic }) => {
    each.string(topic);
    each.array(0, ofTopic, (one, _v, partition) => one.int32(partition));
  });
  w.int32(generation);
  return w.toBuffer();
}

/** What it had; nothing where the bytes are not what Java's assignor writes. Without a generation it is older than all that say theirs. */
function readOwned(userData: Uint8Array | null): OwnAssignment {
  if (userData === null) return { partitions: [], generation: -1 };
  try {
    const r = new Reader(Buffer.from(userData));
    const topics = r.array(0, 6, (each) => ({ topic: each.string(), partitions: each.array(0, 4, (one) => one.int32()) }));
    const partitions = topics.flatMap(({ topic, partitions: ofTopic }) => ofTopic.map((partition) => ({ topic, partition })));
    return { partitions, generation: r.remaining >= 4 ? r.int32() : -1 };
  } catch {
    return { partitions: [], generation: -1 };
  }
}
