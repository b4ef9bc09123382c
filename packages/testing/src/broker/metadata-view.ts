import type { ClusterState } from '../cluster-state.ts';
import type { TopicState } from '../topics/topic.ts';

/** What a broker tells about the cluster. */
export interface MetadataView {
  readonly clusterId: string;
  readonly controllerId: number;
  /** The brokers that are alive. */
  readonly brokers: readonly { readonly id: number; readonly rack: string | undefined }[];
  readonly topicNames: Iterable<string>;
  topic(name: string): TopicMetadata | undefined;
  topicNameOf(topicId: string): string | undefined;
}

export interface TopicMetadata {
  readonly name: string;
  readonly id: string;
  readonly internal: boolean;
  readonly partitions: readonly PartitionMetadata[];
}

export interface PartitionMetadata {
  readonly index: number;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly elr: readonly number[];
  readonly lastKnownElr: readonly number[];
}

/** The cluster as it is at the moment of each question, but for new topics that the broker has not heard of. */
export function liveMetadata(state: ClusterState, brokerId: number): MetadataView {
  const heardOf = (topic: TopicState | undefined): TopicState | undefined =>
    topic !== undefined && state.topicNews.hasReached(brokerId, topic.id) ? topic : undefined;
  return {
    get clusterId() {
      return state.clusterId;
    },
    get controllerId() {
      return state.controllerId;
    },
    get brokers() {
      return state.aliveBrokers;
    },
    get topicNames() {
      return [...state.topics.values()].filter(heardOf).map(({ name }) => name);
    },
    topic: (name) => heardOf(state.topics.get(name)),
    topicNameOf: (id) => heardOf(state.topicById(id))?.name,
  };
}

/** The cluster as it is now, for good. */
export function frozenMetadata(state: ClusterState): MetadataView {
  const topics = new Map([...state.topics].map(([name, topic]) => [name, copyOf(topic)]));
  const names = new Map([...topics.values()].map(({ id, name }) => [id, name]));
  return {
    clusterId: state.clusterId,
    controllerId: state.controllerId,
    brokers: [...state.aliveBrokers],
    topicNames: [...topics.keys()],
    topic: (name) => topics.get(name),
    topicNameOf: (id) => names.get(id),
  };
}

function copyOf({ name, id, internal, partitions }: TopicState): TopicMetadata {
  return {
    name,
    id,
    internal,
    partitions: partitions.map(({ index, leader, leaderEpoch, replicas, isr, elr, lastKnownElr }) => ({
      ...{ index, leader, leaderEpoch, replicas, isr, elr, lastKnownElr },
    })),
  };
}
