import { callsInFlight, keepOutstanding, type MeasuredProducer, type Measurement, messagesPerCall, valueCount } from './measurement.ts';
import { peer } from './peer.ts';

// The two bindings of librdkafka. Its own idempotence is off by default, and stays so.

export const startNodeRdkafka = (measurement: Measurement): Promise<MeasuredProducer> => startCallbacks('node-rdkafka', measurement);
export const startConfluent = (measurement: Measurement): Promise<MeasuredProducer> =>
  startCallbacks('@confluentinc/kafka-javascript', measurement);

const mostQueued = 100_000;
/** So many calls, then the event loop has its turn. */
const burst = 5000;

async function startCallbacks(name: string, { broker, topic, compression, work }: Measurement): Promise<MeasuredProducer> {
  const { Producer } = peer(name);
  const options = { 'client.id': 'bench', acks: -1, 'compression.type': compression, dr_cb: true, 'queue.buffering.max.messages': 200_000 };
  const producer = new Producer({ 'metadata.broker.list': broker, 'linger.ms': work === 'awaited' ? 0 : 5, ...options }, {});
  await new Promise((resolve, reject) => {
    producer.once('ready', resolve);
    producer.connect({}, (error: unknown) => error && reject(error));
  });
  // Confluent's has a thread that polls for reports; the other asks once a millisecond, which is its shortest.
  if (producer.setPollInBackground !== undefined) producer.setPollInBackground(true);
  else producer.setPollInterval(1);
  let told: (error: unknown, place: number) => void = () => {};
  producer.on('delivery-report', (error: unknown, report: { opaque: number }) => told(error, report.opaque));
  const waiting = new Map<number, { resolve: () => void; reject: (error: unknown) => void }>();
  let sent = 0;
  return {
    send(value) {
      told = (error, place) => {
        const { resolve, reject } = waiting.get(place)!;
        waiting.delete(place);
        if (error) reject(error);
        else resolve();
      };
      return new Promise<void>((resolve, reject) => {
        waiting.set(sent, { resolve, reject });
        producer.produce(topic, -1, value, null, null, sent++);
      });
    },
    sendAll: (count, values) =>
      new Promise((resolve, reject) => {
        let started = 0;
        let acknowledged = 0;
        let isScheduled = false;
        const later = (): void => {
          if (isScheduled) return;
          isScheduled = true;
          setImmediate(more);
        };
        told = (error) => {
          if (error) return reject(error);
          if (++acknowledged === count) resolve();
          else if (started < count && started - acknowledged < mostQueued / 2) later();
        };
        const more = (): void => {
          isScheduled = false;
          for (let i = 0; i < burst && started < count && started - acknowledged < mostQueued; i++) {
            producer.produce(topic, -1, values[started++ % valueCount]!, null);
          }
          if (started < count && started - acknowledged < mostQueued) later();
        };
        more();
      }),
    close: () => {
      if (producer.setPollInBackground !== undefined) producer.setPollInBackground(false);
      else producer.setPollInterval(0);
      return new Promise((resolve) => producer.disconnect(resolve));
    },
  };
}

/** Confluent's kafkajs-like interface, which waits linger.ms (5) unless it is told otherwise. */
export async function startConfluentPromises(measurement: Measurement): Promise<MeasuredProducer> {
  const { KafkaJS } = peer('@confluentinc/kafka-javascript');
  const { broker, topic, compression, work } = measurement;
  const kafka = new KafkaJS.Kafka({ kafkaJS: { clientId: 'bench', brokers: [broker], logLevel: KafkaJS.logLevel.NOTHING } });
  const kafkaJS = { acks: -1, ...(compression !== 'none' && { compression }) };
  const producer = kafka.producer({ kafkaJS, 'linger.ms': work === 'awaited' ? 0 : 5, 'queue.buffering.max.messages': 200_000 });
  await producer.connect();
  const step = messagesPerCall(measurement);
  return {
    send: (value) => producer.send({ topic, messages: [{ value }] }),
    sendAll: (count, values) =>
      keepOutstanding(Math.ceil(count / step), callsInFlight, (k) => {
        const length = Math.min(step, count - k * step);
        return producer.send({ topic, messages: Array.from({ length }, (_, i) => ({ value: values[(k * step + i) % valueCount]! })) });
      }),
    close: () => producer.disconnect(),
  };
}
