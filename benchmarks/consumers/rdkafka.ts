import { peer } from '../producers/peer.ts';
import type { Read } from './reading.ts';

// The two bindings of librdkafka, tuned as served them best: a long queue, and calls for many messages. For the latency their events.

export const readNodeRdkafka: Read = (reading, sink) => read('node-rdkafka', reading, sink);
export const readConfluent: Read = (reading, sink) => read('@confluentinc/kafka-javascript', reading, sink);

const messagesPerCall = 5000;

async function read(name: string, { broker, topic, work }: Parameters<Read>[0], sink: Parameters<Read>[1]): Promise<void> {
  const { KafkaConsumer } = peer(name);
  const isLive = work === 'latency';
  const queue = isLive ? {} : { 'queued.min.messages': 1_000_000, 'fetch.queue.backoff.ms': 5 };
  const group = { 'group.id': `bench-${process.pid}-${Date.now()}`, rebalance_cb: true };
  const consumer = new KafkaConsumer(
    { 'metadata.broker.list': broker, 'client.id': 'bench', ...group, ...queue },
    { 'auto.offset.reset': isLive ? 'latest' : 'earliest' },
  );
  consumer.on('rebalance', () => sink.start());
  await new Promise<void>((resolve, reject) => {
    consumer.once('ready', () => resolve());
    consumer.connect({}, (error: unknown) => error && reject(error as Error));
  });
  consumer.subscribe([topic]);
  if (isLive) {
    consumer.on('data', ({ value }: { value: Buffer }) => sink.add(1, value.length));
    consumer.consume();
  } else {
    consumer.setDefaultConsumeTimeout(200);
    const next = (): void =>
      consumer.consume(messagesPerCall, (error: unknown, messages: { value: Buffer }[] = []) => {
        let bytes = 0;
        for (const { value } of messages) bytes += value.length;
        sink.add(messages.length, bytes);
        if (error) setImmediate(next);
        else next();
      });
    next();
  }
  await sink.done;
}
