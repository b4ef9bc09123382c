import type { Decoded, ProduceRequest, ProduceResponse } from '@tskafka/core/protocol';
import type { ProducerBatch } from './producer-batch.ts';

/** The broker's word on one partition. */
export type PartitionAnswer = Decoded<ProduceResponse>['responses'][number]['partitionResponses'][number];

interface TopicToSend {
  readonly name: string;
  readonly topicId: string | undefined;
  readonly partitionData: { index: number; records: Buffer }[];
}

export interface RequestOptions {
  readonly transactionalId: string | null;
  readonly acks: -1 | 0 | 1;
  /** How long the broker may wait for the replicas. */
  readonly ackTimeoutMs: number;
}

/** One request with these batches, which are finished here. The topics' ids are as they are known now. */
export function produceRequest(
  batches: readonly ProducerBatch[],
  topicIdOf: (topic: string) => string | undefined,
  { transactionalId, acks, ackTimeoutMs }: RequestOptions,
): ProduceRequest & { readonly topicData: readonly TopicToSend[] } {
  const topics = new Map<string, TopicToSend>();
  for (const batch of batches) {
    const { topic: name, partition: index } = batch.queue;
    let topic = topics.get(name);
    if (topic === undefined) {
      topic = { name, topicId: topicIdOf(name), partitionData: [] };
      topics.set(name, topic);
    }
    topic.partitionData.push({ index, records: batch.finish() });
  }
  return { transactionalId, acks, timeoutMs: ackTimeoutMs, topicData: [...topics.values()] };
}

/** Finds the answer to a batch. From version 13 on, topics are named by their ids only (KIP-516). */
export function answersTo(
  topics: readonly TopicToSend[],
  response: Decoded<ProduceResponse>,
): (batch: ProducerBatch) => PartitionAnswer | undefined {
  const names = new Map(topics.map(({ name, topicId }) => [topicId, name]));
  const answers = new Map<string, Map<number, PartitionAnswer>>();
  for (const { name, topicId, partitionResponses } of response.responses) {
    const topic = name !== '' ? name : names.get(topicId);
    if (topic !== undefined) answers.set(topic, new Map(partitionResponses.map((answer) => [answer.index, answer])));
  }
  return ({ queue }) => answers.get(queue.topic)?.get(queue.partition);
}
