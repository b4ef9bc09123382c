import { KafkaClient, type Message, SimpleConsumer } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { until } from '../until.ts';

afterAll(() => broker.closeWires());

const connect = (): Promise<KafkaClient> => KafkaClient.connect({ brokers: broker.bootstrap, transport: broker.transport });

const end = 'end';

/** Sends numbers to every partition in turn until `stop` is called, which ends each partition and gives how many were delivered. */
function sendNumbers(producer: Producer, topic: TestTopic, partitions: number): { delivered: () => number; stop: () => Promise<number> } {
  let delivered = 0;
  let running = true;
  onTestFinished(() => void (running = false)); // a test that failed asks for no more
  const sending = (async () => {
    const sends: Promise<unknown>[] = [];
    for (let number = 0; running; number++) {
      const send = producer.send({ topic: topic.name, value: String(number), partition: number % partitions });
      sends.push(send.then(() => delivered++));
      if (number % 50 === 49) await sleep(2);
    }
    await Promise.all(sends);
    for (let partition = 0; partition < partitions; partition++) await producer.send({ topic: topic.name, value: end, partition });
    return delivered;
  })();
  sending.catch(() => {}); // whoever calls stop gets it
  return {
    delivered: () => delivered,
    stop: () => {
      running = false;
      return sending;
    },
  };
}

/** Reads until every partition has ended, and gives the numbers of each in their order. */
async function readNumbers(consumer: SimpleConsumer, partitions: number): Promise<number[][]> {
  const read: number[][] = Array.from({ length: partitions }, () => []);
  for (let ended = 0; ended < partitions;) {
    const { partition, value } = (await consumer.consume()) as Message;
    if (value!.toString() === end) ended++;
    else read[partition]!.push(Number(value));
  }
  return read;
}

describe('traffic', () => {
  it.each([
    [
      'a broker dies and comes back',
      async () => {
        await broker.kill(2);
        await sleep(1000);
        await broker.restart(2);
      },
    ],
    [
      'leaders move',
      async (topic: TestTopic) => {
        for (const node of [2, 3, 1]) await broker.moveLeader(topic, 0, node);
      },
    ],
  ])('goes on while %s: each message arrives once, in order', async (_, fault: (topic: TestTopic) => Promise<void>) => {
    const partitions = 3;
    const topic = await broker.createTopic({ assignments: [[1, 2, 3], [2, 3, 1], [3, 1, 2]] }); // prettier-ignore
    await using client = await connect();
    await using producer = await Producer.start(client);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { autoOffsetReset: 'earliest' });
    const reading = readNumbers(consumer, partitions);

    const numbers = sendNumbers(producer, topic, partitions);
    await until('messages are delivered', () => Promise.resolve(numbers.delivered() > 500));
    await fault(topic);
    const before = numbers.delivered();
    await until('messages are delivered again', () => Promise.resolve(numbers.delivered() > before + 500));
    const count = await numbers.stop();

    const expected = Array.from({ length: partitions }, (_unused, partition) => {
      return Array.from({ length: Math.ceil((count - partition) / partitions) }, (_none, i) => partition + i * partitions);
    });
    expect(await reading).toEqual(expected);
  });
});
