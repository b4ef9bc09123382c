import { alterConfigs, alterPartitionReassignments, type KafkaClient, listPartitionReassignments, type NewReassignment, type PartitionReassignment, valuesOf } from '@tskafka/core'; // prettier-ignore
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import { size, wholeNumber } from '../frame/parse.ts';
import type { Column } from '../frame/rows.ts';
import { counted } from '../terminal/counted.ts';
import { sizeText } from '../terminal/size.ts';
import { moveThrottles } from '../topics/move-throttles.ts';
import { namedPartitions } from '../topics/named-partitions.ts';
import { partitionColumns } from '../topics/partition-columns.ts';
import { parseTopicPartitions } from '../topics/topic-partitions.ts';
import { placeReplicas } from '../topics/place-replicas.ts';

const partitionsArgument = ['<topic[:partitions]...>', 'the partitions: orders, orders:0, orders:0,2, orders:0-3'] as const;

/** `tskafka reassign list`: what is being moved. Java: kafka-reassign-partitions.sh --list. */
export const reassignList = command({
  examples: ['tskafka reassign list', 'tskafka reassign --json'],
  async run({ connect, rows, signal }) {
    const client = await connect();
    const columns: readonly Column<PartitionReassignment>[] = [
      ...partitionColumns,
      { name: 'replicas', value: ({ replicas }) => replicas },
      { name: 'adding', value: ({ adding }) => adding },
      { name: 'removing', value: ({ removing }) => removing },
    ];
    await rows(columns, await listPartitionReassignments(client, undefined, { signal }), { empty: 'nothing is being moved' });
  },
});

interface Row {
  readonly topic: string;
  readonly partition: number;
  /** Who has it, or is getting it already. */
  readonly from: readonly number[];
  readonly to: readonly number[] | null;
}

const columns: readonly Column<Row>[] = [
  ...partitionColumns,
  { name: 'from', value: ({ from }) => from },
  { name: 'to', value: ({ to }) => to },
];

/** `tskafka reassign move`: other brokers, or another number of replicas. */
export const reassignMove = command<{ to?: number[]; replicas?: number; throttle?: number; execute?: boolean }, [specs: string[]]>({
  arguments: [partitionsArgument],
  options: [
    { flags: '--to <ids>', text: 'the brokers to move them to: 1,2,3', parse: brokerIds },
    { flags: '-r, --replicas <number>', text: 'the number of replicas (default: as now)', parse: wholeNumber },
    {
      flags: '--throttle <bytes>',
      text: 'limit each broker to this much a second, such as 10M; reassign verify removes the limit',
      parse: size,
    },
  ],
  changes: true,
  examples: ['tskafka reassign move orders --to 1,2,3', 'tskafka reassign move orders:0 --to 2,3 -r 2 --execute', 'tskafka reassign move orders --to 4,5,6 --throttle 50M --execute'], // prettier-ignore
  notes:
    'Replicas that are on these brokers already stay; the others, and the preferred leaders, are spread evenly. tskafka reassign list shows the progress. A throttle applies to the topics and to all brokers involved, also to other copying of these partitions; run the same command with another throttle to change it.',
  async run({ connect, change, talk, signal }, { to, replicas, throttle, execute }, specs) {
    if (to === undefined) throw new UsageError('--to is missing', '--to 1,2,3');
    if (throttle === 0) throw new UsageError('--throttle 0 would never end', '--throttle 10M');
    const client = await connect();
    const current = await partitionsOf(client, specs, signal);
    const most = Math.max(...current.map(({ from }) => replicas ?? from.length));
    if (replicas === 0) throw new UsageError('-r 0 would leave nothing', '-r 1');
    if (most > to.length)
      throw new UsageError(`${most} replicas do not fit on ${to.length} brokers`, '--to with more brokers, or a smaller -r');
    const placed = placeReplicas(current.map(({ from }) => from), to, replicas); // prettier-ignore
    const rows = current.map((row, i): Row => ({ ...row, to: placed[i]! })).filter((row) => row.from.join() !== row.to?.join());
    const { apply, ...shown } = changeOf(client, rows, signal);
    await change<Row>({
      ...shown,
      empty: 'all of them are there already',
      would: `move ${counted(rows.length, 'partition')}${throttle === undefined ? '' : `, with ${sizeText(throttle)} a second of each broker`}`,
      execute,
      async apply(all) {
        if (throttle !== undefined) await setThrottles(client, all, throttle, signal);
        return apply(all);
      },
    });
    if (execute && throttle !== undefined && rows.length > 0)
      talk(`throttled; when it is over: tskafka reassign verify ${specs.join(' ')} --execute`);
  },
});

/** `tskafka reassign cancel`. */
export const reassignCancel = command<{ execute?: boolean }, [specs: string[]]>({
  arguments: [partitionsArgument],
  changes: true,
  examples: ['tskafka reassign cancel orders --execute'],
  async run({ connect, change, signal }, { execute }, specs) {
    const client = await connect();
    const current = await partitionsOf(client, specs, signal);
    const moving = current.length === 0 ? [] : await listPartitionReassignments(client, current, { signal });
    const rows = moving.map(({ topic, partition, replicas }): Row => ({ topic, partition, from: replicas, to: null }));
    await change<Row>({
      ...changeOf(client, rows, signal),
      empty: 'none of them is being moved',
      would: `cancel the moves of ${counted(rows.length, 'partition')}`,
      execute,
    });
  },
});

function changeOf(client: KafkaClient, rows: readonly Row[], signal: AbortSignal) {
  return {
    columns,
    rows,
    async apply(all: readonly Row[]): Promise<(Error | undefined)[]> {
      const items = all.map(({ topic, partition, to }): NewReassignment => ({ topic, partition, replicas: to }));
      const results = await alterPartitionReassignments(client, items, { signal });
      return items.map((item) => results.get(item));
    },
  };
}

/** Before anything moves: what cannot be throttled is not begun. */
async function setThrottles(client: KafkaClient, rows: readonly Row[], bytesPerSecond: number, signal: AbortSignal): Promise<void> {
  const moving = await listPartitionReassignments(client, rows, { signal });
  const moves = rows.map(({ topic, partition, from, to }) => {
    const before = moving.find((one) => one.topic === topic && one.partition === partition);
    return { topic, partition, from, adding: before?.adding ?? [], to: to ?? [] };
  });
  valuesOf(await alterConfigs(client, moveThrottles(moves, bytesPerSecond), { signal }));
}

/** The partitions that were named, and the brokers that have them. */
async function partitionsOf(client: KafkaClient, specs: readonly string[], signal: AbortSignal): Promise<Omit<Row, 'to'>[]> {
  const named = await namedPartitions(client, specs.map(parseTopicPartitions), signal);
  return named.map(({ topic, partition, replicas: from }) => ({ topic, partition, from }));
}

function brokerIds(text: string, option: string): number[] {
  const ids = text.split(',');
  if (!ids.every((id) => /^\d{1,9}$/.test(id)) || new Set(ids).size < ids.length)
    throw new UsageError(`${option} ${text} is no list of brokers`, 'such as 1,2,3');
  return ids.map(Number);
}
