import { describeConfigs, describeTopics, type PartitionDescription, type TopicDescription, valuesOf } from '@tskafka/core';
import { command } from '../frame/command.ts';
import type { Column } from '../frame/rows.ts';

interface Row {
  readonly topic: TopicDescription;
  readonly partition: PartitionDescription;
  readonly begin: number | undefined;
  readonly end: number | undefined;
}

const columns: readonly Column<Row>[] = [
  { name: 'topic', value: ({ topic }) => topic.name },
  { name: 'partition', value: ({ partition }) => partition.partition, isId: true },
  { name: 'leader', value: ({ partition }) => partition.leader, isId: true },
  { name: 'replicas', value: ({ partition }) => partition.replicas },
  { name: 'isr', value: ({ partition }) => partition.isr },
  { name: 'elr', value: ({ partition }) => partition.eligibleLeaderReplicas },
  { name: 'begin', value: ({ begin }) => begin },
  { name: 'end', value: ({ end }) => end },
  { name: 'offline', value: ({ partition }) => partition.offlineReplicas, only: 'data' },
  { name: 'leaderEpoch', value: ({ partition }) => partition.leaderEpoch, only: 'data' },
];

/** `tskafka topic describe`: where the partitions are, and the configurations that are the topic's own. PyKafka: desc_topic. */
export const topicDescribe = command<object, [names: string[]]>({
  arguments: [['<topic...>', 'the topics']],
  examples: ['tskafka topic describe orders', 'tskafka topic orders --json'],
  async run({ connect, rows, talk, told, signal }, _, names) {
    const client = await connect();
    const described = await describeTopics(client, names, { signal });
    const found: Row[] = [];
    for (const topic of (await told(described)).values()) {
      const isLed = topic.partitions.every(({ leader }) => leader !== undefined);
      const offsets = isLed
        ? [client.topic(topic.name).earliestOffsets({ signal }), client.topic(topic.name).latestOffsets({ signal })]
        : [];
      const [begin, end] = await Promise.all(offsets);
      for (const partition of topic.partitions) {
        found.push({ topic, partition, begin: begin?.get(partition.partition), end: end?.get(partition.partition) });
      }
      const resource = { type: 'topic', name: topic.name } as const;
      const configs = valuesOf(await describeConfigs(client, [resource], { signal })).get(resource)!;
      const own = [...configs.values()].filter(({ source }) => source === 'dynamicTopic').map(({ name, value }) => `${name}=${value}`);
      if (own.length > 0) talk(`${topic.name}: ${own.join(', ')}`);
    }
    if (found.length > 0) await rows(columns, found);
  },
});
