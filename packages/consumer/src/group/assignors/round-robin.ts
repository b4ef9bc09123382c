import type { TopicPartition } from '@tskafka/core';
import { type Assignor, inMemberOrder, subscribedTopics } from './assignor.ts';

/** All partitions of all topics in turn, one for each member that subscribes to the topic. Java: RoundRobinAssignor. */
export const roundRobinAssignor: Assignor = {
  name: 'roundrobin',
  isCooperative: false,
  assign(members, partitionCounts) {
    const assigned = new Map(members.map(({ memberId }) => [memberId, [] as TopicPartition[]]));
    const circle = inMemberOrder(members);
    let turn = 0;
    for (const topic of subscribedTopics(members, partitionCounts)) {
      for (let partition = 0; partition < partitionCounts.get(topic)!; partition++) {
        while (!circle[turn % circle.length]!.topics.includes(topic)) turn++;
        assigned.get(circle[turn++ % circle.length]!.memberId)!.push({ topic, partition });
      }
    }
    return assigned;
  },
};

/** The same under the name that kafkajs' members agree on, and the only one that they offer by default. */
export const kafkajsRoundRobinAssignor: Assignor = { ...roundRobinAssignor, name: 'RoundRobinAssigner' };
