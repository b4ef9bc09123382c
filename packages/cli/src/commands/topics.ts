import { command } from '../frame/command.ts';
import type { Column } from '../frame/rows.ts';

interface Row {
  readonly topic: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly messages: number;
}

const columns: readonly Column<Row>[] = [
  { name: 'topic', value: ({ topic }) => topic },
  { name: 'partitions', value: ({ partitions }) => partitions },
  { name: 'replicas', value: ({ replicas }) => replicas },
  { name: 'messages', value: ({ messages }) => messages },
];

/** `tskafka topics`: what topics there are. PyKafka: print_topics. */
export const topics = command<{ all?: boolean }>({
  options: [{ flags: '-a, --all', text: "with Kafka's internal topics" }],
  examples: ['tskafka topics -b kafka:9092', 'tskafka topics --json | jq -r .topic'],
  async run({ connect, rows, signal }, { all = false }) {
    const client = await connect();
    const names = await client.topics({ internal: all, signal });
    const found = names.map(async (name): Promise<Row> => {
      const topic = client.topic(name);
      const [partitions, first, end] = await Promise.all([topic.partitions(), topic.earliestOffsets(), topic.latestOffsets()]);
      let messages = 0;
      for (const [partition, offset] of end) messages += offset - (first.get(partition) ?? 0);
      return { topic: name, partitions: partitions.length, replicas: partitions[0]?.replicas.length ?? 0, messages };
    });
    await rows(columns, await Promise.all(found), { empty: 'there are no topics' });
  },
});
