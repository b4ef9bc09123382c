import {
  alterConfigs,
  type ConfigResource,
  describeCluster,
  describeConfigs,
  describeLogDirs,
  type KafkaClient,
  listPartitionReassignments,
  type TopicPartition,
  valuesOf,
} from '@tskafka/core';
import { command } from '../frame/command.ts';
import type { Column } from '../frame/rows.ts';
import { throttledRates, throttledReplicas } from '../topics/move-throttles.ts';
import { partitionColumns } from '../topics/partition-columns.ts';
import { isNamed, parseTopicPartitions, type TopicPartitions } from '../topics/topic-partitions.ts';

/** A move that goes on: to other brokers, or to another directory of one. */
interface Move extends TopicPartition {
  readonly brokers: readonly number[];
  readonly what: 'brokers' | 'directory';
}

/** A throttle that is still set. */
interface Throttle {
  readonly resource: ConfigResource;
  readonly name: string;
  readonly value: string;
}

const moveColumns: readonly Column<Move>[] = [
  ...partitionColumns,
  { name: 'moving', value: ({ what }) => what },
  { name: 'to', value: ({ brokers }) => brokers },
];

/** `tskafka reassign verify`. Java: kafka-reassign-partitions.sh --verify. */
export const reassignVerify = command<{ execute?: boolean }, [specs: string[]]>({
  arguments: [['<topic[:partitions]...>', 'the moved partitions: orders, orders:0, orders:0,2, orders:0-3']],
  changes: true,
  examples: ['tskafka reassign verify orders', 'tskafka reassign verify orders --execute'],
  notes:
    'While partitions are moving, it lists them and exits with code 3. Afterwards it shows the throttles that remain, and removes them with --execute: those of these topics, and those of all brokers unless something else is moving.',
  async run({ connect, rows, change, talk, unmet, signal }, { execute }, specs) {
    const wanted = specs.map(parseTopicPartitions);
    const client = await connect();
    const all = [...(await movesOf(client, signal)), ...(await moveOfDirs(client, signal))];
    const moving = all.filter((move) => isNamed(wanted, move));
    if (moving.length > 0) {
      await rows(moveColumns, moving);
      talk(`${moving.length === 1 ? 'one of them is' : `${moving.length} of them are`} still being moved`);
      return unmet();
    }
    if (all.length > 0) talk('something else is being moved, so the throttles of brokers stay');
    await change<Throttle>({
      columns: [
        { name: 'resource', value: ({ resource: { type } }) => type },
        { name: 'of', value: ({ resource: { name } }) => name },
        { name: 'throttle', value: ({ name }) => name },
        { name: 'value', value: ({ value }) => value },
      ],
      rows: await throttlesOf(client, wanted, all.length === 0, signal),
      empty: 'none of them is being moved, and nothing is throttled',
      would: 'remove these throttles',
      execute,
      async apply(throttles) {
        const resources = [...new Set(throttles.map(({ resource }) => resource))];
        const changes = resources.map((resource) => ({
          ...resource,
          delete: throttles.filter((throttle) => throttle.resource === resource).map(({ name }) => name),
        }));
        const results = await alterConfigs(client, changes, { signal });
        return throttles.map(({ resource }) => results.get(changes[resources.indexOf(resource)]!));
      },
    });
  },
});

async function movesOf(client: KafkaClient, signal: AbortSignal): Promise<Move[]> {
  const moves = await listPartitionReassignments(client, undefined, { signal });
  return moves.map(({ topic, partition, replicas, removing }) => {
    return { topic, partition, brokers: replicas.filter((id) => !removing.includes(id)), what: 'brokers' };
  });
}

async function moveOfDirs(client: KafkaClient, signal: AbortSignal): Promise<Move[]> {
  const brokers = valuesOf(await describeLogDirs(client, undefined, { signal }));
  return [...brokers].flatMap(([id, dirs]) =>
    dirs.flatMap(({ replicas }) =>
      replicas
        .filter(({ isFuture }) => isFuture)
        .map(({ topic, partition }): Move => ({ topic, partition, brokers: [id], what: 'directory' })),
    ),
  );
}

/** What is set of throttles, and not only configured in a broker's own file. */
async function throttlesOf(
  client: KafkaClient,
  wanted: readonly TopicPartitions[],
  withBrokers: boolean,
  signal: AbortSignal,
): Promise<Throttle[]> {
  const topics = [...new Set(wanted.map(({ topic }) => topic))].map((name): ConfigResource => ({ type: 'topic', name }));
  const brokers = withBrokers ? (await describeCluster(client, { signal })).brokers : [];
  const ofBrokers = brokers.map(({ id }): ConfigResource => ({ type: 'broker', name: String(id) }));
  const names = [...Object.values(throttledReplicas), ...Object.values(throttledRates)];
  const described = valuesOf(await describeConfigs(client, [...topics, ...ofBrokers], { names, signal }));
  return [...described].flatMap(([resource, entries]) =>
    [...entries.values()]
      .filter(({ source, value }) => (source === 'dynamicTopic' || source === 'dynamicBroker') && value !== null && value !== '')
      .map(({ name, value }): Throttle => ({ resource, name, value: value! }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
}
