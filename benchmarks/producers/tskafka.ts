import { KafkaClient } from '../../packages/core/src/index.ts';
import { Producer } from '../../packages/producer/src/index.ts';
import { callsInFlight, keepOutstanding, type MeasuredProducer, type Measurement, messagesPerCall, valueCount } from './measurement.ts';

/** Ours, with default options. */
export async function startClient({ broker, compression }: Measurement): Promise<{ client: KafkaClient; producer: Producer }> {
  const client = await KafkaClient.connect({ brokers: broker });
  return { client, producer: await Producer.start(client, { compression }) };
}

/** The path without a promise for each message. */
export async function startProduce(measurement: Measurement): Promise<MeasuredProducer> {
  return start(measurement, async (producer, count, values) => {
    const { topic } = measurement;
    for (let i = 0; i < count; i++) {
      const full = producer.produce({ topic, value: values[i % valueCount]! });
      if (full !== undefined) await full;
    }
    await producer.flush();
  });
}

/** Calls of many messages, as with the peers, and so many at once that five batches are on their way. More take memory, and time to collect it. */
export async function startSendBatch(measurement: Measurement): Promise<MeasuredProducer> {
  return start(measurement, async (producer, count, values) => {
    const { topic } = measurement;
    const step = messagesPerCall(measurement);
    const call = (k: number): Promise<unknown> => {
      const length = Math.min(step, count - k * step);
      return producer.sendBatch(Array.from({ length }, (_, i) => ({ topic, value: values[(k * step + i) % valueCount]! })));
    };
    await keepOutstanding(Math.ceil(count / step), callsInFlight * 4, call);
  });
}

async function start(
  measurement: Measurement,
  sendAll: (producer: Producer, count: number, values: readonly Buffer[]) => Promise<void>,
): Promise<MeasuredProducer> {
  const { client, producer } = await startClient(measurement);
  return {
    send: (value) => producer.send({ topic: measurement.topic, value }),
    sendAll: (count, values) => sendAll(producer, count, values),
    close: async () => {
      await producer.close();
      await client.close();
    },
  };
}
