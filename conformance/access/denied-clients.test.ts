import { BalancedConsumer, KafkaClient } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { expect, it, onTestFinished } from 'vitest';
import { broker } from '../broker.ts';
import { messagesOf, useClient } from '../consumer/fixture.ts';
import { unsignedToken } from '../login.ts';
import { until } from '../until.ts';
import { type AclSpec, grant, revoke } from './fixture.ts';

/** What a client makes of it when it may not do what it is told to, or may no longer. */

let past: KafkaClient;
useClient((connected) => (past = connected));

async function connectAs(user: string): Promise<KafkaClient> {
  const brokers = (await broker.withSasl()).map(({ host, port }) => `${host}:${port}`);
  const sasl = { mechanism: 'oauthbearer', oauthBearerProvider: () => ({ value: unsignedToken(user) }) } as const;
  const client = await KafkaClient.connect({ brokers, sasl });
  onTestFinished(() => client.close());
  return client;
}

/** Takes a right away until it is given back, or the test ends. */
async function deny(spec: AclSpec): Promise<() => Promise<void>> {
  const everybody: AclSpec = { ...spec, principal: 'User:*' };
  const denied: AclSpec = { ...spec, permission: 'deny' };
  await grant(everybody, denied);
  onTestFinished(() => revoke(everybody, denied));
  return () => revoke(denied);
}

it('P18: a topic that may no longer be written rejects its messages, the others flow, and it is written again when it may', async () => {
  const user = broker.freshName('user');
  const [mine, other] = [await broker.createTopic(), await broker.createTopic()];
  await using producer = await Producer.start(await connectAs(user));
  const send = (topic: string, value: string) => producer.send({ topic, value });
  await Promise.all([send(mine.name, 'before'), send(other.name, 'before')]);
  const allow = await deny({ name: mine.name, principal: `User:${user}`, operation: 'write' });
  const [refused, flowing] = await Promise.allSettled([send(mine.name, 'refused'), send(other.name, 'meanwhile')]);
  expect(refused).toMatchObject({ reason: { errorName: 'TOPIC_AUTHORIZATION_FAILED', persistence: 'not persisted' } });
  expect(flowing.status).toBe('fulfilled');
  await allow();
  await send(mine.name, 'after');
  const values = async (topic: string) => (await messagesOf(past, topic)).map(({ value }) => String(value));
  expect([await values(mine.name), await values(other.name)]).toEqual([['before', 'after'], ['before', 'meanwhile']]); // prettier-ignore
});

it.each(['classic', 'consumer'] as const)(
  'G14: a group that may not be joined is an error at once, and is joined when it may: %s',
  async (groupProtocol) => {
    const [user, consumerGroup] = [broker.freshName('user'), broker.freshName('group')];
    const topic = await broker.createTopic();
    const client = await connectAs(user);
    const allow = await deny({ type: 'group', name: consumerGroup, principal: `User:${user}`, operation: 'read' });
    const join = () => BalancedConsumer.start(client.topic(topic.name), { consumerGroup, groupProtocol });
    await expect(join()).rejects.toMatchObject({ errorName: 'GROUP_AUTHORIZATION_FAILED', retriable: false });
    await allow();
    await using consumer = await join();
    await until('it has its partition', () => Promise.resolve(consumer.assignment.length === 1));
  },
);

it.each(['classic', 'consumer'] as const)(
  'K8: a topic that a running member may not see is an error, and neither ends it nor keeps the other from being read: %s',
  async (groupProtocol) => {
    const user = broker.freshName('user');
    const [mine, other] = [await broker.createTopic(), await broker.createTopic()];
    const client = await connectAs(user);
    const options = { consumerGroup: broker.freshName('group'), topics: [mine.name], groupProtocol };
    await using consumer = await BalancedConsumer.start(client, options);
    const allow = await deny({ name: other.name, principal: `User:${user}`, operation: 'all' });
    consumer.subscribe([mine.name, other.name]);
    const reading = consumer.consume();
    reading.catch(() => {});
    if (groupProtocol === 'consumer') await expect(reading).rejects.toMatchObject({ errorName: 'TOPIC_AUTHORIZATION_FAILED' });
    await using producer = await Producer.start(past);
    await producer.send({ topic: mine.name, value: 'x' });
    if ((await reading.catch(() => undefined)) === undefined) await isReadFrom(consumer, mine.name);
    await allow();
    await producer.send({ topic: other.name, value: 'x' });
    await isReadFrom(consumer, other.name);
  },
);

/** Resolves when something of the topic was read, whatever comes before it, and whatever the reader is told. */
async function isReadFrom(consumer: BalancedConsumer, topic: string): Promise<void> {
  await until(`${topic} is read`, async () => (await consumer.consume().catch(() => undefined))?.topic === topic);
}
