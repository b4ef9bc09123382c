import { describeTopics, type KafkaClient, type PartitionDescription, valuesOf } from '@tskafka/core';
import { noPartition } from './no-partition.ts';
import { isNamed, type TopicPartitions } from './topic-partitions.ts';

export interface NamedPartition extends PartitionDescription {
  readonly topic: string;
}

/** The partitions that were typed, as they are now, in the order of their topics. Throws where there is none of that name or number. */
export async function namedPartitions(
  client: KafkaClient,
  specs: readonly TopicPartitions[],
  signal: AbortSignal,
): Promise<NamedPartition[]> {
  const names = [...new Set(specs.map(({ topic }) => topic))];
  const described = valuesOf(await describeTopics(client, names, { signal }));
  for (const { topic, partitions = [] } of specs) {
    const there = described.get(topic)!.partitions;
    const missing = partitions.find((id) => !there.some(({ partition }) => partition === id));
    if (missing !== undefined) throw noPartition(topic, there.length, missing);
  }
  const all = names.flatMap((topic) => described.get(topic)!.partitions.map((partition) => ({ ...partition, topic })));
  return all.filter((partition) => isNamed(specs, partition));
}
