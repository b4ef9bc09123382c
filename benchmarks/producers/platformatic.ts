import { callsInFlight, keepOutstanding, type MeasuredProducer, type Measurement, messagesPerCall, valueCount } from './measurement.ts';
import { peer } from './peer.ts';

/** @platformatic/kafka, by calls of many messages. */
export async function startSend(measurement: Measurement): Promise<MeasuredProducer> {
  const { topic, compression } = measurement;
  const producer = await connect(measurement);
  const step = messagesPerCall(measurement);
  return {
    send: (value) => producer.send({ messages: [{ topic, value }], acks: -1, compression }),
    sendAll: (count, values) =>
      keepOutstanding(Math.ceil(count / step), callsInFlight, (k) => {
        const length = Math.min(step, count - k * step);
        const messages = Array.from({ length }, (_, i) => ({ topic, value: values[(k * step + i) % valueCount]! }));
        return producer.send({ messages, acks: -1, compression });
      }),
    close: () => producer.close(true),
  };
}

/** @platformatic/kafka, by its stream. It has one batch in flight, so they are larger. */
export async function startStream(measurement: Measurement): Promise<MeasuredProducer> {
  const { topic, compression } = measurement;
  const producer = await connect(measurement);
  const batchSize = messagesPerCall(measurement) * 3;
  const stream = producer.asStream({ acks: -1, compression, batchSize, batchTime: 5, highWaterMark: batchSize * 2, reportMode: 'message' });
  const waiting: (() => void)[] = [];
  let head = 0;
  stream.on('delivery-report', () => {
    waiting[head++]!();
    if (head > 65536) head = waiting.splice(0, head).length * 0;
  });
  return {
    send: (value) =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        stream.write({ topic, value });
      }),
    async sendAll(count, values) {
      stream.removeAllListeners('delivery-report');
      let left = count;
      const all = new Promise<void>((resolve) => {
        stream.on('flush', (flushed: { count: number }) => {
          left -= flushed.count;
          if (left === 0) resolve();
        });
      });
      for (let i = 0; i < count; i++) {
        if (!stream.write({ topic, value: values[i % valueCount]! })) await new Promise((resolve) => stream.once('drain', resolve));
      }
      await all;
    },
    close: () => producer.close(true),
  };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- its types are not installed here
async function connect({ broker, topic }: Measurement): Promise<any> {
  const { Producer } = peer('@platformatic/kafka');
  const producer = new Producer({ clientId: 'bench', bootstrapBrokers: [broker] });
  await producer.metadata({ topics: [topic] });
  return producer;
}
