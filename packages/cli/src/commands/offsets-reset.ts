import { describeGroups, type KafkaClient } from '@tskafka/core';
import { writeFile } from 'node:fs/promises';
import { readText } from '../connect/settings.ts';
import { command } from '../frame/command.ts';
import { Failure, UsageError } from '../frame/failure.ts';
import { offsetsOfGroup, type PlaceOfGroup } from '../groups/offsets-of-group.ts';
import { hasMoved, movedSince } from '../offsets/moved.ts';
import { type NewOffset, readOffsets } from '../offsets/new-offset.ts';
import { parsePlace, type Place, type Range } from '../offsets/offset-spec.ts';
import { counted } from '../terminal/counted.ts';
import { partitionColumns } from '../topics/partition-columns.ts';
import { type PartitionRange, resolveRange } from '../offsets/resolve-range.ts';
import { parseTopicPartitions } from '../topics/topic-partitions.ts';

const everything: Range = { from: { kind: 'beginning' }, to: undefined };

interface Row {
  readonly topic: string;
  readonly partition: number;
  readonly committed: number | undefined;
  /** What a plan of before had found; the same as `committed` where none was read. */
  readonly planned: number | undefined;
  readonly to: number;
}

/** `tskafka offsets reset`. PyKafka: reset_offsets. Java: kafka-consumer-groups.sh and kafka-share-groups.sh --reset-offsets. */
export const offsetsReset = command<ResetFlags, [group: string]>({
  arguments: [['<group>', 'the group, which must have no members']],
  options: [
    { flags: '--to <place>', text: 'beginning, end, 42, @-15m, @2026-11-23T07:00; +10 or -10 from where it is; group:OTHER; file:FILE' },
    {
      flags: '-t, --topic <topic[:partitions]>',
      text: 'only these: orders, orders:0,2 (default: what the group has committed)',
      repeat: true,
    },
    { flags: '--export <file>', text: 'also write the plan to a file, for a later --to file:FILE' },
    { flags: '--force', text: 'even if the group has moved since the plan was made' },
    { flags: '--share', text: 'if the group does not exist yet, create it as a share group' },
  ],
  changes: true,
  needsToChange: { topic: 'read' },
  examples: [
    'tskafka offsets reset billing --to beginning',
    'tskafka offsets reset billing --to @2026-11-23T07:00 -t orders --execute',
    'tskafka offsets reset billing --to -100 -t orders:0,2 --export plan',
    'tskafka offsets reset billing --to file:plan --execute',
    'tskafka offsets reset billing --to group:billing-old --execute',
  ],
  notes:
    'A file comes from --export, from tskafka offsets export, or is the CSV of kafka-consumer-groups.sh. Offsets outside the log move to its nearest end. It works for groups of consumers, share groups (whose members start again there) and streams. If the group has committed anything since the plan was made, nothing is changed.',
  async run(context, { to, topic: specs = [], export: file, force = false, share, execute }, group) {
    const { connect, change, talk, signal } = context;
    if (to === undefined) throw new UsageError('--to is missing', '--to beginning, end, 42, +10, -10, @-15m, group:OTHER or file:FILE');
    const target = await targetOf(to, group);
    const client = await connect();
    const offsets = await offsetsOfGroup(client, group, signal, share);
    const committed = await offsets.read();
    const rows = rowsOf(await partitionsOf(client, committed, specs, target, group, signal), target, talk);
    const moved = movedSince(rows.map((row) => ({ ...row, committed: row.planned })), committed); // prettier-ignore
    if (moved.length > 0 && !force) {
      const failure = hasMoved(group, moved);
      if (execute) throw failure;
      talk(`the group has moved since that plan was made: ${failure.why}`);
    }
    if (file !== undefined) await exportPlan(file, group, rows);
    await change<Row>({
      columns: [
        ...partitionColumns,
        { name: 'committed', value: (row) => row.committed },
        { name: 'new', value: (row) => row.to },
        { name: 'shift', value: (row) => (row.committed === undefined ? undefined : row.to - row.committed) },
      ],
      rows,
      empty: 'the group is at these offsets already',
      would: `have ${group} ${whatThen(rows)}`,
      execute,
      confirm: group,
      async apply(all) {
        await mustBeEmpty(client, group, signal);
        // Somebody may have been asked to confirm, and taken their time.
        const since = force ? [] : movedSince(all, await offsets.read());
        if (since.length > 0) throw hasMoved(group, since);
        return offsets.alter(all.map(({ topic, partition, to: offset }) => ({ topic, partition, offset })));
      },
    });
  },
});

interface ResetFlags {
  readonly to?: string;
  readonly topic?: string[];
  readonly export?: string;
  readonly force?: boolean;
  readonly share?: boolean;
  readonly execute?: boolean;
}

/** What becomes of it: what would be read a second time, and what never. */
function whatThen(rows: readonly Row[]): string {
  const sum = (sign: 1 | -1): number => rows.reduce((all, { committed, to }) => all + Math.max(0, sign * (to - (committed ?? to))), 0);
  const [again, skipped] = [sum(-1), sum(1)].map((count) => counted(count, 'message'));
  const parts = [sum(-1) > 0 && `read ${again} again`, sum(1) > 0 && `skip ${skipped}`].filter(Boolean);
  return parts.length === 0 ? 'start there' : parts.join(' and ');
}

