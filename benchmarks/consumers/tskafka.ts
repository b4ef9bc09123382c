import { KafkaClient, SimpleConsumer } from '../../packages/consumer/src/index.ts';
import type { Read, Reading, Sink } from './reading.ts';

// Ours, with default options.

async function read({ broker, topic, work }: Reading, sink: Sink, all: (consumer: SimpleConsumer) => Promise<void>): Promise<void> {
  await using client = await KafkaClient.connect({ brokers: broker });
  await using consumer = await SimpleConsumer.start(
    client.topic(topic),
    work === 'latency' ? { autoOffsetReset: 'latest' } : { until: 'latest' },
  );
  sink.start();
  await all(consumer);
}

export const readBatches: Read = (reading, sink) =>
  read(reading, sink, async (consumer) => {
    for await (const batch of consumer.batches()) {
      let bytes = 0;
      for (const { value } of batch) bytes += value!.length;
      sink.add(batch.count, bytes);
    }
  });

export const readMessages: Read = (reading, sink) =>
  read(reading, sink, async (consumer) => {
    for await (const { value } of consumer) sink.add(1, value!.length);
  });

export const readRun: Read = (reading, sink) => read(reading, sink, (consumer) => consumer.run(({ value }) => sink.add(1, value!.length)));
