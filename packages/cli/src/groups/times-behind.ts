import type { KafkaClient, TopicPartition } from '@tskafka/core';
import { SimpleConsumer } from '@tskafka/consumer';
import type { Progress } from './group-progress.ts';
import { partitionName } from '../topics/topic-partitions.ts';

interface Place extends TopicPartition {
  readonly offset: number;
}

/**
 * When the first message was written that a group has still to read, in milliseconds since 1970, by `placeName`. Only where something is left; a
 * place behind which no message is visible (markers of transactions alone) has none.
 */
export async function timesBehind(client: KafkaClient, rows: readonly Progress[], signal: AbortSignal): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const round of rounds(rows)) await readFirst(client, round, times, signal);
  return times;
}

/** One place in each partition at a time: groups that stand at different places of one are asked for one after the other. */
function rounds(rows: readonly Progress[]): Place[][] {
  const all: Place[][] = [];
  const next = new Map<string, number>();
  const seen = new Set<string>();
  for (const { topic, partition, committed: offset, lag = 0 } of rows) {
    if (offset === undefined || lag === 0) continue;
    const place = { topic, partition, offset };
    if (seen.has(placeName(place))) continue;
    seen.add(placeName(place));
    const name = partitionName(place);
    const round = next.get(name) ?? 0;
    next.set(name, round + 1);
    (all[round] ??= []).push(place);
  }
  return all;
}

async function readFirst(client: KafkaClient, places: readonly Place[], times: Map<string, number>, signal: AbortSignal): Promise<void> {
  const open = new Map(places.map((place) => [partitionName(place), place]));
  await using consumer = new SimpleConsumer(client, {
    partitions: places,
    autoOffsetReset: 'earliest',
    until: 'latest',
    // A broker gives a batch at least, and one is enough.
    fetchMessageMaxBytes: 1,
  });
  const stop = (): void => void consumer.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await consumer.start();
    await consumer.resetOffsets(places.map(({ topic, partition, offset }) => [{ topic, partition }, offset]));
    for await (const batch of consumer.batches()) {
      const { topic, partition } = batch;
      const place = open.get(partitionName(batch));
      const [first] = batch;
      if (place === undefined || first === undefined) continue;
      times.set(placeName(place), first.timestamp);
      open.delete(partitionName(batch));
      if (open.size === 0) break;
      // It has told what it was asked for; the others need not wait for the rest of it.
      await consumer.resetOffsets([[{ topic, partition }, 'latest']]);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Where a group stands. */
export function placeName(place: Place): string {
  return `${partitionName(place)}@${place.offset}`;
}
