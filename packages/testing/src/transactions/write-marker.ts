import { RecordBatch, transactionEndBatch } from '@tskafka/core/protocol';
import type { ClusterState } from '../cluster-state.ts';
import { partitionFor } from '../groups/coordinator-key.ts';
import { appendTimeOf } from '../log/append.ts';
import { judgeMarker } from '../log/producer-state.ts';
import { coordinatorTopics } from '../topics/coordinator-topics.ts';
import type { PartitionState } from '../topics/topic.ts';

export interface MarkerToWrite {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly committed: boolean;
  readonly transactionVersion: number;
}

export type MarkerResult = ReturnType<typeof judgeMarker> | 'NOT_LEADER_OR_FOLLOWER' | 'NOT_ENOUGH_REPLICAS';

/** Ends a transaction in one partition, as its leader would. */
export function writeMarker(partition: PartitionState, marker: MarkerToWrite, state: ClusterState): MarkerResult {
  if (!state.isAlive(partition.leader)) return 'NOT_LEADER_OR_FOLLOWER';
  if (!hasEnoughReplicas(partition, state)) return 'NOT_ENOUGH_REPLICAS';
  const { producerId, producerEpoch, coordinatorEpoch, committed, transactionVersion } = marker;
  const { log, topic } = partition;
  const verdict = judgeMarker(log.producers.get(producerId), { epoch: producerEpoch, coordinatorEpoch, transactionVersion });
  if (verdict !== 'NONE') return verdict;
  const timestamp = Math.trunc(state.clock.wallTime());
  const type = committed ? 'commit' : 'abort';
  const bytes = transactionEndBatch({ type, producerId, producerEpoch, coordinatorEpoch, timestamp });
  log.append(new RecordBatch(bytes), { leaderEpoch: partition.leaderEpoch, appendTime: appendTimeOf(partition, state) });
  if (topic.name === coordinatorTopics.group) endOffsetCommits(partition, producerId, committed, state);
  return 'NONE';
}

/** Whether an append that waits for all replicas would be accepted. */
export function hasEnoughReplicas({ isr, minInSync }: PartitionState, { isAlive }: ClusterState): boolean {
  return isr.filter(isAlive).length >= minInSync;
}

/** The offsets of all groups of this partition that were committed in the transaction. */
function endOffsetCommits({ topic, index }: PartitionState, producerId: number, committed: boolean, { groups }: ClusterState): void {
  for (const [id, group] of groups) {
    if (partitionFor(id, topic.partitions.length) === index) group.offsets.endTransaction(producerId, committed);
  }
}
