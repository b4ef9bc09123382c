import { KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import type { Compression } from '@tskafka/core/protocol';
import { readBatches } from '@tskafka/core/protocol';
import { Producer } from '@tskafka/producer';
import { broker, type TestTopic } from '../broker.ts';
import { fetchFrom } from '../requests.ts';
import { samples } from './samples.ts';

/** What this library writes and reads, for the other clients to read and write. */

function connect(): Promise<KafkaClient> {
  return KafkaClient.connect({ brokers: broker.bootstrap });
}

/** Sends the samples in one batch. */
export async function writeSamples(topic: TestTopic, compression: Compression): Promise<void> {
  await using client = await connect();
  const producer = await Producer.start(client, { compression, lingerMs: 50 });
  await Promise.all(samples.map((sample) => producer.send({ topic: topic.name, ...sample })));
  await producer.close();
}

export interface ReadMessage {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

/** All messages of the topic. */
export async function readAll(topic: TestTopic): Promise<ReadMessage[]> {
  await using client = await connect();
  await using consumer = await SimpleConsumer.start(client.topic(topic.name), { autoOffsetReset: 'earliest', until: 'latest' });
  const messages: ReadMessage[] = [];
  for await (const { key, value, headers } of consumer) {
    const texts = headers.map(([name, text]) => [name, text?.toString() ?? null] as const);
    messages.push({ key: key?.toString() ?? null, value: value?.toString() ?? null, headers: texts });
  }
  return messages;
}

/** How the first batch of the topic is compressed, as the broker keeps it. */
export async function compressionOf(topic: TestTopic): Promise<Compression> {
  const wire = await broker.leaderWire(topic);
  const { records } = await fetchFrom(wire, 12, topic, 0);
  wire.close();
  return readBatches(records!)[0]!.compression;
}
