import { callsInFlight, keepOutstanding, type MeasuredProducer, type Measurement, messagesPerCall, valueCount } from './measurement.ts';
import { peer } from './peer.ts';

/** kafkajs: one request for each call, so many messages a call. It brings gzip only. */
export async function startKafkajs(measurement: Measurement): Promise<MeasuredProducer> {
  process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';
  const { Kafka, CompressionTypes } = peer('kafkajs');
  const { broker, topic } = measurement;
  const compression = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP }[measurement.compression as string];
  if (compression === undefined) throw new Error(`kafkajs has no ${measurement.compression}`);
  const producer = new Kafka({ clientId: 'bench', brokers: [broker], logLevel: 1 }).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const step = messagesPerCall(measurement);
  return {
    send: (value) => producer.send({ topic, acks: -1, compression, messages: [{ value }] }),
    sendAll: (count, values) =>
      keepOutstanding(Math.ceil(count / step), callsInFlight, (k) => {
        const length = Math.min(step, count - k * step);
        const messages = Array.from({ length }, (_, i) => ({ value: values[(k * step + i) % valueCount]! }));
        return producer.send({ topic, acks: -1, compression, messages });
      }),
    close: () => producer.disconnect(),
  };
}
