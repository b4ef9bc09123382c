import type { TopicPartition } from '@tskafka/core';
import { groupBy } from '@tskafka/core/internal';

/** A partition as the broker knows it: a topic made anew under the same name is another one. */
export interface SharePartition extends TopicPartition {
  readonly topicId: string;
}

export function keyOf({ topicId, partition }: Pick<SharePartition, 'topicId' | 'partition'>): string {
  return `${topicId}:${partition}`;
}

/** By topic id, as Kafka's messages have them. */
export function byTopicId<T extends Pick<SharePartition, 'topicId'>>(entries: readonly T[]): { topicId: string; entries: readonly T[] }[] {
  return [...groupBy(entries, ({ topicId }) => topicId)].map(([topicId, ofTopic]) => ({ topicId, entries: ofTopic }));
}
