import { KafkaError, type TopicPartition } from '@tskafka/core';
import type { Cluster } from '@tskafka/core/internal';
import type { Decoded, JoinGroupResponse } from '@tskafka/core/protocol';
import type { Assignor, GroupSubscription } from './assignors/assignor.ts';
import { readSubscription, writeAssignment } from './subscription.ts';

/** What the leader of a classic group does for all: it assigns, and sees when that has to be done anew. */
export class ClassicLeader {
  readonly #cluster: Cluster;
  readonly #joined: Decoded<JoinGroupResponse>;
  readonly #subscriptions: readonly GroupSubscription[];
  /** Where the partitions of each topic are; none for one that does not exist, and may yet. */
  readonly #partitions: ReadonlyMap<string, readonly PartitionRacks[]>;
  /** Members have other partitions then. Where this one does not say its rack, nobody of the group is taken to. */
  readonly #watchesRacks: boolean;

  /** The leader of a generation, that knows which partitions there are. */
  static async of(
    cluster: Cluster,
    joined: Decoded<JoinGroupResponse>,
    { rackId, signal }: { readonly rackId: string | null; readonly signal: AbortSignal },
  ): Promise<ClassicLeader> {
    const subscriptions = joined.members.flatMap(({ memberId, groupInstanceId, metadata }): GroupSubscription[] => {
      try {
        return [readSubscription(memberId, groupInstanceId, metadata)];
      } catch (error) {
        // It is somebody else's program, and gets nothing to read.
        cluster.options.logger.error({ error, memberId }, 'a member of the group has sent a subscription that cannot be read');
        return [];
      }
    });
    const topics = [...new Set(subscriptions.flatMap(({ topics: names }) => names))];
    if (topics.length > 0) await cluster.refresh(topics, signal);
    return new ClassicLeader(cluster, joined, subscriptions, { topics, watchesRacks: rackId !== null });
  }

  private constructor(
    cluster: Cluster,
    joined: Decoded<JoinGroupResponse>,
    subscriptions: readonly GroupSubscription[],
    { topics, watchesRacks }: { readonly topics: readonly string[]; readonly watchesRacks: boolean },
  ) {
    this.#cluster = cluster;
    this.#joined = joined;
    this.#subscriptions = subscriptions;
    this.#watchesRacks = watchesRacks;
    this.#partitions = new Map(topics.map((name) => [name, this.#partitionsOf(name)]));
  }

  /** Each member's assignment. Throws KafkaError where the group has agreed on an assignor that was not offered. */
  assign(assignors: readonly Assignor[]): { memberId: string; assignment: Buffer }[] {
    const { protocolName, members } = this.#joined;
    const assignor = assignors.find(({ name }) => name === protocolName);
    if (assignor === undefined) throw new KafkaError(`the group has agreed on the assignor '${protocolName}', which was not offered`);
    const existing = new Map([...this.#partitions].flatMap(([name, { length }]) => (length > 0 ? [[name, length]] : [])));
    const racksOf = ({ topic, partition }: TopicPartition): readonly string[] => this.#partitions.get(topic)?.[partition]?.racks ?? [];
    const assigned = assignor.assign(this.#subscriptions, existing, racksOf);
    return members.map(({ memberId }) => ({ memberId, assignment: writeAssignment(assigned.get(memberId) ?? []) }));
  }

  /** Whether there are other partitions now than those that were assigned, or they are in other racks. It asks for topics that do not exist in the background. */
  seesChange(): boolean {
    const then = [...this.#partitions];
    const now = new Map(then.map(([name]) => [name, this.#partitionsOf(name)]));
    const missing = [...now].flatMap(([name, { length }]) => (length === 0 ? [name] : []));
    if (missing.length > 0) this.#cluster.refresh(missing).catch(() => {});
    const isOther = (before: PartitionRacks, after: PartitionRacks | undefined): boolean =>
      this.#watchesRacks && after !== undefined && !areAlike(before, after);
    return then.some(([name, before]) => {
      const after = now.get(name)!;
      return after.length !== before.length || before.some((each, i) => isOther(each, after[i]));
    });
  }

  #partitionsOf(topic: string): PartitionRacks[] {
    const { metadata } = this.#cluster;
    const partitions = [...(metadata.topic(topic)?.partitions.values() ?? [])].sort((a, b) => a.partition - b.partition);
    return partitions.map(({ replicas }) => {
      const brokers = replicas.map((id) => metadata.brokers.get(id));
      const racks = brokers.flatMap((broker) => (broker?.rack ? [broker.rack] : []));
      return { racks: [...new Set(racks)].sort(), isCertain: brokers.every((broker) => broker !== undefined) };
    });
  }
}

/** The racks in which a partition is. A broker that is away for a while is not in the metadata, and nor is its rack. */
interface PartitionRacks {
  readonly racks: readonly string[];
  readonly isCertain: boolean;
}

/** Whether a group need not be rebalanced because of it: a broker that is restarted is no reason. */
function areAlike(before: PartitionRacks, after: PartitionRacks): boolean {
  return !before.isCertain || !after.isCertain || before.racks.join() === after.racks.join();
}
