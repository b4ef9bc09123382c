import { describeGroups, groupOffsets, type KafkaClient, listGroups } from '@tskafka/core';
import { setTimeout as delay } from 'node:timers/promises';
import { command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { duration, wholeNumber } from '../frame/parse.ts';
import type { Column } from '../frame/rows.ts';
import { LagTrend } from '../groups/lag-trend.ts';

interface PartitionLag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly end: number;
  readonly lag: number;
}

interface TopicLag {
  readonly group: string;
  readonly topic: string;
  readonly partitions: number;
  readonly lag: number;
  readonly state: string | undefined;
  readonly members: number | undefined;
}

const groupColumn = { name: 'group', value: ({ group }: { group: string }) => group };
const partitionColumns: readonly Column<PartitionLag>[] = [
  { name: 'topic', value: ({ topic }) => topic },
  { name: 'partition', value: ({ partition }) => partition },
  { name: 'committed', value: ({ offset }) => offset },
  { name: 'end', value: ({ end }) => end },
  { name: 'lag', value: ({ lag }) => lag },
];
const topicColumns: readonly Column<TopicLag>[] = [
  groupColumn,
  { name: 'topic', value: ({ topic }) => topic },
  { name: 'partitions', value: ({ partitions }) => partitions },
  { name: 'lag', value: ({ lag }) => lag },
  { name: 'state', value: ({ state }) => state },
  { name: 'members', value: ({ members }) => members },
];

interface Flags {
  readonly topic?: string;
  readonly partitions?: boolean;
  readonly watch?: boolean;
  readonly every?: number;
  readonly failAbove?: number;
  readonly waitZero?: boolean;
}

/** `tskafka lag`: how far groups have come. PyKafka: print_consumer_lag. Java: kafka-consumer-groups.sh --describe. */
export const lag = command<Flags, [groups: string[]]>({
  arguments: [['[group...]', 'the groups; without one all of them']],
  options: [
    { flags: '-t, --topic <topic>', text: 'of this topic only' },
    { flags: '--partitions', text: 'each partition also where there are several groups' },
    { flags: '-w, --watch', text: 'again and again, with the trend' },
    { flags: '--every <time>', text: 'how often, with --watch and --wait-zero', parse: duration, default: 2000, defaultText: '2s' },
    { flags: '--fail-above <messages>', text: 'exit code 3 when the lag of all is above', parse: wholeNumber },
    { flags: '--wait-zero', text: 'wait until nothing is left to read' },
  ],
  examples: ['tskafka lag', 'tskafka lag billing --watch', 'tskafka lag billing --fail-above 1000', 'tskafka lag billing --json | jq -s "map(.lag) | add"'], // prettier-ignore
  async run(context, flags, names) {
    const { connect, talk, output, signal } = context;
    const { every = 2000, watch = false, waitZero = false, failAbove } = flags;
    const client = await connect();
    const trend = new LagTrend();
    for (;;) {
      const groups = names.length > 0 ? names : await groupsOf(client, context);
      const found = (await Promise.all(groups.map((group) => lagsOf(client, group, flags, context)))).flat();
      trend.add({
        atMs: performance.now(),
        lags: new Map(found.map((row) => [nameOf(row), row.lag])),
        committed: sum(found, ({ offset }) => offset),
        end: sum(found, ({ end }) => end),
      });
      const total = sum(found, (row) => row.lag);
      if (watch && output.isTerminal) void output.data('\u001b[H\u001b[2J');
      if (watch || !waitZero || total === 0) await print(found, { client, context, flags, names, trend });
      await output.flush();
      const isLeft = waitZero && total > 0;
      const rates = trend.summary();
      if (found.length > 0 && (watch || !isLeft))
        talk(`${total.toLocaleString('en-US')} in all${rates === undefined || !watch ? '' : `, ${rates}`}`);
      if (failAbove !== undefined && total > failAbove && !watch && !isLeft) context.unmet();
      if (!watch && !isLeft) return;
      await delay(every, undefined, { signal });
    }
  },
});

async function groupsOf(client: KafkaClient, { fail, signal }: Context): Promise<string[]> {
  const { groups, errors } = await listGroups(client, { types: ['classic', 'consumer'], signal });
  for (const error of errors.values()) await fail(error);
  return groups.map(({ group }) => group);
}

async function lagsOf(client: KafkaClient, group: string, { topic: only }: Flags, { signal }: Context): Promise<PartitionLag[]> {
  const all = await groupOffsets(client, group, { signal });
  return all.filter(({ topic }) => only === undefined || topic === only).map((offset) => ({ group, ...offset }));
}

interface Printing {
  readonly client: KafkaClient;
  readonly context: Context;
  readonly flags: Flags;
  readonly names: readonly string[];
  readonly trend: LagTrend;
}

/** One group partition by partition; several, or all, topic by topic, those that are furthest behind first. */
async function print(found: readonly PartitionLag[], { client, context, flags, names, trend }: Printing): Promise<void> {
  const isOne = names.length === 1;
  if (!isOne && !flags.partitions) {
    const empty = names.length === 0 ? 'no group has committed anything' : `${names.join(', ')} have committed nothing`;
    return context.rows(topicColumns, await topicsOf(client, found, context), { empty });
  }
  const columns: Column<PartitionLag>[] = [...(isOne ? [] : [groupColumn]), ...partitionColumns];
  if (flags.watch) columns.push({ name: 'trend', value: (row) => trend.of(nameOf(row)), only: 'table' });
  await context.rows(columns, isOne ? found : found.toSorted((a, b) => b.lag - a.lag), {
    empty: `${names.join(', ')} has committed nothing`,
  });
}

async function topicsOf(client: KafkaClient, found: readonly PartitionLag[], { signal }: Context): Promise<TopicLag[]> {
  const described = await describeGroups(client, [...new Set(found.map(({ group }) => group))], { signal });
  const byTopic = new Map<string, PartitionLag[]>();
  for (const row of found) {
    const name = `${row.group}\0${row.topic}`;
    byTopic.set(name, [...(byTopic.get(name) ?? []), row]);
  }
  const rows = [...byTopic.values()].map((partitions): TopicLag => {
    const { group, topic } = partitions[0]!;
    const told = described.get(group);
    const known = told === undefined || told instanceof Error ? undefined : told;
    const behind = sum(partitions, (row) => row.lag);
    return { group, topic, partitions: partitions.length, lag: behind, state: known?.state, members: known?.members.length };
  });
  return rows.sort((a, b) => b.lag - a.lag);
}

function nameOf({ group, topic, partition }: PartitionLag): string {
  return `${group}\0${topic}/${partition}`;
}

function sum<Row>(rows: readonly Row[], valueOf: (row: Row) => number): number {
  return rows.reduce((total, row) => total + valueOf(row), 0);
}
