import { describeTopics, type KafkaClient, listOffsets, type TopicDescription, valuesOf } from '@tskafka/core';
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
    const messages = await messagesIn(client, found, signal);
    const empty = pattern === undefined ? 'there are no topics' : `no topic matches ${pattern}`;
    await rows(columns, found.map((topic) => ({ topic, messages: messages.get(topic.name) })), { empty }); // prettier-ignore
  },
});

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
