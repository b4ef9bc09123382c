import type { BrokerConfigs } from '../configs/configs.ts';

/** The internal topics whose partitions' leaders are the coordinators. */
export const coordinatorTopics = {
  group: '__consumer_offsets',
  transaction: '__transaction_state',
  share: '__share_group_state',
} as const;
export type CoordinatorType = keyof typeof coordinatorTopics;

/** What the brokers' configurations of each are called. */
const prefixes = { group: 'offsets.topic', transaction: 'transaction.state.log', share: 'share.coordinator.state.topic' } as const;

/** How the brokers create the topic of these coordinators. */
export function coordinatorTopicSpec(
  type: CoordinatorType,
  brokers: BrokerConfigs,
): { partitions: number; replicationFactor: number; configs: readonly (readonly [string, string])[] } {
  return {
    partitions: brokers.number(`${prefixes[type]}.num.partitions`),
    replicationFactor: brokers.number(`${prefixes[type]}.replication.factor`),
    configs: [...configsOf(type, brokers), ['segment.bytes', '104857600']],
  };
}

function configsOf(type: CoordinatorType, brokers: BrokerConfigs): readonly (readonly [string, string])[] {
  switch (type) {
    case 'group':
      return [['compression.type', 'producer'], ['cleanup.policy', 'compact']]; // prettier-ignore
    case 'transaction':
      return [
        ['compression.type', 'uncompressed'],
        ['cleanup.policy', 'compact'],
        ['min.insync.replicas', String(brokers.value('transaction.state.log.min.isr'))],
        ['unclean.leader.election.enable', 'false'],
      ];
    case 'share':
      return [
        ['compression.type', 'producer'],
        ['cleanup.policy', 'delete'],
        ['retention.ms', '-1'],
        ['min.insync.replicas', String(brokers.value('share.coordinator.state.topic.min.isr'))],
      ];
  }
}
