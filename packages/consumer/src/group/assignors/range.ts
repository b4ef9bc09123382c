import type { TopicPartition } from '@tskafka/core';
import { type Assignor, inMemberOrder, subscribedTopics } from './assignor.ts';
import { TopicShares } from './topic-shares.ts';

/**
 * Topic by topic, a run of partitions for each member: partition n of two topics goes to the same one. Where it makes a difference, members get
 * partitions that have a replica in their rack, as many as they would have had (KIP-881). Java: RangeAssignor.
 */
export const rangeAssignor: Assignor = {
  name: 'range',
  isCooperative: false,
  assign(members, partitionCounts, racksOf) {
    const assigned = new Map(members.map(({ memberId }) => [memberId, [] as TopicPartition[]]));
    const shares = subscribedTopics(members, partitionCounts).map((topic) => {
      const readers = inMemberOrder(members.filter(({ topics }) => topics.includes(topic)));
      const give = (memberId: string, partition: number): void => void assigned.get(memberId)!.push({ topic, partition });
      return new TopicShares(readers, partitionCounts.get(topic)!, (partition) => racksOf({ topic, partition }), give);
    });
    if (shares.some(({ isRackAware }) => isRackAware)) for (const alike of groupsOf(shares)) matchRacks(alike);
    for (const share of shares) share.giveRuns(() => true);
    return assigned;
  },
};

/** Topics that the same members read and that have as many partitions: their partitions of one number stay together. */
function groupsOf(shares: readonly TopicShares[]): TopicShares[][] {
  const groups = new Map<string, TopicShares[]>();
  for (const share of shares) groups.set(share.kind, [...(groups.get(share.kind) ?? []), share]);
  return [...groups.values()];
}

/** Gives out what can be read within a rack. That partitions of one number stay together counts for more. */
function matchRacks(alike: readonly TopicShares[]): void {
  const [first] = alike;
  if (first === undefined) return;
  if (alike.length === 1) {
    if (first.isRackAware) first.giveRuns((memberId, partition) => first.matches(memberId, partition));
    return;
  }
  for (let partition = 0; partition < first.countWithRacks; partition++) {
    const reader = first.readers.find(({ memberId }) =>
      alike.every((share) => share.matches(memberId, partition) && share.roomOf(memberId) > 0),
    );
    if (reader !== undefined) for (const share of alike) share.give(reader.memberId, [partition]);
  }
}
