import { peer } from '../producers/peer.ts';
import type { Read, Reading, Sink } from './reading.ts';

// kafkajs, its partitions at the same time, committing only at the end.

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- its types are not installed here
async function run({ broker, topic, work }: Reading, sink: Sink, handlers: any): Promise<void> {
  const { Kafka } = peer('kafkajs');
  const consumer = new Kafka({ clientId: 'bench', brokers: [broker], logLevel: 1 }).consumer({
    groupId: `bench-${process.pid}-${Date.now()}`,
  });
  consumer.on(consumer.events.GROUP_JOIN, () => sink.start());
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: work !== 'latency' });
  await consumer.run({ autoCommitInterval: 60_000, partitionsConsumedConcurrently: 3, ...handlers });
  await sink.done;
}

export const readEachBatch: Read = (reading, sink) =>
  run(reading, sink, {
    eachBatch: async ({ batch }: { batch: { messages: { value: Buffer }[] } }) => {
      let bytes = 0;
      for (const { value } of batch.messages) bytes += value.length;
      sink.add(batch.messages.length, bytes);
    },
  });

export const readEachMessage: Read = (reading, sink) =>
  run(reading, sink, { eachMessage: async ({ message }: { message: { value: Buffer } }) => sink.add(1, message.value.length) });
