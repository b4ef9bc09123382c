import { describeConfigs, describeTopics, type KafkaClient, listOffsets, type PartitionDescription, type TopicDescription, valuesOf } from '@tskafka/core'; // prettier-ignore
import { command } from '../frame/command.ts';
import type { Column } from '../frame/rows.ts';
import { matcherOf } from '../terminal/matcher.ts';
import { partitionColumns } from '../topics/partition-columns.ts';
import { type HealthFilter, healthFilters, isWrong } from '../topics/partition-health.ts';

interface Row {
  readonly topic: TopicDescription;
  /** undefined where a partition has no leader that could tell. */
  readonly messages: number | undefined;
}

const columns: readonly Column<Row>[] = [
  { name: 'topic', value: ({ topic }) => topic.name },
  { name: 'partitions', value: ({ topic }) => topic.partitions.length },
  { name: 'replicas', value: ({ topic }) => Math.max(0, ...topic.partitions.map(({ replicas }) => replicas.length)) },
  { name: 'messages', value: ({ messages }) => messages },
  { name: 'id', value: ({ topic }) => topic.id, only: 'data' },
  { name: 'internal', value: ({ topic }) => topic.isInternal, only: 'data' },
];

interface SickPartition extends PartitionDescription {
  readonly topic: string;
  readonly minIsr: number;
}

const sickColumns: readonly Column<SickPartition>[] = [
  ...partitionColumns,
  { name: 'leader', value: ({ leader }) => leader, isId: true },
  { name: 'replicas', value: ({ replicas }) => replicas },
  { name: 'isr', value: ({ isr }) => isr },
  { name: 'minIsr', value: ({ minIsr }) => minIsr },
  { name: 'offline', value: ({ offlineReplicas }) => offlineReplicas },
];

/** `tskafka topics`: what topics there are. PyKafka: print_topics. */
export const topics = command<{ all?: boolean; only?: HealthFilter }, [pattern?: string]>({
  arguments: [['[pattern]', 'only topics whose name matches, such as orders-*']],
  options: [
    { flags: '-a, --all', text: "include Kafka's internal topics" },
    { flags: '--only <what>', text: 'only partitions in this condition, also of internal topics', choices: healthFilters },
  ],
  examples: [
    'tskafka topics -b kafka:9092',
    "tskafka topics 'orders-*'",
    'tskafka topics --only under-replicated',
    'tskafka topics --json | jq -r .topic',
  ],
  async run({ connect, rows, signal }, { all = false, only }, pattern) {
    const client = await connect();
    const matches = matcherOf(pattern);
    const found = [...valuesOf(await describeTopics(client, 'all', { signal })).values()]
      .filter(({ name, isInternal }) => (all || only !== undefined || !isInternal) && matches(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (only !== undefined) {
      const sick = (await withMinIsr(client, found, signal)).filter((partition) => isWrong(only, partition, partition.minIsr));
      return rows(sickColumns, sick, { empty: `no partition is ${only}` });
    }
    const messages = await messagesIn(client, found, signal);
    const empty = pattern === undefined ? 'there are no topics' : `no topic matches ${pattern}`;
    await rows(columns, found.map((topic) => ({ topic, messages: messages.get(topic.name) })), { empty }); // prettier-ignore
  },
});

/** All partitions, with how many of their replicas must be in sync for a write with acks=all. */
async function withMinIsr(client: KafkaClient, topics: readonly TopicDescription[], signal: AbortSignal): Promise<SickPartition[]> {
  const resources = topics.map(({ name }) => ({ type: 'topic', name }) as const);
  const configs = [...valuesOf(await describeConfigs(client, resources, { names: ['min.insync.replicas'], signal })).values()];
  return topics.flatMap(({ name, partitions }, i) => {
    const minIsr = Number(configs[i]!.get('min.insync.replicas')?.value ?? 1);
    return partitions.map((partition) => ({ ...partition, topic: name, minIsr }));
  });
}

/** How many offsets lie between the start and the end of all partitions of each topic: an upper bound where one is compacted. */
async function messagesIn(client: KafkaClient, topics: readonly TopicDescription[], signal: AbortSignal): Promise<Map<string, number>> {
  const led = topics.filter(({ partitions }) => partitions.every(({ leader }) => leader !== undefined));
  const places = led.flatMap(({ name, partitions }) => partitions.map(({ partition }) => ({ topic: name, partition })));
  const ask = (at: 'earliest' | 'latest') =>
    listOffsets(client, places.map((place) => ({ ...place, at })), { isolation: 'read_uncommitted', signal }); // prettier-ignore
  const [first, end] = await Promise.all([ask('earliest'), ask('latest')]);
  const starts = [...first.values()];
  const messages = new Map(led.map(({ name }) => [name, 0]));
  for (const [i, [{ topic }, last]] of [...end].entries()) {
    const start = starts[i]!;
    const known = messages.get(topic);
    if (known === undefined) continue;
    // It may just have been deleted.
    if (start instanceof Error || last instanceof Error) messages.delete(topic);
    else messages.set(topic, known + last.offset! - start.offset!);
  }
  return messages;
}
