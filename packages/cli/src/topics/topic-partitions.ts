import type { TopicPartition } from '@tskafka/core';
import { UsageError } from '../frame/failure.ts';
import { partitions as parsePartitions } from '../frame/parse.ts';

export interface TopicPartitions {
  readonly topic: string;
  /** Undefined for all. */
  readonly partitions: readonly number[] | undefined;
}

/** Partitions as they are typed: `orders` (all), `orders:0`, `orders:0,2`, `orders:0-3`. */
export function parseTopicPartitions(text: string): TopicPartitions {
  const at = text.lastIndexOf(':');
  const topic = at === -1 ? text : text.slice(0, at);
  if (topic === '') throw new UsageError(`${text} names no topic`, 'forms: orders, orders:0, orders:0,2, orders:0-3');
  return { topic, partitions: at === -1 ? undefined : parsePartitions(text.slice(at + 1), `${topic}:`) };
}

/** Whether a partition is one of those that were typed. */
export function isNamed(specs: readonly TopicPartitions[], { topic, partition }: TopicPartition): boolean {
  return specs.some((spec) => spec.topic === topic && (spec.partitions?.includes(partition) ?? true));
}

/** `orders/0`: a partition as messages and the keys of maps have it. */
export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
