import type { ClusterState } from '../cluster-state.ts';
import type { ShareSettings } from './share-partition.ts';

/** What holds for the share partitions of a group: its own configuration, else the brokers'. */
export function shareSettings(state: ClusterState, groupId: string): ShareSettings {
  const configs = state.groupConfigs(groupId);
  return {
    deliveryCountLimit: configs.number('share.delivery.count.limit'),
    maxRecordLocks: configs.number('share.partition.max.record.locks'),
    recordLockDurationMs: configs.number('share.record.lock.duration.ms'),
    renewEnabled: configs.boolean('share.renew.acknowledge.enable'),
  };
}

/** Whether a group sees committed records only. */
export function readsCommitted(state: ClusterState, groupId: string): boolean {
  return state.groupConfigs(groupId).value('share.isolation.level') === 'read_committed';
}
