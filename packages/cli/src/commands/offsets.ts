import { alterGroupOffsets, deleteGroupOffsets, describeGroups, type GroupOffset, groupOffsets, type KafkaClient } from '@tskafka/core';
import { readFile } from 'node:fs/promises';
import { command } from '../frame/command.ts';
import { Failure, UsageError } from '../frame/failure.ts';
import type { Column } from '../frame/rows.ts';
import { type NewOffset, readOffsets } from '../offsets/new-offset.ts';
import { parsePlace, type Place, type Range } from '../offsets/offset-spec.ts';
import { type PartitionRange, resolveRange } from '../offsets/resolve-range.ts';
import { parseTopicPartitions } from '../topics/topic-partitions.ts';

const everything: Range = { from: { kind: 'beginning' }, to: undefined };

/** `tskafka offsets TOPIC [AT]`: where partitions begin and end. PyKafka: print_offsets. Java: kafka-get-offsets.sh. */
export const offsets = command<object, [topic: string, at?: string]>({
  arguments: [
    ['<topic>', 'the topic'],
    ['[at]', 'also the offset there: @-1h, @2026-11-23T07:00, -100'],
  ],
  examples: ['tskafka offsets orders', 'tskafka offsets orders @-15m'],
  async run({ connect, rows, signal }, _, topic, at) {
    const place = at === undefined ? undefined : parsePlace(at, Date.now(), 'AT');
    const client = await connect();
    const limits = { isolation: 'read_uncommitted', signal } as const;
    const [all, there] = await Promise.all([
      resolveRange(client, topic, everything, limits),
      place && resolveRange(client, topic, { from: place, to: undefined }, limits),
    ]);
    const columns: Column<PartitionRange>[] = [
      { name: 'partition', value: ({ partition }) => partition },
      { name: 'begin', value: ({ begin }) => begin },
      { name: 'end', value: ({ end }) => end },
      { name: 'count', value: ({ begin, end }) => end - begin },
    ];
    if (there !== undefined) columns.push({ name: 'at', value: (row) => there[all.indexOf(row)]!.from });
    await rows(columns, all);
  },
});

interface Row {
  readonly topic: string;
  readonly partition: number;
  readonly committed: number | undefined;
  readonly to: number;
}

const partitionColumns = [
  { name: 'topic', value: ({ topic }: { topic: string }) => topic },
  { name: 'partition', value: ({ partition }: { partition: number }) => partition },
] as const;

/** `tskafka offsets reset`. PyKafka: reset_offsets. Java: kafka-consumer-groups.sh --reset-offsets. */
export const offsetsReset = command<{ to?: string; topic?: string[]; execute?: boolean }, [group: string]>({
  arguments: [['<group>', 'the group, which must have no members']],
  options: [
    { flags: '--to <place>', text: 'beginning, end, 42, @-15m, @2026-11-23T07:00; +10 or -10 from where it is; group:OTHER; file:FILE' },
    {
      flags: '-t, --topic <topic[:partitions]>',
      text: 'only these: orders, orders:0,2 (default: what the group has committed)',
      repeat: true,
    },
  ],
  changes: true,
  examples: [
    'tskafka offsets reset billing --to beginning',
    'tskafka offsets reset billing --to @2026-11-23T07:00 -t orders --execute',
    'tskafka offsets reset billing --to -100 -t orders:0,2 --execute',
    'tskafka offsets reset billing --to group:billing-old --execute',
  ],
  notes:
    'tskafka offsets export writes files that --to file:FILE reads. An offset before the first that is left becomes that, one past the end the end.',
  async run({ connect, change, talk, signal }, { to, topic: specs = [], execute }, group) {
    if (to === undefined) throw new UsageError('--to is missing', '--to beginning, end, 42, +10, -10, @-15m, group:OTHER or file:FILE');
    const target = await targetOf(to);
    const client = await connect();
    const committed = await groupOffsets(client, group, { signal });
    const wanted = await partitionsOf(client, committed, specs, target, group, signal);
    const rows: Row[] = [];
    for (const { range, before, place } of wanted) {
      if (place === undefined) {
        talk(
          `${range.topic}[${range.partition}] is left out: ${'shift' in target ? 'the group has committed nothing there' : 'no offset is given for it'}`,
        );
        continue;
      }
      const offset = Math.max(range.begin, Math.min(place, range.end));
      if (offset !== before) rows.push({ topic: range.topic, partition: range.partition, committed: before, to: offset });
    }
    const again = rows.reduce((sum, row) => sum + Math.max(0, (row.committed ?? row.to) - row.to), 0);
    await change<Row>({
      columns: [
        ...partitionColumns,
        { name: 'committed', value: (row) => row.committed },
        { name: 'new', value: (row) => row.to },
        { name: 'shift', value: (row) => (row.committed === undefined ? undefined : row.to - row.committed) },
      ],
      rows,
      empty: 'the group is there already',
      would: `have ${group} read ${again.toLocaleString('en-US')} messages again`,
      execute,
      confirm: group,
      async apply(all) {
        await mustBeEmpty(client, group, signal);
        const items = all.map(({ topic, partition, to: offset }) => ({ topic, partition, offset }));
        const results = await alterGroupOffsets(client, group, items, { signal });
        return items.map((item) => results.get(item));
      },
    });
  },
});

type Target =
  { readonly place: Place } | { readonly shift: number } | { readonly group: string } | { readonly offsets: readonly NewOffset[] };

