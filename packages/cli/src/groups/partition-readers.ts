import type { GroupDescription, GroupMember } from '@tskafka/core';
import { partitionName } from '../topics/topic-partitions.ts';
import type { Progress } from './group-progress.ts';

/** A partition of a group, or a member that has none, as a row of `group describe`. */
export interface PartitionReader extends Omit<Progress, 'topic' | 'partition'> {
  readonly topic: string | undefined;
  readonly partition: number | undefined;
  /** Who reads it; of a share group's partition any member does, and this is the only one that there is, or undefined. */
  readonly member: GroupMember | undefined;
  /** How many members read it. */
  readonly readers: number;
}

/**
 * A group partition by partition: what it has committed, and who reads it. Partitions that are read and have no commit yet, and members that
 * read nothing, are rows too. Java: kafka-consumer-groups.sh --describe.
 */
export function partitionReaders({ group, members }: GroupDescription, progress: readonly Progress[]): PartitionReader[] {
  const readers = new Map<string, GroupMember[]>();
  const places = new Map<string, Progress>(progress.map((row) => [partitionName(row), row]));
  for (const member of members) {
    for (const { topic, partition } of member.assignment ?? []) {
      const name = partitionName({ topic, partition });
      readers.set(name, [...(readers.get(name) ?? []), member]);
      if (!places.has(name)) places.set(name, { group, topic, partition, committed: undefined, end: undefined, lag: undefined });
    }
  }
  const rows = [...places].map(([name, row]): PartitionReader => {
    const known = readers.get(name) ?? [];
    return { ...row, member: known.length === 1 ? known[0] : undefined, readers: known.length };
  });
  const idle = members
    .filter(({ assignment }) => assignment !== undefined && assignment.length === 0)
    .map((member): PartitionReader => {
      const nowhere = { topic: undefined, partition: undefined, committed: undefined, end: undefined, lag: undefined };
      return { group, ...nowhere, member, readers: 1 };
    });
  return [...rows.sort((a, b) => (a.topic === b.topic ? a.partition! - b.partition! : a.topic! < b.topic! ? -1 : 1)), ...idle];
}
