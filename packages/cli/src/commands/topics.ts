import { describeTopics, type KafkaClient, KafkaError, type TopicDescription, valuesOf } from '@tskafka/core';
import { command } from '../frame/command.ts';
import type { Column } from '../frame/rows.ts';
import { matcherOf } from '../terminal/matcher.ts';

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

/** `tskafka topics`: what topics there are. PyKafka: print_topics. */
export const topics = command<{ all?: boolean }, [pattern?: string]>({
  arguments: [['[pattern]', 'only topics whose name matches, such as orders-*']],
  options: [{ flags: '-a, --all', text: "with Kafka's internal topics" }],
  examples: ['tskafka topics -b kafka:9092', "tskafka topics 'orders-*'", 'tskafka topics --json | jq -r .topic'],
  async run({ connect, rows, signal }, { all = false }, pattern) {
    const client = await connect();
    const matches = matcherOf(pattern);
    const found = [...valuesOf(await describeTopics(client, 'all', { signal })).values()]
      .filter(({ name, isInternal }) => (all || !isInternal) && matches(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const counted = found.map(async (topic): Promise<Row> => ({ topic, messages: await messagesIn(client, topic, signal) }));
    const empty = pattern === undefined ? 'there are no topics' : `no topic matches ${pattern}`;
    await rows(columns, await Promise.all(counted), { empty });
  },
});

/** How many offsets lie between the start and the end of all partitions: an upper bound where a topic is compacted. */
async function messagesIn(client: KafkaClient, { name, partitions }: TopicDescription, signal: AbortSignal): Promise<number | undefined> {
  if (partitions.some(({ leader }) => leader === undefined)) return undefined;
  const topic = client.topic(name);
  try {
    const [first, end] = await Promise.all([topic.earliestOffsets({ signal }), topic.latestOffsets({ signal })]);
    return [...end].reduce((sum, [partition, offset]) => sum + offset - (first.get(partition) ?? 0), 0);
  } catch (error) {
    if (error instanceof KafkaError && !signal.aborted) return undefined; // it may just have been deleted
    throw error;
  }
}
