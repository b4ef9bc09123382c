/** Copies a topic to another one, exactly once, until it is told to end: the program that is killed. A part of the messages fails at first. */
import { BalancedConsumer, KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CopierPlan, transactionTimeoutMs } from './plan.ts';

const { brokers, input, output, group, membership, transactionalId } = JSON.parse(process.argv[2]!) as CopierPlan;
const logger = { ...console, debug: () => {}, info: () => {} };

await using client = await KafkaClient.connect({ brokers, requestTimeoutMs: 5000, logger });
const reading = { consumerGroup: group, closeTimeoutMs: 20_000 };
await using consumer =
  membership === 'none'
    ? await SimpleConsumer.start(client.topic(input), reading)
    : await BalancedConsumer.start(client.topic(input), {
        ...reading,
        groupProtocol: membership,
        ...(membership === 'classic' && { sessionTimeoutMs: 6000, heartbeatIntervalMs: 1000 }),
      });
process.once('SIGTERM', () => void consumer.close());

await consumer.process(
  async ({ partition, value }, transaction, { attempt }) => {
    void transaction.send({ topic: output, partition, value });
    if (Math.random() < 0.02) await sleep(Math.random() * 20);
    if (attempt === 1 && Math.random() < 0.001) throw new Error('as it happens');
  },
  {
    producer: () => Producer.start(client, { transactionalId, transactionTimeoutMs }),
    retry: { attempts: 20, initialMs: 10, maxMs: 100 },
    maxMessages: 200,
  },
);
