import type { ClusterState } from './cluster-state.ts';

/** An offset that a group has committed. */
export interface MockCommit {
  readonly topic: string;
  readonly partition: number;
  /** The next offset to read. */
  readonly offset: number;
  readonly metadata: string;
}

/** A consumer group of the mock in the hand of a test. It need not exist. */
export class MockGroup {
  readonly id: string;
  readonly #state: ClusterState;

  constructor(state: ClusterState, id: string) {
    this.#state = state;
    this.id = id;
  }

  /** The broker that coordinates it; -1 for none. */
  get coordinator(): number {
    return this.#state.coordinatorOf('group', this.id);
  }

  /** The next offset to read that the group has committed; undefined when it has not. */
  committed(topic: string, partition: number): number | undefined {
    return this.#state.groups.get(this.id)?.offsets.get(topic, partition)?.offset;
  }

  /** Whatever the group has committed. */
  commits(): MockCommit[] {
    return [...(this.#state.groups.get(this.id)?.offsets.topics ?? [])].flatMap(([topic, partitions]) =>
      [...partitions].map(([partition, { offset, metadata }]) => ({ topic, partition, offset, metadata })),
    );
  }

  /** Commits for the group: `offset` is the next one to read. */
  commit(topic: string, partition: number, offset: number, metadata = ''): void {
    if (this.#state.partition(topic, partition) === undefined) throw new RangeError(`the cluster has no partition ${topic}-${partition}`);
    const committedAt = this.#state.clock.wallTime();
    this.#state.group(this.id).offsets.commit(topic, partition, { offset, leaderEpoch: -1, metadata, committedAt });
  }

  /** Takes back what was committed for a partition. */
  forget(topic: string, partition: number): void {
    this.#state.groups.get(this.id)?.offsets.forget(topic, partition);
  }

  /** Gives the group, and those that share its partition of `__consumer_offsets`, another coordinator; -1 for none. */
  moveCoordinator(broker: number): void {
    if (broker !== -1 && !this.#state.brokers.has(broker)) throw new RangeError(`there is no broker ${broker}`);
    const partition = this.#state.coordinatorPartition('group', this.id);
    if (broker !== -1 && !partition.replicas.includes(broker)) {
      partition.replicas = [...partition.replicas, broker];
      partition.isr = [...partition.isr, broker];
    }
    partition.elect(broker);
  }
}
