import type { KafkaClient } from '@tskafka/core';
import { noPartition } from './no-partition.ts';

/** The partitions of a topic, or those of them that were named. Throws where there is none of that number. */
export async function partitionIds(
  client: KafkaClient,
  topic: string,
  only: readonly number[] | undefined,
  signal: AbortSignal,
): Promise<number[]> {
  const known = (await client.topic(topic).partitions({ signal })).map(({ id }) => id);
  const missing = only?.find((id) => !known.includes(id));
  if (missing !== undefined) throw noPartition(topic, known.length, missing);
  return only === undefined ? known : [...new Set(only)];
}
