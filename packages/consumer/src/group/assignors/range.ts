import type { TopicPartition } from '@tskafka/core';
import { type Assignor, type GroupSubscription, inMemberOrder, subscribedTopics } from './assignor.ts';

/** Topic by topic, a run of partitions for each member: partition n of two topics goes to the same one. Java: RangeAssignor. */
export const rangeAssignor: Assignor = {
  name: 'range',
  isCooperative: false,
  assign(members, partitionCounts) {
    const assigned = new Map(members.map(({ memberId }) => [memberId, [] as TopicPartition[]]));
    for (const topic of subscribedTopics(members, partitionCounts)) {
      const readers = inMemberOrder(members.filter(({ topics }) => topics.includes(topic)));
      const runs = runsOf(partitionCounts.get(topic)!, readers);
      for (const [memberId, partitions] of runs) assigned.get(memberId)!.push(...partitions.map((partition) => ({ topic, partition })));
    }
    return assigned;
  },
};

/** The first members have one more where it does not divide evenly. */
function runsOf(count: number, readers: readonly GroupSubscription[]): [memberId: string, partitions: number[]][] {
  const [size, longer] = [Math.floor(count / readers.length), count % readers.length];
  let next = 0;
  return readers.map(({ memberId }, i) => [memberId, Array.from({ length: size + (i < longer ? 1 : 0) }, () => next++)]);
}
