import {
  alterConfigs,
  alterReplicaLogDirs,
  describeLogDirs,
  describeReplicaLogDirs,
  type LogDir,
  type LogDirReplica,
  valuesOf,
} from '@tskafka/core';
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import { size, wholeNumber } from '../frame/parse.ts';
import type { Column } from '../frame/rows.ts';
import { counted } from '../terminal/counted.ts';
import { sizeText } from '../terminal/size.ts';
import { throttledRates } from '../topics/move-throttles.ts';
import { partitionColumns } from '../topics/partition-columns.ts';
import { parseTopicPartitions } from '../topics/topic-partitions.ts';

interface DirRow {
  readonly broker: number;
  readonly dir: LogDir;
}

interface ReplicaRow extends DirRow {
  readonly replica: LogDirReplica;
}

const brokerColumn: Column<DirRow> = { name: 'broker', value: ({ broker }) => broker, isId: true };
const pathColumn: Column<DirRow> = { name: 'path', value: ({ dir }) => dir.path };
const usedBytes = ({ replicas }: LogDir): number => replicas.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

const dirColumns: readonly Column<DirRow>[] = [
  brokerColumn,
  pathColumn,
  { name: 'replicas', value: ({ dir }) => dir.replicas.length },
  { name: 'size', value: ({ dir }) => usedBytes(dir), text: ({ dir }) => sizeText(usedBytes(dir)), align: 'right' },
  { name: 'free', value: ({ dir }) => dir.usableBytes, text: ({ dir }) => sizeText(dir.usableBytes), align: 'right' },
  { name: 'total', value: ({ dir }) => dir.totalBytes, text: ({ dir }) => sizeText(dir.totalBytes), align: 'right' },
  { name: 'cordoned', value: ({ dir }) => dir.isCordoned },
  { name: 'error', value: ({ dir }) => dir.error?.message },
];

const replicaColumns: readonly Column<ReplicaRow>[] = [
  { name: 'topic', value: ({ replica }) => replica.topic },
  { name: 'partition', value: ({ replica }) => replica.partition, isId: true },
  { name: 'broker', value: ({ broker }) => broker, isId: true },
  { name: 'size', value: ({ replica }) => replica.sizeBytes, text: ({ replica }) => sizeText(replica.sizeBytes), align: 'right' },
  { name: 'lag', value: ({ replica }) => replica.offsetLag },
  { name: 'moving', value: ({ replica }) => replica.isFuture },
  { name: 'path', value: ({ dir }) => dir.path },
];

/** `tskafka log-dirs`: how large what is where. Java: kafka-log-dirs.sh. */
export const logDirs = command<{ broker?: number[] }, [topics: string[]]>({
  arguments: [['[topic...]', 'show each replica of these topics, instead of directories']],
  options: [{ flags: '--broker <id>', text: 'only this broker', parse: wholeNumber, repeat: true }],
  examples: ['tskafka log-dirs', 'tskafka log-dirs orders --broker 1'],
  async run({ connect, rows, told, signal }, { broker }, topics) {
    const client = await connect();
    const brokers = await told(await describeLogDirs(client, broker, { signal }));
    const found = [...brokers].flatMap(([id, dirs]) => dirs.map((dir): DirRow => ({ broker: id, dir })));
    if (topics.length === 0) return rows(dirColumns, found);
    const replicas = found.flatMap((row) =>
      row.dir.replicas.filter(({ topic }) => topics.includes(topic)).map((replica) => ({ ...row, replica })),
    );
    replicas.sort((a, b) => topics.indexOf(a.replica.topic) - topics.indexOf(b.replica.topic) || a.replica.partition - b.replica.partition || a.broker - b.broker); // prettier-ignore
    await rows(replicaColumns, replicas, { empty: `no broker has a replica of ${topics.join(', ')}` });
  },
});

interface Move {
  readonly topic: string;
  readonly partition: number;
  readonly broker: number;
  readonly from: string | undefined;
  readonly path: string;
}

/** `tskafka log-dirs move`: a replica into another directory of its broker. */
export const logDirsMove = command<{ broker?: number; to?: string; throttle?: number; execute?: boolean }, [partitions: string[]]>({
  arguments: [['<topic:partitions...>', 'the replicas: orders:0, orders:0,2, orders:0-3']],
  options: [
    { flags: '--broker <id>', text: 'the broker that holds them', parse: wholeNumber },
    { flags: '--to <path>', text: 'the full path of the directory, as tskafka log-dirs lists it' },
    {
      flags: '--throttle <bytes>',
      text: 'limit the copying to this much a second, such as 10M; reassign verify removes the limit',
      parse: size,
    },
  ],
  changes: true,
  examples: ['tskafka log-dirs move orders:0 --broker 1 --to /disk2/kafka --execute'],
  async run({ connect, change, talk, signal }, { broker, to, throttle, execute }, specs) {
    if (throttle === 0) throw new UsageError('--throttle 0 would never end', '--throttle 10M');
    if (broker === undefined || to === undefined) throw new UsageError('--broker and --to are both needed', '--broker 1 --to /disk2/kafka');
    const wanted = specs.map(parseTopicPartitions).flatMap(({ topic, partitions }) => {
      if (partitions === undefined) throw new UsageError(`which partitions of ${topic}?`, `${topic}:0`);
      return partitions.map((partition) => ({ topic, partition, broker }));
    });
    const client = await connect();
    const places = await describeReplicaLogDirs(client, wanted, { signal });
    const moves = wanted.map((replica): Move => {
      const place = places.get(replica);
      if (place instanceof Error) throw place;
      return { ...replica, from: place?.current?.path, path: to };
    });
    await change<Move>({
      columns: [
        ...partitionColumns,
        { name: 'broker', value: (move) => move.broker, isId: true },
        { name: 'from', value: ({ from }) => from },
        { name: 'to', value: ({ path }) => path },
      ],
      rows: moves.filter(({ from, path }) => from !== path),
      empty: 'all of them are there already',
      would: `move ${counted(moves.length, 'replica')} of broker ${broker}`,
      execute,
      async apply(all) {
        if (throttle !== undefined) {
          const set = { [throttledRates.logDirs]: String(throttle) };
          valuesOf(await alterConfigs(client, [{ type: 'broker', name: String(broker), set }], { signal }));
        }
        const results = await alterReplicaLogDirs(client, all, { signal });
        return all.map((move) => results.get(move));
      },
    });
    if (execute && throttle !== undefined)
      talk(`throttled; when it is over: tskafka reassign verify ${[...new Set(wanted.map(({ topic }) => topic))].join(' ')} --execute`);
  },
});
