import type { ClusterState } from './cluster-state.ts';
import type { GroupType } from './groups/group-members.ts';
import type { GroupControls, MockMember } from './groups/mock-member.ts';
import { checkBroker, checkNumber } from './checks.ts';
import { findPartition } from './topics/find-partition.ts';
import { lagOf, type PartitionLag } from './groups/partition-lag.ts';
import type { RecordRange, SharePartition } from './share/share-partition.ts';
import type { Wait, WaitOptions } from './waiting/wait-until.ts';

/** An offset that a group has committed. */
export interface MockCommit {
  readonly topic: string;
  readonly partition: number;
  /** The next offset to read. */
  readonly offset: number;
  readonly metadata: string;
}

/** Records of a share group in one state, with both offsets included: `available`, `acquired`, `acknowledged` or `archived`. */
export type MockInFlight = RecordRange;

/** A group of the mock, for a test to inspect and change. It need not exist. */
export class MockGroup {
  readonly id: string;
  readonly #state: ClusterState;
  readonly #wait: Wait;

  constructor(state: ClusterState, wait: Wait, id: string) {
    this.#state = state;
    this.#wait = wait;
    this.id = id;
  }

  /** The broker that coordinates it; -1 if there is none. */
  get coordinator(): number {
    return this.#state.coordinatorOf('group', this.id);
  }

  /** Its type; undefined if the group does not exist. */
  get type(): GroupType | undefined {
    return this.#state.groups.get(this.id)?.members.type;
  }

  /** Kafka's name for its state: `Empty`, `PreparingRebalance`, `CompletingRebalance`, `Stable`, …; `Dead` if it does not exist. */
  get state(): string {
    return this.#state.groups.get(this.id)?.members.state ?? 'Dead';
  }

  /** The generation of a classic group, or the epoch of any other, which grows with each rebalance. 0 if the group does not exist. */
  get generation(): number {
    return this.#controls?.generation ?? 0;
  }

  /** Its members and their assignments. */
  members(): MockMember[] {
    return this.#controls?.view() ?? [];
  }

