import { KafkaError } from '@tskafka/core';
import type { Cluster } from '@tskafka/core/internal';
import type { Decoded, JoinGroupResponse } from '@tskafka/core/protocol';
import type { Assignor, GroupSubscription } from './assignors/assignor.ts';
import { readSubscription, writeAssignment } from './subscription.ts';

/** What the leader of a classic group does for all: it assigns, and sees when that has to be done anew. */
export class ClassicLeader {
  readonly #cluster: Cluster;
  readonly #joined: Decoded<JoinGroupResponse>;
  readonly #subscriptions: readonly GroupSubscription[];
  /** The partitions that each topic has; 0 for one that does not exist, and may yet. */
  readonly #partitionCounts: ReadonlyMap<string, number>;

  /** The leader of a generation, that knows which partitions there are. */
  static async of(cluster: Cluster, joined: Decoded<JoinGroupResponse>, signal: AbortSignal): Promise<ClassicLeader> {
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
    return new ClassicLeader(cluster, joined, subscriptions, topics);
  }

  private constructor(
    cluster: Cluster,
    joined: Decoded<JoinGroupResponse>,
    subscriptions: readonly GroupSubscription[],
    topics: readonly string[],
  ) {
    this.#cluster = cluster;
    this.#joined = joined;
    this.#subscriptions = subscriptions;
    this.#partitionCounts = new Map(topics.map((name) => [name, this.#countOf(name)]));
  }

  /** Each member's assignment. Throws KafkaError where the group has agreed on an assignor that was not offered. */
  assign(assignors: readonly Assignor[]): { memberId: string; assignment: Buffer }[] {
    const { protocolName, members } = this.#joined;
    const assignor = assignors.find(({ name }) => name === protocolName);
    if (assignor === undefined) throw new KafkaError(`the group has agreed on the assignor '${protocolName}', which was not offered`);
    const existing = new Map([...this.#partitionCounts].filter(([, count]) => count > 0));
    const assigned = assignor.assign(this.#subscriptions, existing);
    return members.map(({ memberId }) => ({ memberId, assignment: writeAssignment(assigned.get(memberId) ?? []) }));
  }

  /** Whether there are other partitions now than those that were assigned. It asks for topics that do not exist in the background. */
  seesChange(): boolean {
    const counts = [...this.#partitionCounts];
    const missing = counts.flatMap(([name]) => (this.#countOf(name) === 0 ? [name] : []));
    if (missing.length > 0) this.#cluster.refresh(missing).catch(() => {});
    return counts.some(([name, count]) => this.#countOf(name) !== count);
  }

  #countOf(topic: string): number {
    return this.#cluster.metadata.topic(topic)?.partitions.size ?? 0;
  }
}