/** What is to be moved. What cannot is said; what is there already is left out. */
function rowsOf(wanted: readonly Wanted[], target: Target, talk: (line: string) => void): Row[] {
  return wanted.flatMap(({ range: { topic, partition, begin, end }, before, place, planned }) => {
    if (place === undefined) {
      talk(`${topic}[${partition}] is left out: ${'shift' in target ? 'the group has no commits there' : 'there is no offset for it'}`);
      return [];
    }
    const to = Math.max(begin, Math.min(place, end));
    return to === before ? [] : [{ topic, partition, committed: before, planned, to }];
  });
}

/** A plan, as `--to file:` reads it: with what it found, so that it is seen when the group has moved. */
async function exportPlan(file: string, group: string, rows: readonly Row[]): Promise<void> {
  const lines = rows.map(({ topic, partition, committed, to }) =>
    JSON.stringify({ group, topic, partition, committed: committed ?? null, offset: to }),
  );
  try {
    await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  } catch (error) {
    throw new UsageError(`the plan cannot be written: ${(error as Error).message}`, '--export FILE');
  }
}

type Target =
  { readonly place: Place } | { readonly shift: number } | { readonly group: string } | { readonly offsets: readonly NewOffset[] };

async function targetOf(to: string, group: string): Promise<Target> {
  if (/^[-+]\d{1,15}$/.test(to)) return { shift: Number(to) };
  if (to.startsWith('group:')) return { group: to.slice('group:'.length) };
  if (to.startsWith('file:')) {
    const all = readOffsets(readText(to.slice('file:'.length)), to);
    return { offsets: all.filter((entry) => entry.group === undefined || entry.group === group) };
  }
  const place = parsePlace(to, Date.now(), '--to');
  if (place.kind === 'committed')
    throw new UsageError('--to committed would change nothing: the group is there', '--to beginning, end, 42, +10, -10 or @-15m');
  return { place };
}

interface Wanted {
  readonly range: PartitionRange;
  readonly before: number | undefined;
  /** Where it is to go; undefined when nothing says so. */
  readonly place: number | undefined;
  /** Where a plan that was read had found it; the same as `before` where none was. */
  readonly planned: number | undefined;
}

/** Which partitions are meant, where the group is in each, and where it is to go. */
async function partitionsOf(
  client: KafkaClient,
  committed: readonly PlaceOfGroup[],
  specs: readonly string[],
  target: Target,
  group: string,
  signal: AbortSignal,
): Promise<Wanted[]> {
  const given =
    'group' in target
      ? await (await offsetsOfGroup(client, target.group, signal)).read()
      : 'offsets' in target
        ? target.offsets
        : undefined;
  if (given?.length === 0)
    throw new Failure(`${'group' in target ? target.group : 'the file'} has no offsets${'group' in target ? '' : ` of ${group}`}`, {
      code: 'NOTHING_COMMITTED',
    });
  const named = specs.map(parseTopicPartitions);
  const known = named.length === 0 ? (given ?? committed) : [];
  const topics = [...new Set([...named, ...known].map(({ topic }) => topic))].sort();
  if (topics.length === 0) {
    throw new Failure(`group ${group} has committed nothing`, { code: 'NOTHING_COMMITTED', hint: `name its topics with -t TOPIC` });
  }
  const find = <Offset extends NewOffset>(all: readonly Offset[], at: PartitionRange): Offset | undefined =>
    all.find(({ topic, partition }) => topic === at.topic && partition === at.partition);
  const limits = { isolation: 'read_uncommitted', signal } as const;
  const found = topics.map(async (topic): Promise<Wanted[]> => {
    const ofTopic = named.filter((spec) => spec.topic === topic);
    const partitions = ofTopic.some((spec) => spec.partitions === undefined) ? undefined : ofTopic.flatMap((spec) => spec.partitions ?? []);
    const only = named.length === 0 ? known.filter((entry) => entry.topic === topic).map(({ partition }) => partition) : partitions;
    const range = 'place' in target && target.place.kind !== 'offset' ? { from: target.place, to: undefined } : everything;
    const ranges = await resolveRange(client, topic, range, { ...limits, partitions: only?.toSorted((a, b) => a - b) });
    return ranges.map((at): Wanted => {
      const before = find(committed, at)?.offset;
      const unplanned = { range: at, before, planned: before };
      if ('place' in target) return { ...unplanned, place: target.place.kind === 'offset' ? target.place.offset : at.from };
      if ('shift' in target) return { ...unplanned, place: before === undefined ? undefined : before + target.shift };
      const entry: NewOffset | undefined = find<NewOffset>(given!, at);
      return { ...unplanned, place: entry?.offset, ...(entry?.committed !== undefined && { planned: entry.committed ?? undefined }) };
    });
  });
  return (await Promise.all(found)).flat();
}

/** Throws when somebody reads for the group: Kafka takes offsets only from its members then. */
async function mustBeEmpty(client: KafkaClient, group: string, signal: AbortSignal): Promise<void> {
  const described = (await describeGroups(client, [group], { signal })).get(group);
  if (described === undefined || described instanceof Error || described.members.length === 0) return;
  const members = described.members.map(({ memberId, host }) => `${memberId} at ${host.replace(/^\//, '')}`);
  throw new Failure(`group ${group} has ${counted(members.length, 'active member')}, so its offsets cannot be set`, {
    code: 'NON_EMPTY_GROUP',
    cause: `NON_EMPTY_GROUP (state ${described.state}: ${members.slice(0, 5).join(', ')})`,
    hint: `stop them first, then run this again; tskafka group describe ${group} --members shows who is there`,
  });
}
