import type { TopicPartition } from '@tskafka/core';
import { consumerProtocolAssignment, consumerProtocolSubscription, Reader, Writer } from '@tskafka/core/protocol';
import type { GroupSubscription } from './assignors/assignor.ts';
import { topicsOf } from './partitions.ts';

/** What members of a classic group tell each other through the broker, which does not read it. A newer version begins like an older one. */
const { maxVersion } = consumerProtocolSubscription;

export function writeSubscription({
  topics,
  ownedPartitions,
  generation,
  rackId,
  userData,
}: Omit<GroupSubscription, 'memberId' | 'groupInstanceId'>): Buffer {
  const w = new Writer();
  w.int16(maxVersion);
  consumerProtocolSubscription.write(w, maxVersion, {
    topics: [...topics].sort(),
    userData,
    ownedPartitions: topicsOf(ownedPartitions),
    generationId: generation,
    rackId,
  });
  return w.toBuffer();
}

/** Throws ProtocolError where the bytes are none. */
export function readSubscription(memberId: string, groupInstanceId: string | null, bytes: Uint8Array): GroupSubscription {
  const r = new Reader(Buffer.from(bytes));
  const { topics, userData, ownedPartitions, generationId, rackId } = consumerProtocolSubscription.read(r, versionOf(r));
  return { memberId, groupInstanceId, topics, ownedPartitions: flat(ownedPartitions), generation: generationId, rackId, userData };
}

export function writeAssignment(partitions: readonly TopicPartition[]): Buffer {
  const w = new Writer();
  w.int16(maxVersion);
  consumerProtocolAssignment.write(w, maxVersion, { assignedPartitions: topicsOf(partitions), userData: null });
  return w.toBuffer();
}

/** No bytes are no partitions. Throws ProtocolError where the bytes are not an assignment. */
export function readAssignment(bytes: Uint8Array): TopicPartition[] {
  if (bytes.length === 0) return [];
  const r = new Reader(Buffer.from(bytes));
  return flat(consumerProtocolAssignment.read(r, versionOf(r)).assignedPartitions);
}

function versionOf(r: Reader): number {
  return Math.max(0, Math.min(r.int16(), maxVersion));
}

function flat(topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}
