import type { ClusterState } from '../../cluster-state.ts';

/** Whether a group may go from one protocol to the other while its members run (KIP-848): `group.consumer.migration.policy`. */
export function migrationPolicy({ configs }: ClusterState): { readonly upgrade: boolean; readonly downgrade: boolean } {
  const policy = configs.value('group.consumer.migration.policy')!.toLowerCase();
  const isBoth = policy === 'bidirectional';
  return { upgrade: isBoth || policy === 'upgrade', downgrade: isBoth || policy === 'downgrade' };
}
