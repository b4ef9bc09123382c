import { partitionName } from '@tskafka/core/internal';
import type { Decoded, FetchResponse } from '@tskafka/core/protocol';
import type { Asked } from './fetch-request.ts';

export type FetchedPartition = Decoded<FetchResponse>['responses'][number]['partitions'][number];

export interface Pairs {
  /** Each partition that was asked for, with its part of the answer: the first, should a broker send several. */
  readonly answered: readonly (readonly [Asked, FetchedPartition])[];
  /** What was asked for and is not in the answer. */
  readonly omitted: readonly Asked[];
  /** What nobody asked for. */
  readonly extra: readonly string[];
}

/** Finds out what was answered. `nameOf` tells the topic of an id, for versions that carry only that. */
export function pairUp(asked: readonly Asked[], response: Decoded<FetchResponse>, nameOf: (topicId: string) => string | undefined): Pairs {
  const open = new Map<string, Asked>();
  for (const entry of asked) open.set(entry.queue.name, entry);
  const answered: [Asked, FetchedPartition][] = [];
  const extra: string[] = [];
  for (const { topic, topicId, partitions } of response.responses) {
    const name = topic || nameOf(topicId);
    for (const partition of partitions) {
      const key = partitionName({ topic: name ?? topicId, partition: partition.partitionIndex });
      const entry = open.get(key);
      if (entry === undefined) extra.push(key);
      else answered.push([entry, partition]);
      open.delete(key);
    }
  }
  return { answered, omitted: [...open.values()], extra };
}
