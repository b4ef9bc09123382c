import { consumerProtocolAssignment, consumerProtocolSubscription, Reader, Writer } from '@tskafka/core/protocol';
import type { ClusterState } from '../../cluster-state.ts';
import type { Assignment, MutableAssignment } from './partition-assignor.ts';
import type { TopicPartitions } from './reconcile.ts';

/** What consumers of the classic protocol put into the bytes of JoinGroup and SyncGroup. */

export interface Subscription {
  /** As the consumer wrote it; it is read as the newest that is known. */
  readonly version: number;
  readonly topics: readonly string[];
  readonly ownedPartitions: TopicPartitions;
  readonly rackId: string | null;
}

/** Throws where the bytes are no subscription. */
export function readSubscription(metadata: Uint8Array, cluster: ClusterState): Subscription {
  const r = new Reader(Buffer.from(metadata));
  const version = r.int16();
  if (version < 0) throw new RangeError(`there is no version ${version} of subscriptions`);
  const { topics, ownedPartitions, rackId } = consumerProtocolSubscription.read(
    r,
    Math.min(version, consumerProtocolSubscription.maxVersion),
  );
  return { version, topics, ownedPartitions: withTopicIds(ownedPartitions, cluster), rackId: rackId === '' ? null : rackId };
}

/** The assignment in the version of the consumer's subscription. */
export function writeAssignment(assignment: Assignment, subscriptionVersion: number, cluster: ClusterState): Buffer {
  const version = Math.min(subscriptionVersion, consumerProtocolAssignment.maxVersion);
  const w = new Writer();
  w.int16(version);
  consumerProtocolAssignment.write(w, version, {
    assignedPartitions: [...assignment].flatMap(([topicId, partitions]) => {
      const topic = cluster.topicById(topicId)?.name;
      return topic === undefined ? [] : [{ topic, partitions: [...partitions].sort((a, b) => a - b) }];
    }),
    userData: null,
  });
  return w.toBuffer();
}

/** Throws where the bytes are no assignment. Empty ones are none yet. */
export function readAssignment(
  bytes: Uint8Array,
  cluster: ClusterState,
): { readonly assignment: Assignment; readonly userData: Uint8Array } {
  const userData = Buffer.alloc(0);
  if (bytes.length === 0) return { assignment: new Map(), userData };
  const r = new Reader(Buffer.from(bytes));
  const version = r.int16();
  if (version < 0) throw new RangeError(`there is no version ${version} of assignments`);
  const read = consumerProtocolAssignment.read(r, Math.min(version, consumerProtocolAssignment.maxVersion));
  const assignment: MutableAssignment = new Map();
  for (const { topicId, partitions } of withTopicIds(read.assignedPartitions, cluster)) assignment.set(topicId, new Set(partitions));
  return { assignment, userData: read.userData ?? userData };
}

function withTopicIds(
  named: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
  cluster: ClusterState,
): TopicPartitions {
  return named.flatMap(({ topic, partitions }) => {
    const topicId = cluster.topics.get(topic)?.id;
    return topicId === undefined ? [] : [{ topicId, partitions }];
  });
}
