import { checkName, checkUuid } from './items.ts';

/** A topic by its id, as Kafka writes it: 22 letters, digits, `-` and `_` (KIP-516). */
export interface TopicId {
  readonly id: string;
}

export function checkTopic(topic: string | TopicId): void {
  if (typeof topic === 'object' && topic !== null) checkUuid("a topic's id", topic.id);
  else checkName("a topic's name", topic);
}

export function topicName(topic: string | TopicId): string {
  return typeof topic === 'string' ? `topic '${topic}'` : `topic with the id ${topic.id}`;
}
