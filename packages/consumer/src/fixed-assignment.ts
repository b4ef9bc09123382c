import type { KafkaClient, Topic, TopicPartition } from '@tskafka/core';
import { type Cluster, clusterOf, partitionName, shown } from '@tskafka/core/internal';
import { isIterable } from './consumer-partitions.ts';
import type { SimpleConsumerOptions } from './options.ts';
import { topicNames } from './topic-names.ts';

/** The partitions that a simple consumer reads: it keeps them, whoever else reads them too. */
export class FixedAssignment {
  readonly cluster: Cluster;
  readonly #topics: readonly string[];
  readonly #chosen: readonly TopicPartition[] | undefined;

  /** Throws TypeError when it is not clear which topics are meant. */
  constructor(source: Topic | KafkaClient, { topics, partitions }: SimpleConsumerOptions<unknown, unknown>) {
    this.cluster = clusterOf('a consumer', source);
    const only = 'name' in source ? source.name : undefined;
    if (only !== undefined && topics !== undefined)
      throw new TypeError(`topics is for consumers that are started from a client, not from '${only}'`);
    if ((topics as unknown) instanceof RegExp) throw new TypeError('a SimpleConsumer takes no pattern; use BalancedConsumer');
    const named = topics === undefined ? (only === undefined ? [] : [only]) : topicNames(topics);
    if (partitions !== undefined && !isIterable(partitions))
      throw new TypeError(`partitions must be a list, such as [0, 1], not ${shown(partitions)}`);
    const chosen = partitions && [...partitions].map((entry) => partitionOf(entry, named));
    this.#chosen = chosen && [...new Map(chosen.map((entry) => [partitionName(entry), entry])).values()];
    if (this.#chosen?.length === 0) throw new TypeError('partitions must not be empty');
    this.#topics = [...new Set(this.#chosen?.map(({ topic }) => topic) ?? named)];
    if (this.#topics.length === 0)
      throw new TypeError('a consumer that is started from a client needs topics, or partitions with their topics');
  }

  get topics(): readonly string[] {
    return this.#topics;
  }

  /** All partitions as they are now, or the chosen ones. Rejects with RangeError when one of those does not exist. */
  async partitions(signal?: AbortSignal): Promise<TopicPartition[]> {
    const all = await Promise.all(this.#topics.map((topic) => this.cluster.topic(topic, { signal })));
    if (this.#chosen === undefined) {
      return all.flatMap(({ name, partitions }) =>
        [...partitions.keys()].sort((a, b) => a - b).map((partition) => ({ topic: name, partition })),
      );
    }
    for (const { topic, partition } of this.#chosen) {
      const existing = all.find(({ name }) => name === topic)!.partitions;
      if (!existing.has(partition)) throw new RangeError(`'${topic}' has no partition ${partition}: it has ${existing.size}`);
    }
    return [...this.#chosen];
  }
}

function partitionOf(entry: number | { readonly id: number } | TopicPartition, topics: readonly string[]): TopicPartition {
  if (typeof entry !== 'number' && (typeof entry !== 'object' || (entry as unknown) === null))
    throw new TypeError(`a partition is a number or { topic, partition }, not ${shown(entry)}`);
  const place = typeof entry === 'object' && 'topic' in entry ? entry : undefined;
  const partition = place?.partition ?? (typeof entry === 'object' ? (entry as { readonly id: number }).id : entry);
  if (!Number.isInteger(partition) || partition < 0)
    throw new RangeError(`a partition must be a whole number of at least 0, not ${shown(partition)}`);
  if (place !== undefined && topics.length > 0 && !topics.includes(place.topic))
    throw new TypeError(`partition ${partition} of '${place.topic}' is not in the given topics`);
  if (place === undefined && topics.length !== 1) throw new TypeError('partitions of several topics are given as { topic, partition }');
  return { topic: place?.topic ?? topics[0]!, partition };
}
