import { type Election, electLeader } from './election.ts';
import { completed } from './reassignment.ts';
import type { PartitionState } from './topic.ts';

/** What is to be different of a partition; the rest stays. */
export interface PartitionChange {
  readonly replicas?: readonly number[];
  readonly adding?: readonly number[];
  readonly removing?: readonly number[];
  readonly isr?: readonly number[];
  readonly election?: Election;
}

export interface ChangeRules {
  isAlive(brokerId: number): boolean;
  /** Whether the cluster remembers who may still lead when nobody is in sync (KIP-966). */
  readonly eligibleReplicas: boolean;
}

/**
 * Changes a partition as the controller does: completes a reassignment that can be, elects a leader where it must, and begins a leader epoch
 * where the leader or the replicas changed. Tells whether anything did.
 */
export function changePartition(partition: PartitionState, change: PartitionChange, rules: ChangeRules): boolean {
  const { adding = partition.adding, removing = partition.removing } = change;
  const target = { replicas: change.replicas ?? partition.replicas, adding, removing };
  const isr = change.isr ?? partition.isr;
  const done = completed(target, isr);
  const replicas = done?.replicas ?? target.replicas;
  // Without the memory of who may lead, the last one in sync stays in the list: only it has everything.
  let newIsr = done?.isr ?? (isr.length > 0 || rules.eligibleReplicas ? isr : partition.isr);
  let elr = eligible(partition, newIsr, replicas, rules);
  const { leader, unclean } = electLeader(
    change.election ?? 'online',
    { leader: partition.leader, replicas, isr: newIsr, elr },
    rules.isAlive,
  );
  if (leader !== partition.leader && elr.includes(leader)) {
    newIsr = [leader];
    elr = elr.filter((id) => id !== leader);
  }
  if (unclean) {
    newIsr = [leader];
    elr = [];
  }
  const newEpoch = leader !== partition.leader || partition.replicas.some((id) => !replicas.includes(id));
  const after = { replicas, adding: done ? [] : adding, removing: done ? [] : removing, isr: newIsr, elr };
  const changed = newEpoch || Object.entries(after).some(([name, ids]) => !sameIds(ids, partition[name as keyof typeof after]));
  if (!changed) return false;
  Object.assign(partition, { ...after, lastKnownElr: lastKnown(partition, leader) });
  if (newEpoch) partition.elect(leader);
  else partition.log.changed();
  return true;
}

/** Those that left the replicas in sync when these became too few. */
function eligible(partition: PartitionState, isr: readonly number[], replicas: readonly number[], rules: ChangeRules): readonly number[] {
  if (!rules.eligibleReplicas || isr.length >= Math.min(partition.topic.minInSync(), replicas.length)) return [];
  return [...new Set([...partition.elr, ...partition.isr])].filter((id) => !isr.includes(id));
}

/** The last leader is remembered while there is none. */
function lastKnown(before: PartitionState, leader: number): readonly number[] {
  if (leader !== -1) return [];
  return before.lastKnownElr.length === 0 && before.leader !== -1 ? [before.leader] : before.lastKnownElr;
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
