import { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../cluster-state.ts';
import { topicConfig } from '../configs/configs.ts';
import { type ErrorName, replicasError } from './new-topic.ts';
import { isReassigning, replicationFactorOf, reverted, towards } from './reassignment.ts';
import type { PartitionState } from './topic.ts';

export interface Reassigned {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

const done: Reassigned = { errorCode: errorCodes.NONE, errorMessage: null };

/** Gives a partition other replicas; with null for `target` it gets its old ones back. */
export function reassignPartition(
  partition: PartitionState,
  target: readonly number[] | null,
  { allowReplicationFactorChange, state }: { readonly allowReplicationFactorChange: boolean; readonly state: ClusterState },
): Reassigned {
  if (target === null) return cancel(partition, state);
  const wrong = replicasError(target, state);
  if (wrong !== undefined) return refused('INVALID_REPLICA_ASSIGNMENT', wrong);
  const factor = replicationFactorOf(partition);
  if (!allowReplicationFactorChange && factor !== target.length) {
    return refused('INVALID_REPLICATION_FACTOR', `The replication factor is changed from ${factor} to ${target.length}`);
  }
  const next = towards(partition, target);
  for (const id of next.adding) if (!partition.replicas.includes(id)) partition.beginReplica(id);
  state.changePartition(partition, next);
  state.advanceReassignments();
  return done;
}

function cancel(partition: PartitionState, state: ClusterState): Reassigned {
  if (!isReassigning(partition)) return { errorCode: errorCodes.NO_REASSIGNMENT_IN_PROGRESS, errorMessage: null };
  const { unclean, ...before } = reverted(partition, partition.isr);
  const mayBeUnclean = topicConfig('unclean.leader.election.enable', partition.topic.configs, state.configs) === 'true';
  if (unclean && !mayBeUnclean) {
    const place = `${partition.topic.name}:${partition.index}`;
    const text = `Unable to revert partition assignment for ${place} because it would require an unclean leader election.`;
    return refused('INVALID_REPLICA_ASSIGNMENT', text);
  }
  state.changePartition(partition, { ...before, adding: [], removing: [], election: mayBeUnclean ? 'unclean' : 'online' });
  return done;
}

function refused(error: ErrorName, errorMessage: string): Reassigned {
  return { errorCode: errorCodes[error], errorMessage };
}
