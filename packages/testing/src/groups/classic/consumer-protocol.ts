import {
  type ConsumerProtocolAssignment,
  consumerProtocolAssignment,
  consumerProtocolSubscription,
  type Decoded,
  Reader,
} from '@tskafka/core/protocol';
import { type AssignedPartition, byPartition } from '../mock-member.ts';

/** The topics of a member that speaks the consumer protocol; undefined when these bytes are not that. */
export function subscribedTopics(metadata: Uint8Array): readonly string[] | undefined {
  return readVersion0(metadata, (r) => consumerProtocolSubscription.read(r, 0).topics);
}

/** The partitions that a consumer was assigned; none when these bytes are not an assignment. */
export function assignedPartitions(assignment: Uint8Array): AssignedPartition[] {
  const read = (r: Reader): Decoded<ConsumerProtocolAssignment> => consumerProtocolAssignment.read(r, 0);
  const topics = readVersion0(assignment, read)?.assignedPartitions ?? [];
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition }))).sort(byPartition);
}

/** Every version begins as version 0 does. */
function readVersion0<T>(bytes: Uint8Array, read: (r: Reader) => T): T | undefined {
  try {
    const r = new Reader(Buffer.from(bytes));
    return r.int16() < 0 ? undefined : read(r);
  } catch {
    return undefined;
  }
}
