import type { TopicPartition } from '@tskafka/core';
import { groupBy, partitionName } from '@tskafka/core/internal';

/** Those of `from` that are not in `others`. */
export function without(from: readonly TopicPartition[], others: readonly TopicPartition[]): TopicPartition[] {
  const names = new Set(others.map(partitionName));
  return from.filter((partition) => !names.has(partitionName(partition)));
}

/** Partitions by topic, both in order, as Kafka's messages have them. */
export function topicsOf(partitions: readonly TopicPartition[]): { readonly topic: string; readonly partitions: readonly number[] }[] {
  return [...groupBy(partitions, ({ topic }) => topic)]
    .map(([topic, ofTopic]) => ({ topic, partitions: ofTopic.map(({ partition }) => partition).sort((a, b) => a - b) }))
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));
}
