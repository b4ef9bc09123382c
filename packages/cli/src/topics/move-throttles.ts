import type { ConfigChange } from '@tskafka/core';

/** A partition that is to be moved, or is on its way. */
export interface PartitionMove {
  readonly topic: string;
  readonly partition: number;
  /** Who has it, or is getting it already. */
  readonly from: readonly number[];
  /** Who of them is only getting it. */
  readonly adding: readonly number[];
  readonly to: readonly number[];
}

/** Which replicas of a topic are throttled, as `partition:broker,...`: those that are read from, and those that are written. */
export const throttledReplicas = {
  leader: 'leader.replication.throttled.replicas',
  follower: 'follower.replication.throttled.replicas',
} as const;

/** How many bytes a second a broker reads and writes for throttled replicas, and for those that it moves between its own directories. */
export const throttledRates = {
  leader: 'leader.replication.throttled.rate',
  follower: 'follower.replication.throttled.rate',
  logDirs: 'replica.alter.log.dirs.io.max.bytes.per.second',
} as const;

/** What has to be set so that these moves take so many bytes a second of each broker, as kafka-reassign-partitions.sh sets it. */
export function moveThrottles(moves: readonly PartitionMove[], bytesPerSecond: number): ConfigChange[] {
  const topics = new Map<string, { leader: string[]; follower: string[] }>();
  const brokers = new Set<number>();
  for (const { topic, partition, from, adding, to } of moves) {
    const sources = from.filter((broker) => !adding.includes(broker));
    const destinations = to.filter((broker) => !sources.includes(broker));
    const ofTopic = topics.get(topic) ?? { leader: [], follower: [] };
    topics.set(topic, ofTopic);
    ofTopic.leader.push(...sources.map((broker) => `${partition}:${broker}`));
    ofTopic.follower.push(...destinations.map((broker) => `${partition}:${broker}`));
    for (const broker of [...sources, ...destinations]) brokers.add(broker);
  }
  const rate = String(bytesPerSecond);
  return [
    ...[...topics].map(([name, { leader, follower }]) => ({
      ...{ type: 'topic' as const, name },
      set: { [throttledReplicas.leader]: leader.join(','), [throttledReplicas.follower]: follower.join(',') },
    })),
    ...[...brokers]
      .sort((a, b) => a - b)
      .map((id) => ({
        ...{ type: 'broker' as const, name: String(id) },
        set: { [throttledRates.leader]: rate, [throttledRates.follower]: rate },
      })),
  ];
}
