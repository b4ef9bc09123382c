import { groupBy } from '../group-by.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { fullPartitionName } from './items.ts';

/** Partitions as Kafka's requests want them: under their topics. */
export function byTopic<Item extends TopicPartition, Partition>(
  items: readonly Item[],
  partitionOf: (item: Item) => Partition,
): { name: string; partitions: Partition[] }[] {
  return [...groupBy(items, ({ topic }) => topic)].map(([name, ofTopic]) => ({ name, partitions: ofTopic.map(partitionOf) }));
}

/** Kafka's answers under their topics as answers by the name of the partition. */
export function byPartition<Partition extends { readonly partitionIndex: number }>(
  topics: readonly { readonly name: string; readonly partitions: readonly Partition[] }[],
): (readonly [name: string, answer: Partition])[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.map((answer) => [fullPartitionName({ topic: name, partition: answer.partitionIndex }), answer] as const),
  );
}
