import { describeTopics, electLeaders, type KafkaClient, valuesOf } from '@tskafka/core';
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import { counted } from '../terminal/counted.ts';
import { type NamedPartition, namedPartitions } from '../topics/named-partitions.ts';
import { partitionColumns } from '../topics/partition-columns.ts';
import { parseTopicPartitions } from '../topics/topic-partitions.ts';

interface Row {
  readonly topic: string;
  readonly partition: number;
  readonly leader: number | undefined;
  readonly to: number | undefined;
}

/** `tskafka elect`: have the first replicas lead again. Java: kafka-leader-election.sh. */
export const elect = command<{ unclean?: boolean; execute?: boolean }, [specs: string[]]>({
  arguments: [['[topic[:partitions]...]', 'which: orders, orders:0, orders:0-3 (default: all)']],
  options: [{ flags: '--unclean', text: 'if a partition has no leader, elect one that may have lost messages' }],
  changes: true,
  examples: ['tskafka elect', 'tskafka elect orders --execute', 'tskafka elect orders:0 --unclean --execute'],
  async run({ connect, change, signal }, { unclean = false, execute }, specs) {
    const wanted = specs.map(parseTopicPartitions);
    if (unclean && wanted.length === 0) throw new UsageError('--unclean needs the names of partitions', 'tskafka elect orders:0 --unclean');
    const client = await connect();
    const found = wanted.length === 0 ? await allPartitions(client, signal) : await namedPartitions(client, wanted, signal);
    const rows = found
      .filter(({ leader, replicas }) => (unclean ? leader === undefined : leader !== replicas[0]))
      .map(({ topic, partition, leader, replicas }): Row => ({ topic, partition, leader, to: unclean ? undefined : replicas[0] }));
    await change<Row>({
      columns: [
        ...partitionColumns,
        { name: 'leader', value: ({ leader }) => leader, isId: true },
        { name: 'to', value: ({ to }) => to, text: ({ to }) => String(to ?? 'one that is there') },
      ],
      rows,
      empty: unclean ? 'all of them have a leader' : 'the preferred replica already leads all of them',
      would: `elect the leader of ${counted(rows.length, 'partition')}`,
      execute,
      async apply(all) {
        const items = all.map(({ topic, partition }) => ({ topic, partition }));
        const results = await electLeaders(client, unclean ? 'unclean' : 'preferred', items, { signal });
        return items.map((item) => {
          const result = results.get(item);
          return result instanceof Error ? result : undefined;
        });
      },
    });
  },
});

async function allPartitions(client: KafkaClient, signal: AbortSignal): Promise<NamedPartition[]> {
  const topics = valuesOf(await describeTopics(client, 'all', { signal }));
  return [...topics].flatMap(([topic, { partitions }]) => partitions.map((partition) => ({ ...partition, topic })));
}
