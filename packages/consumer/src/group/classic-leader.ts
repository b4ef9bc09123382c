import { KafkaError } from '@tskafka/core';
import type { Cluster } from '@tskafka/core/internal';
import type { Decoded, JoinGroupResponse } from '@tskafka/core/protocol';
import type { Assignor, GroupSubscription } from './assignors/assignor.ts';
import { readSubscription, writeAssignment } from './subscription.ts';

/** What the leader of a classic group decides for all: each member's assignment, and which partitions there were to assign. */
export async function assignmentsOf(
  cluster: Cluster,
  { protocolName, members }: Decoded<JoinGroupResponse>,
  assignors: readonly Assignor[],
  signal: AbortSignal,
): Promise<{ assignments: { memberId: string; assignment: Buffer }[]; partitionCounts: Map<string, number> }> {
  const assignor = assignors.find(({ name }) => name === protocolName);
  if (assignor === undefined) throw new KafkaError(`the group has agreed on the assignor '${protocolName}', which was not offered`);
  const subscriptions = members.flatMap(({ memberId, groupInstanceId, metadata }): GroupSubscription[] => {
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
  const known = topics.flatMap((name) => cluster.metadata.topic(name) ?? []);
  const partitionCounts = new Map(known.map(({ name, partitions }) => [name, partitions.size]));
  const assigned = assignor.assign(subscriptions, partitionCounts);
  const assignments = members.map(({ memberId }) => ({ memberId, assignment: writeAssignment(assigned.get(memberId) ?? []) }));
  return { assignments, partitionCounts };
}
