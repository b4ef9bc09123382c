import { BalancedConsumer, KafkaClient } from '@tskafka/consumer';
import { type Consumer, Kafka, logLevel } from 'kafkajs';
import { expect, it } from 'vitest';
import { until } from '../conformance/until.ts';
import { append, serve, type Served } from './cluster.ts';

/** A member that tells how many partitions it has, and what it read. */
interface Member {
  readonly read: string[];
  owns(): number;
  close(): Promise<unknown>;
}

const options = { consumerGroup: 'mixed', groupProtocol: 'classic', partitionAssignors: ['RoundRobinAssigner'] } as const;

async function ours({ brokers }: Served): Promise<Member> {
  const client = await KafkaClient.connect({ brokers });
  const consumer = await BalancedConsumer.start(client.topic('orders'), { ...options, autoCommitEnable: true, heartbeatIntervalMs: 100 });
  const read: string[] = [];
  const reading = consumer.run(({ value }) => void read.push(String(value)));
  const close = async (): Promise<void> => {
    await consumer.close();
    await reading;
    await client.close();
  };
  return { read, owns: () => consumer.assignment.length, close };
}

async function kafkajs({ brokers }: Served): Promise<Member> {
  const consumer: Consumer = new Kafka({ clientId: 'kafkajs', brokers, logLevel: logLevel.NOTHING }).consumer({
    ...{ groupId: 'mixed', maxWaitTimeInMs: 50, heartbeatInterval: 100 },
  });
  const read: string[] = [];
  let owned = 0;
  consumer.on('consumer.group_join', ({ payload }) => (owned = payload.memberAssignment['orders']?.length ?? 0));
  await consumer.connect();
  await consumer.subscribe({ topic: 'orders', fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void read.push(String(message.value)) });
  return { read, owns: () => owned, close: () => consumer.disconnect() };
}

it.each([
  ['ours', ours, kafkajs],
  ['kafkajs', kafkajs, ours],
])('G18: kafkajs and ours share a group that %s leads, and nothing is missed or read twice', async (_name, leader, follower) => {
  await using served = await serve({ topics: { orders: 4 } });
  const first = await leader(served);
  await owns([first], 4);
  const second = await follower(served);
  await owns([first, second], 2);

  const sent = Array.from({ length: 40 }, (_, i) => String(i));
  for (const [i, value] of sent.entries()) served.cluster.topic('orders').append({ partition: i % 4, value });
  await until('all is read', () => Promise.resolve(first.read.length + second.read.length >= 40));
  expect(byNumber([...first.read, ...second.read])).toEqual(sent);
  expect(first.read.length).toBe(20);

  await second.close();
  await owns([first], 4);
  append(served, 'orders', 'last');
  await until('the last is read', () => Promise.resolve(first.read.length === 21));
  expect(first.read.at(-1)).toBe('last');
  await first.close();
});

const byNumber = (values: readonly string[]): string[] => values.toSorted((a, b) => Number(a) - Number(b));

/** kafkajs tells nobody when it has what. */
function owns(members: readonly Member[], count: number): Promise<void> {
  return until(`each owns ${count} partitions`, () => Promise.resolve(members.every((member) => member.owns() === count)));
}
