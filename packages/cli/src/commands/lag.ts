import { describeGroups, type GroupDescription, type KafkaClient, listGroups, listTimestamps } from '@tskafka/core';
import { setTimeout as delay } from 'node:timers/promises';
import { command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { duration, wholeNumber } from '../frame/parse.ts';
import { Failure } from '../frame/failure.ts';
import type { Column } from '../frame/rows.ts';
import { isUnknown, type Progress, progressOf, totalLag, type TypedGroup } from '../groups/group-progress.ts';
import { LagTrend } from '../groups/lag-trend.ts';
import { timeSpan } from '../terminal/time-span.ts';
import { partitionColumns } from '../topics/partition-columns.ts';
import { partitionName } from '../topics/topic-partitions.ts';

/** How far a group has come, and how long its next message has waited: 0 where nothing is left. Undefined where it is not known, or was not asked for. */
interface Behind extends Progress {
  readonly behindMs: number | undefined;
}

interface TopicLag {
  readonly group: string;
  readonly topic: string;
  readonly partitions: number;
  readonly lag: number;
  readonly behindMs: number | undefined;
  readonly state: string | undefined;
  readonly members: number | undefined;
}

const groupColumn = { name: 'group', value: ({ group }: { group: string }) => group };
const progressColumns: readonly Column<Progress>[] = [
  ...partitionColumns,
  { name: 'committed', value: ({ committed }) => committed },
  { name: 'end', value: ({ end }) => end },
  { name: 'lag', value: ({ lag }) => lag },
];
const behindColumns: readonly Column<{ behindMs: number | undefined }>[] = [
  { name: 'behind', value: ({ behindMs }) => behindMs, text: ({ behindMs }) => (behindMs === undefined ? '-' : timeSpan(behindMs / 1000)), only: 'table' }, // prettier-ignore
  { name: 'behindMs', value: ({ behindMs }) => behindMs, only: 'data' },
];
const topicColumns = (withTime: boolean): readonly Column<TopicLag>[] => [
  groupColumn,
  { name: 'topic', value: ({ topic }) => topic },
  { name: 'partitions', value: ({ partitions }) => partitions },
  { name: 'lag', value: ({ lag }) => lag },
  ...(withTime ? behindColumns : []),
  { name: 'state', value: ({ state }) => state },
  { name: 'members', value: ({ members }) => members },
];

interface Flags {
  readonly topic?: string;
  readonly partitions?: boolean;
  readonly time?: boolean;
  readonly watch?: boolean;
  readonly every?: number;
  readonly failAbove?: number;
  readonly waitZero?: boolean;
}

/** `tskafka lag`: how far groups have come. PyKafka: print_consumer_lag. Java: kafka-consumer-groups.sh --describe. */
export const lag = command<Flags, [groups: string[]]>({
  arguments: [['[group...]', 'the groups (default: all)']],
  options: [
    { flags: '-t, --topic <topic>', text: 'only this topic' },
    { flags: '--partitions', text: 'show each partition, even for several groups' },
    { flags: '--time', text: 'also show the lag in time: the age of the next message (reads one message of each partition)' },
    { flags: '-w, --watch', text: 'repeat, and show the trend' },
    { flags: '--every <time>', text: 'the interval of --watch and --wait-zero', parse: duration, default: 2000, defaultText: '2s' },
    { flags: '--fail-above <messages>', text: 'exit with code 3 if the total lag is above this', parse: wholeNumber },
    { flags: '--wait-zero', text: 'wait until the lag is zero' },
  ],
  examples: ['tskafka lag', 'tskafka lag billing --time', 'tskafka lag billing --watch', 'tskafka lag billing --fail-above 1000', 'tskafka lag billing --json | jq -s "map(.lag) | add"'], // prettier-ignore
  async run(context, flags, names) {
    const { connect, talk, output, signal } = context;
    const { every = 2000, watch = false, waitZero = false, failAbove } = flags;
    const client = await connect();
    // A slip would be a topic without any lag, for ever.
    if (flags.topic !== undefined) await client.topic(flags.topic).partitions({ signal });
    const trend = new LagTrend();
    for (;;) {
      const { found, described, hasFailed } = await look(client, names, flags, context);
      const measured = found.filter((row) => row.end !== undefined && row.committed !== undefined);
      trend.add({
        atMs: performance.now(),
        lags: new Map(found.flatMap((row) => (row.lag === undefined ? [] : [[nameOf(row), row.lag] as const]))),
        committed: sum(measured, ({ committed }) => committed),
        end: sum(measured, ({ end }) => end),
      });
      const total = totalLag(found);
      const unknown = found.filter(isUnknown);
      const isLeft = waitZero && !hasFailed && (total > 0 || unknown.length > 0);
      if (watch && output.isTerminal) void output.data('\u001b[H\u001b[2J');
      if ((watch || !isLeft) && !(hasFailed && found.length === 0)) await print(found, { client, context, flags, names, trend, described });
      await output.flush();
      const rates = trend.summary();
      if (found.length > 0 && (watch || !isLeft))
        talk(`${total.toLocaleString('en-US')} in all${rates === undefined || !watch ? '' : `, ${rates}`}`);
      if (unknown.length > 0 && !isLeft) await context.fail(withoutEnd(unknown));
      if (failAbove !== undefined && total > failAbove && !watch && !isLeft) context.unmet();
      if (!watch && !isLeft) return;
      await delay(every, undefined, { signal });
    }
  },
});

interface Look {
  readonly found: readonly Behind[];
  /** The groups that were named, or undefined where all are meant. */
  readonly described: ReadonlyMap<string, GroupDescription | Error> | undefined;
  readonly hasFailed: boolean;
}

/** How far the groups are now. What cannot be told of one is said, and the others go on. */
async function look(client: KafkaClient, names: readonly string[], { topic: only, time = false }: Flags, context: Context): Promise<Look> {
  const { fail, signal } = context;
  const errors: Error[] = [];
  const described = names.length === 0 ? undefined : await describeGroups(client, names, { signal });
  let groups: readonly TypedGroup[];
  if (described === undefined) {
    const listing = await listGroups(client, { signal });
    errors.push(...listing.errors.values());
    groups = listing.groups;
  } else {
    groups = [...described.values()].flatMap((group) => (group instanceof Error ? (errors.push(group), []) : group));
  }
  const found = [...(await progressOf(client, groups, signal)).values()].flatMap((told) =>
    told instanceof Error ? (errors.push(told), []) : told,
  );
  for (const error of errors) await fail(error);
  const wanted = found.filter(({ topic }) => only === undefined || topic === only);
  return { found: await withTimes(client, wanted, time, context), described, hasFailed: errors.length > 0 };
}

async function withTimes(client: KafkaClient, found: readonly Progress[], isAsked: boolean, { fail, signal }: Context): Promise<Behind[]> {
  if (!isAsked) return found.map((row) => ({ ...row, behindMs: undefined }));
  const waiting = found.flatMap((row) => (row.committed === undefined || !row.lag ? [] : { ...row, offset: row.committed, row }));
  const times = new Map<Progress, number | undefined>();
  let failure: Error | undefined;
  for (const [{ row }, told] of await listTimestamps(client, waiting, { signal })) {
    if (told instanceof Error) failure ??= told;
    else times.set(row, told);
  }
  if (failure !== undefined) await fail(failure);
  const now = Date.now();
  return found.map((row) => {
    const since = times.get(row);
    return { ...row, behindMs: row.lag === 0 ? 0 : since === undefined ? undefined : Math.max(0, now - since) };
  });
}

function withoutEnd(unknown: readonly Progress[]): Failure {
  const shown = unknown.slice(0, 3).map(partitionName);
  const more = unknown.length > 3 ? ` and ${unknown.length - 3} more` : '';
  return new Failure(`the lag in ${shown.join(', ')}${more} is not known`, {
    code: 'NO_END',
    cause: 'no leader answered with the end of the partition',
    hint: `tskafka topic describe ${unknown[0]!.topic}`,
  });
}

interface Printing {
  readonly client: KafkaClient;
  readonly context: Context;
  readonly flags: Flags;
  readonly names: readonly string[];
  readonly trend: LagTrend;
  readonly described: Look['described'];
}

/** One group partition by partition; several, or all, topic by topic, those that are furthest behind first. */
async function print(found: readonly Behind[], printing: Printing): Promise<void> {
  const { context, flags, names, trend } = printing;
  const isOne = names.length === 1;
  const where = flags.topic === undefined ? '' : ` in ${flags.topic}`;
  if (!isOne && !flags.partitions) {
    const empty = names.length === 0 ? `no group has committed anything${where}` : `${names.join(', ')} have committed nothing${where}`;
    return context.rows(topicColumns(flags.time ?? false), await topicsOf(found, printing), { empty });
  }
  const columns: Column<Behind>[] = [...(isOne ? [] : [groupColumn]), ...progressColumns, ...(flags.time ? behindColumns : [])];
  if (flags.watch) columns.push({ name: 'trend', value: (row) => trend.of(nameOf(row)), only: 'table' });
  await context.rows(columns, isOne ? found : found.toSorted((a, b) => (b.lag ?? 0) - (a.lag ?? 0)), {
    empty: `${names.join(', ')} has committed nothing${where}`,
  });
}

async function topicsOf(found: readonly Behind[], { client, context: { signal }, ...printing }: Printing): Promise<TopicLag[]> {
  const described = printing.described ?? (await describeGroups(client, [...new Set(found.map(({ group }) => group))], { signal }));
  const byTopic = new Map<string, Behind[]>();
  for (const row of found) {
    const name = `${row.group}\0${row.topic}`;
    const rows = byTopic.get(name);
    if (rows === undefined) byTopic.set(name, [row]);
    else rows.push(row);
  }
  const rows = [...byTopic.values()].map((partitions): TopicLag => {
    const { group, topic } = partitions[0]!;
    const told = described.get(group);
    const known = told === undefined || told instanceof Error ? undefined : told;
    const times = partitions.flatMap(({ behindMs }) => behindMs ?? []);
    const behindMs = times.length === 0 ? undefined : Math.max(...times);
    return {
      ...{ group, topic, partitions: partitions.length, lag: totalLag(partitions), behindMs },
      ...{ state: known?.state, members: known?.members.length },
    };
  });
  return rows.sort((a, b) => b.lag - a.lag);
}

function nameOf(row: Progress): string {
  return `${row.group}\0${partitionName(row)}`;
}

function sum<Row>(rows: readonly Row[], valueOf: (row: Row) => number | undefined): number {
  return rows.reduce((total, row) => total + (valueOf(row) ?? 0), 0);
}
