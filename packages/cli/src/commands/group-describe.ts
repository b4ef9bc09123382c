import { describeGroups, type GroupDescription, type GroupMember, type KafkaClient, listOffsets, type TopicPartition } from '@tskafka/core';
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import type { Column } from '../frame/rows.ts';
import { progressOf } from '../groups/group-progress.ts';
import { type PartitionReader, partitionReaders } from '../groups/partition-readers.ts';
import { counted } from '../terminal/counted.ts';

const partitionColumns: readonly Column<PartitionReader>[] = [
  { name: 'group', value: ({ group }) => group },
  { name: 'topic', value: ({ topic }) => topic },
  { name: 'partition', value: ({ partition }) => partition, isId: true },
  { name: 'committed', value: ({ committed }) => committed },
  { name: 'end', value: ({ end }) => end },
  { name: 'lag', value: ({ lag }) => lag },
  {
    name: 'member',
    value: ({ member }) => member?.memberId,
    text: ({ member, readers }) => member?.memberId ?? (readers > 1 ? counted(readers, 'member') : '-'),
  },
  { name: 'client', value: ({ member }) => member?.clientId },
  { name: 'host', value: ({ member }) => hostOf(member) },
];

/** The line above names it. */
const ofOneGroup = partitionColumns.map((column): Column<PartitionReader> =>
  column.name === 'group' ? { ...column, only: 'data' } : column,
);

interface MemberRow {
  readonly group: GroupDescription;
  readonly member: GroupMember;
}

const memberColumns: readonly Column<MemberRow>[] = [
  { name: 'group', value: ({ group }) => group.group },
  { name: 'member', value: ({ member }) => member.memberId },
  { name: 'instance', value: ({ member }) => member.instanceId },
  { name: 'client', value: ({ member }) => member.clientId },
  { name: 'host', value: ({ member }) => hostOf(member) },
  { name: 'rack', value: ({ member }) => member.rackId, only: 'data' },
  { name: 'epoch', value: ({ member }) => member.epoch, only: 'data' },
  { name: 'subscribed', value: ({ member }) => [...member.subscribedTopics], only: 'data' },
  { name: 'subscribedRegex', value: ({ member }) => member.subscribedRegex, only: 'data' },
  { name: 'partitions', value: ({ member }) => member.assignment?.length },
  { name: 'assignment', value: ({ member }) => places(member.assignment) },
  { name: 'target', value: ({ member }) => places(member.targetAssignment), only: 'data' },
];

const stateColumns: readonly Column<GroupDescription>[] = [
  { name: 'group', value: ({ group }) => group },
  { name: 'type', value: ({ type }) => type },
  { name: 'state', value: ({ state }) => state },
  { name: 'coordinator', value: ({ coordinator }) => coordinator, isId: true },
  { name: 'assignor', value: ({ assignor }) => assignor },
  { name: 'epoch', value: ({ epoch }) => epoch },
  { name: 'assignmentEpoch', value: ({ assignmentEpoch }) => assignmentEpoch },
  { name: 'members', value: ({ members }) => members.length },
  { name: 'protocolType', value: ({ protocolType }) => protocolType, only: 'data' },
];

/** `tskafka group describe`: who is in groups, and how far each partition is. Java: kafka-consumer-groups.sh and kafka-share-groups.sh --describe. */
export const groupDescribe = command<{ members?: boolean; state?: boolean }, [names: string[]]>({
  arguments: [['<group...>', 'the groups']],
  options: [
    { flags: '--members', text: 'a row for each member, with everything that it reads' },
    { flags: '--state', text: 'a row for each group, with its coordinator and assignor' },
  ],
  examples: ['tskafka group billing', 'tskafka group describe billing --members', 'tskafka group billing --state --json'],
  notes:
    'For groups of every type: classic, consumer (KIP-848), share and streams. Any member of a share group may read a partition, and COMMITTED is where the group continues: everything before is finished.',
  async run({ connect, rows, talk, fail, told, signal }, { members: wantsMembers = false, state: wantsState = false }, names) {
    if (wantsMembers && wantsState) throw new UsageError('--members and --state cannot be combined', 'use one of them');
    const client = await connect();
    const groups = [...(await told(await describeGroups(client, names, { signal }))).values()];
    if (groups.length === 0) return;
    if (wantsState) return rows(stateColumns, groups);
    for (const group of groups) talk(summary(group));
    if (wantsMembers) {
      const found = groups.flatMap((group) => group.members.map((member): MemberRow => ({ group, member })));
      return rows(memberColumns, found, { empty: 'the group has no members' });
    }
    const progress = await progressOf(client, groups, signal);
    const found: PartitionReader[] = [];
    for (const group of groups) {
      const places = progress.get(group.group)!;
      if (places instanceof Error) await fail(places);
      const readers = partitionReaders(group, places instanceof Error ? [] : places);
      found.push(...(group.type === 'share' ? readers : await withEnds(client, readers, signal)));
    }
    await rows(groups.length === 1 ? ofOneGroup : partitionColumns, found, { empty: 'the group has no members and no commits' });
  },
});

/** A partition that is read has an end, also where nothing is committed. */
async function withEnds(client: KafkaClient, readers: readonly PartitionReader[], signal: AbortSignal): Promise<PartitionReader[]> {
  const open = readers.flatMap(({ topic, partition, committed }) =>
    topic === undefined || partition === undefined || committed !== undefined ? [] : [{ topic, partition, at: 'latest' as const }],
  );
  const ends = new Map(
    [...(await listOffsets(client, open, { signal }))].flatMap(([{ topic, partition }, told]) =>
      told instanceof Error ? [] : [[nameOf({ topic, partition }), told.offset] as const],
    ),
  );
  return readers.map((row) => ({ ...row, end: row.end ?? ends.get(nameOf(row)) }));
}

function summary({ group, type, state, assignor, coordinator, epoch, members }: GroupDescription): string {
  const details = [
    type,
    state,
    counted(members.length, 'member'),
    `coordinated by broker ${coordinator}`,
    assignor && `assignor ${assignor}`,
    epoch !== undefined && `epoch ${epoch}`,
  ];
  return `${group}: ${details.filter(Boolean).join(', ')}`;
}

function hostOf(member: GroupMember | undefined): string | undefined {
  return member?.host.replace(/^\//, '');
}

function places(partitions: readonly TopicPartition[] | undefined): string[] | undefined {
  return partitions?.map(({ topic, partition }) => `${topic}:${partition}`);
}

function nameOf({ topic, partition }: { readonly topic: string | undefined; readonly partition: number | undefined }): string {
  return `${topic ?? ''}/${partition ?? ''}`;
}
