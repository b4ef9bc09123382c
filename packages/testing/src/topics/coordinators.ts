import { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../cluster-state.ts';
import { partitionFor } from '../groups/coordinator-key.ts';
import { coordinatorTopics, coordinatorTopicSpec, type CoordinatorType } from './coordinator-topics.ts';
import type { PartitionState, TopicState } from './topic.ts';

/** Which broker coordinates which group, transactional id or share partition, and since when. */
export class Coordinators {
  readonly #state: ClusterState;
  readonly #loadMs: number;
  readonly #loadedAt = new Map<PartitionState, number>();

  constructor(state: ClusterState, loadMs: number) {
    this.#state = state;
    this.#loadMs = loadMs;
  }

  /** The partition whose leader coordinates this key. Its topic comes into being when somebody first asks. */
  partition(type: CoordinatorType, key: string): PartitionState {
    const topic = this.#state.topics.get(coordinatorTopics[type]) ?? this.#createTopic(type);
    return topic.partitions[partitionFor(key, topic.partitions.length)]!;
  }

  /** The topics have come from another cluster. */
  adopt(): void {
    for (const [type, name] of Object.entries(coordinatorTopics)) {
      const topic = this.#state.topics.get(name);
      if (topic !== undefined) this.#follow(type as CoordinatorType, topic);
    }
  }

  /** Why this broker cannot speak for the key; 0 when it can. */
  error(type: CoordinatorType, key: string, brokerId: number): number {
    const partition = this.partition(type, key);
    if (partition.leader !== brokerId || !this.#state.isAlive(brokerId)) return errorCodes.NOT_COORDINATOR;
    return this.#isLoading(partition) ? errorCodes.COORDINATOR_LOAD_IN_PROGRESS : errorCodes.NONE;
  }

  /** Whether the broker does not know yet all that it coordinates. */
  isLoading(type: CoordinatorType, brokerId: number): boolean {
    const { partitions = [] } = this.#state.topics.get(coordinatorTopics[type]) ?? {};
    return partitions.some((partition) => partition.leader === brokerId && this.#isLoading(partition));
  }

  #isLoading(partition: PartitionState): boolean {
    return (this.#loadedAt.get(partition) ?? 0) > this.#state.clock.now();
  }

  #createTopic(type: CoordinatorType): TopicState {
    const { replicationFactor, ...spec } = coordinatorTopicSpec(type, this.#state.configs);
    const topic = this.#state.createTopic({
      ...spec,
      name: coordinatorTopics[type],
      replicationFactor: Math.min(replicationFactor, Math.max(1, this.#state.aliveBrokers.length)),
    });
    this.#follow(type, topic);
    return topic;
  }

  #follow(type: CoordinatorType, { partitions }: TopicState): void {
    for (const partition of partitions) {
      this.#load(partition);
      partition.onLeaderChange = () => {
        this.#load(partition);
        if (type === 'group') this.#groupsMoved(partition);
      };
    }
  }

  #load(partition: PartitionState): void {
    if (this.#loadMs > 0) this.#loadedAt.set(partition, this.#state.clock.now() + this.#loadMs);
  }

  /** What its groups' members wait for does not come from a broker that no longer coordinates them. The next one knows what was written. */
  #groupsMoved(partition: PartitionState): void {
    for (const { id, members } of this.#state.groups.values()) {
      if (this.partition('group', id) !== partition) continue;
      members.close(errorCodes.NOT_COORDINATOR);
      if (this.#state.isAlive(partition.leader)) members.load();
    }
  }
}
