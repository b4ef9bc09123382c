import { type Isolation, type KafkaClient, listOffsets, type LogPlace, valuesOf } from '@tskafka/core';

/** Where a place is in these partitions of a topic, and in no others: one that has no leader is in nobody's way. */
export async function askOffsets(
  client: KafkaClient,
  topic: string,
  partitions: readonly number[],
  at: LogPlace,
  { isolation, signal }: { readonly isolation: Isolation; readonly signal: AbortSignal },
): Promise<Map<number, number | undefined>> {
  const places = partitions.map((partition) => ({ topic, partition, at }));
  const told = valuesOf(await listOffsets(client, places, { isolation, signal }));
  return new Map([...told].map(([{ partition }, { offset }]) => [partition, offset]));
}