  /** The next offset to read that the group has committed; undefined if there is none. */
  committed(topic: string, partition: number): number | undefined {
    findPartition(this.#state, topic, partition);
    return this.#state.groups.get(this.id)?.offsets.get(topic, partition)?.offset;
  }

  /** Everything that the group has committed. */
  commits(): MockCommit[] {
    return [...(this.#state.groups.get(this.id)?.offsets.topics ?? [])].flatMap(([topic, partitions]) =>
      [...partitions].map(([partition, { offset, metadata }]) => ({ topic, partition, offset, metadata })),
    );
  }

  /** The records of a partition that a share group has in flight: who has acquired them, and how often they were delivered (KIP-932). */
  inFlight(topic: string, partition: number): MockInFlight[] {
    return this.#shareOf(topic, partition)?.ranges() ?? [];
  }

  /**
   * Expires the acquisition locks of a share group now, of one member or of all. The records become available again.
   *
   * The sessions of members go on: acknowledging such a record is refused with INVALID_RECORD_STATE.
   */
  expireLocks(memberId?: string): void {
    for (const { id } of this.#state.brokers.values()) {
      for (const { share } of this.#state.shareBroker(id).loadedOf(this.id)) share.expireLocks(memberId);
    }
  }

  /** The lag of the group, for each partition that it has committed and each topic that its members are subscribed to. */
  lag(): PartitionLag[] {
    return lagOf(this.id, new Set(this.members().flatMap(({ topics }) => topics)), this.#state);
  }

  /** Commits for the group: `offset` is the next one to read. */
  commit(topic: string, partition: number, offset: number, metadata = ''): void {
    findPartition(this.#state, topic, partition);
    checkNumber('a committed offset', offset);
    const committedAt = this.#state.clock.wallTime();
    this.#state.group(this.id).offsets.commit(topic, partition, { offset, leaderEpoch: -1, metadata, committedAt });
    this.#state.activity.changed();
  }

  /** Deletes the commit of a partition. */
  forget(topic: string, partition: number): void {
    this.#state.groups.get(this.id)?.offsets.forget(topic, partition);
  }

  /** Makes all members join again, as if one had come or gone. Throws if there are none. */
  rebalance(): void {
    if (this.members().length === 0) throw new RangeError(`group '${this.id}' has no members; ${groupsOf(this.#state)}`);
    this.#controls!.forceRebalance();
  }

  /** Removes a member, as an administrator does: its next heartbeat gets UNKNOWN_MEMBER_ID. Throws if it does not exist. */
  evict(memberId: string): void {
    this.#controlsOf(memberId).evict(memberId);
  }

  /** Expires the session of a member, as if it had been silent for too long. Throws if it does not exist, or is waiting for the other members. */
  expire(memberId: string): void {
    if (this.#controlsOf(memberId).expire(memberId)) return;
    throw new Error(`'${memberId}' waits for the other members of group '${this.id}', and its session cannot end meanwhile`);
  }

  /**
   * Resolves with the members once the group is stable and has this many (default: at least one).
   *
   * After `timeoutMs` it rejects with an Error that shows the state of the group.
   */
  waitForStable({ members: wanted, ...options }: WaitOptions & { readonly members?: number } = {}): Promise<MockMember[]> {
    return this.#wait(
      {
        look: () => {
          const members = this.members();
          const isEnough = wanted === undefined ? members.length > 0 : members.length === wanted;
          return this.state === 'Stable' && isEnough ? members : undefined;
        },
        explain: () => {
          const ids = this.members().map(({ memberId }) => memberId);
          const members = ids.length === 0 ? `no members; ${groupsOf(this.#state)}` : `${ids.length} members: ${ids.join(', ')}`;
          return `group '${this.id}' is not Stable with ${wanted ?? 'any'} members, but ${this.state} with ${members}.`;
        },
      },
      options,
    );
  }

  /**
   * Resolves once the group has committed up to at most `lag` (default 0) offsets before the end of each partition that it reads; for a
   * share group, once at most that many records are left.
   *
   * After `timeoutMs` it rejects with an Error that shows where it is behind.
   */
  async waitForLag(lag = 0, options: WaitOptions = {}): Promise<void> {
    const behind = (): PartitionLag[] => this.lag().filter((partition) => partition.lag > lag);
    await this.#wait(
      {
        look: () => (this.lag().length > 0 && behind().length === 0 ? true : undefined),
        explain: () => {
          if (this.lag().length === 0)
            return `group '${this.id}' reads nothing: it has no members and no commits; ${groupsOf(this.#state)}.`;
          const places = behind().map(
            ({ topic, partition, committed, endOffset }) => `${topic}-${partition} at ${committed ?? 'no commit'} of ${endOffset}`,
          );
          return `group '${this.id}' is more than ${lag} behind: ${places.join(', ')}.`;
        },
      },
      options,
    );
  }

  /** Moves the group, and others in the same partition of `__consumer_offsets`, to another coordinator; -1 for none. */
  moveCoordinator(broker: number): void {
    if (broker !== -1) checkBroker(broker, this.#state.brokers);
    const partition = this.#state.coordinatorPartition('group', this.id);
    if (broker !== -1 && !partition.replicas.includes(broker)) {
      partition.replicas = [...partition.replicas, broker];
      partition.isr = [...partition.isr, broker];
    }
    partition.elect(broker);
  }

  #shareOf(topic: string, index: number): SharePartition | undefined {
    const partition = findPartition(this.#state, topic, index);
    return this.#state.shareBroker(partition.leader).loaded(this.id, { topicId: partition.topic.id, partition: index });
  }

  get #controls(): GroupControls | undefined {
    return this.#state.groups.get(this.id)?.members;
  }

  #controlsOf(memberId: string): GroupControls {
    const ids = this.members().map((member) => member.memberId);
    if (ids.includes(memberId)) return this.#controls!;
    throw new RangeError(`group '${this.id}' has no member '${memberId}'; it has ${ids.join(', ') || 'none'}`);
  }
}

/** Whoever has got the name of a group wrong sees the right one. */
function groupsOf({ groups }: ClusterState): string {
  return groups.size === 0 ? 'the cluster has no groups' : `the cluster has the groups ${[...groups.keys()].join(', ')}`;
}
