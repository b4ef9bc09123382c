import type { GroupDescription, GroupMember } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { partitionReaders } from './partition-readers.ts';

const progress = (partition: number, committed: number) => ({ group: 'g', topic: 't', partition, committed, end: 9, lag: 9 - committed });

function member(memberId: string, partitions: readonly number[] | undefined): GroupMember {
  const assignment = partitions?.map((partition) => ({ topic: 't', partition }));
  return { memberId, assignment } as GroupMember;
}

function rowsOf(members: readonly GroupMember[], committed: readonly (readonly [number, number])[]) {
  const description = { group: 'g', members } as unknown as GroupDescription;
  return partitionReaders(
    description,
    committed.map(([partition, offset]) => progress(partition, offset)),
  ).map((row) => [row.partition, row.committed, row.member?.memberId, row.readers]);
}

describe('the rows of a group', () => {
  it.each<[string, GroupMember[], [number, number][], unknown[]]>([
    ['a commit without a reader', [], [[0, 3]], [[0, 3, undefined, 0]]],
    ['a reader without a commit', [member('a', [0])], [], [[0, undefined, 'a', 1]]],
    ['both', [member('a', [1, 0])], [[0, 3], [1, 4]], [[0, 3, 'a', 1], [1, 4, 'a', 1]]], // prettier-ignore
    ['a member that reads nothing comes last', [member('a', []), member('b', [5])], [[0, 3]], [[0, 3, undefined, 0], [5, undefined, 'b', 1], [undefined, undefined, 'a', 1]]], // prettier-ignore
    ['what cannot be told of a member is no row', [member('a', undefined)], [[0, 3]], [[0, 3, undefined, 0]]],
    ['several readers, as a share group has', [member('a', [0]), member('b', [0])], [[0, 3]], [[0, 3, undefined, 2]]],
  ])('%s', (_, members, committed, rows) => {
    expect(rowsOf(members, committed)).toEqual(rows);
  });
});
