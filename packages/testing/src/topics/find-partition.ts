import type { ClusterState } from '../cluster-state.ts';
import type { PartitionState, TopicState } from './topic.ts';

/** Throws RangeError, with the topics that there are, where there is none of this name. */
export function findTopic(state: ClusterState, name: string): TopicState {
  const topic = state.topics.get(name);
  if (topic !== undefined) return topic;
  throw new RangeError(`the cluster has no topic '${name}'; it has ${[...state.topics.keys()].join(', ') || 'none'}`);
}

/** Throws RangeError, with what there is, where there is no such partition. */
export function findPartition(state: ClusterState, name: string, index: number): PartitionState {
  const { partitions } = findTopic(state, name);
  const partition = state.partition(name, index);
  if (partition !== undefined) return partition;
  throw new RangeError(`the cluster has no partition ${name}-${index}; the topic has 0 to ${partitions.length - 1}`);
}