async function targetOf(to: string): Promise<Target> {
  if (/^[-+]\d{1,15}$/.test(to)) return { shift: Number(to) };
  if (to.startsWith('group:')) return { group: to.slice('group:'.length) };
  if (to.startsWith('file:')) return { offsets: readOffsets(await readFile(to.slice('file:'.length), 'utf8'), to) };
  const place = parsePlace(to, Date.now(), '--to');
  if (place.kind === 'committed')
    throw new UsageError('--to committed is where the group is', '--to beginning, end, 42, +10, -10 or @-15m');
  return { place };
}

interface Wanted {
  readonly range: PartitionRange;
  readonly before: number | undefined;
  /** Where it is to go; undefined when nothing says so. */
  readonly place: number | undefined;
}

/** Which partitions are meant, where the group is in each, and where it is to go. */
async function partitionsOf(
  client: KafkaClient,
  committed: readonly GroupOffset[],
  specs: readonly string[],
  target: Target,
  group: string,
  signal: AbortSignal,
): Promise<Wanted[]> {
  const given = 'group' in target ? await groupOffsets(client, target.group, { signal }) : 'offsets' in target ? target.offsets : undefined;
  if (given?.length === 0)
    throw new Failure(`${'group' in target ? target.group : 'the file'} has no offsets`, { code: 'NOTHING_COMMITTED' });
  const named = specs.map(parseTopicPartitions);
  const known = named.length === 0 ? (given ?? committed) : [];
  const topics = [...new Set([...named, ...known].map(({ topic }) => topic))].sort();
  if (topics.length === 0) {
    throw new Failure(`group ${group} has committed nothing`, { code: 'NOTHING_COMMITTED', hint: `-t TOPIC says where it is to begin` });
  }
  const find = <Offset extends NewOffset>(all: readonly Offset[], at: PartitionRange): number | undefined =>
    all.find(({ topic, partition }) => topic === at.topic && partition === at.partition)?.offset;
  const limits = { isolation: 'read_uncommitted', signal } as const;
  const found = topics.map(async (topic): Promise<Wanted[]> => {
    const ofTopic = named.filter((spec) => spec.topic === topic);
    const partitions = ofTopic.some((spec) => spec.partitions === undefined) ? undefined : ofTopic.flatMap((spec) => spec.partitions ?? []);
    const only = named.length === 0 ? known.filter((entry) => entry.topic === topic).map(({ partition }) => partition) : partitions;
    const range = 'place' in target && target.place.kind !== 'offset' ? { from: target.place, to: undefined } : everything;
    const ranges = await resolveRange(client, topic, range, { ...limits, partitions: only?.toSorted((a, b) => a - b) });
    return ranges.map((at): Wanted => {
      const before = find(committed, at);
      if ('place' in target) return { range: at, before, place: target.place.kind === 'offset' ? target.place.offset : at.from };
      if ('shift' in target) return { range: at, before, place: before === undefined ? undefined : before + target.shift };
      return { range: at, before, place: find(given!, at) };
    });
  });
  return (await Promise.all(found)).flat();
}

/** Throws when somebody reads for the group: Kafka takes offsets only from its members then. */
async function mustBeEmpty(client: KafkaClient, group: string, signal: AbortSignal): Promise<void> {
  const described = (await describeGroups(client, [group], { signal })).get(group);
  if (described === undefined || described instanceof Error || described.members.length === 0) return;
  const members = described.members.map(({ memberId, host }) => `${memberId} at ${host.replace(/^\//, '')}`);
  throw new Failure(`group ${group} has ${members.length} active member${members.length === 1 ? '' : 's'}, so its offsets cannot be set`, {
    code: 'NON_EMPTY_GROUP',
    cause: `NON_EMPTY_GROUP (state ${described.state}: ${members.slice(0, 5).join(', ')})`,
    hint: `stop them first, then run this again; tskafka group describe ${group} --members shows who is there`,
  });
}

/** `tskafka offsets export`: what a group has committed, in the form that `reset --to file:` reads. */
export const offsetsExport = command<object, [group: string]>({
  arguments: [['<group>', 'the group']],
  examples: ['tskafka offsets export billing --json > billing.json', 'tskafka offsets reset billing --to file:billing.json'],
  async run({ connect, rows, signal }, _, group) {
    const client = await connect();
    const columns: readonly Column<GroupOffset>[] = [...partitionColumns, { name: 'offset', value: ({ offset }) => offset }];
    await rows(columns, await groupOffsets(client, group, { signal }), { empty: `${group} has committed nothing` });
  },
});

/** `tskafka offsets delete`. Java: kafka-consumer-groups.sh --delete-offsets. */
export const offsetsDelete = command<{ topic?: string[]; execute?: boolean }, [group: string]>({
  arguments: [['<group>', 'the group']],
  options: [{ flags: '-t, --topic <topic[:partitions]>', text: 'of these: orders, orders:0,2', repeat: true }],
  changes: true,
  examples: ['tskafka offsets delete billing -t old-orders --execute'],
  async run({ connect, change, signal }, { topic: specs = [], execute }, group) {
    if (specs.length === 0) throw new UsageError('-t TOPIC is missing: of which topic?', `tskafka group delete ${group} deletes all`);
    const named = specs.map(parseTopicPartitions);
    const client = await connect();
    const rows = (await groupOffsets(client, group, { signal })).filter(({ topic, partition }) =>
      named.some((spec) => spec.topic === topic && (spec.partitions?.includes(partition) ?? true)),
    );
    await change<GroupOffset>({
      columns: [...partitionColumns, { name: 'committed', value: ({ offset }) => offset }],
      rows,
      empty: `${group} has committed nothing there`,
      would: `have ${group} forget what it has committed in ${rows.length === 1 ? 'one partition' : `${rows.length} partitions`}`,
      execute,
      confirm: group,
      async apply(all) {
        const results = await deleteGroupOffsets(client, group, all, { signal });
        return all.map((item) => results.get(item));
      },
    });
  },
});
