import { alterConfigs, createTopics, deleteTopics, type KafkaClient, valuesOf } from '@tskafka/core';
import { Producer, type ProducerOptions } from '@tskafka/producer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clusterOf } from '../../packages/core/src/cluster-symbol.ts';
import { broker } from '../broker.ts';
import { messagesOf, useClient, values } from '../consumer/fixture.ts';
import { proxiedClient } from '../proxied.ts';
import { until } from '../until.ts';

/** A batch that the broker has, whose answer is lost, and a topic that changes before the batch is sent again. */

let past: KafkaClient;
useClient((connected) => (past = connected));

const long = (value: string): string => value.padEnd(100, '.');
const four = values(0, 4).map(long);

async function setup(options: ProducerOptions = {}) {
  const { proxy, client } = await proxiedClient();
  const producer = await Producer.start(client, options);
  onTestFinished(() => producer.close());
  const { name: topic } = await broker.createTopic({ assignments: [[1]] });
  const send = (value: string) => producer.send({ topic, value });
  const log = async (): Promise<string[]> => (await messagesOf(past, topic)).map(({ value }) => String(value));
  await send('first');
  return { proxy, client, producer, topic, send, log };
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

/** Changes the topic's configuration, and waits until its leader goes by it: then this message is refused. */
async function configure(topic: string, set: Record<string, string>, value: string): Promise<void> {
  valuesOf(await alterConfigs(past, [{ type: 'topic', name: topic, set }]));
  await using producer = await Producer.start(past);
  await until('the leader refuses it', () => producer.send({ topic, value }).then(() => false, () => true)); // prettier-ignore
}

describe.each<[what: string, set: Record<string, string>, refused: string]>([
  ['has become too large', { 'max.message.bytes': '350' }, 'x'.repeat(400)],
  ['has records that are not taken any more', { 'cleanup.policy': 'compact' }, 'no key'],
])('a batch that %s since', (_, set, refused) => {
  it('P5: is told as possibly persisted, and is in the log once', async () => {
    const { proxy, producer, topic, log } = await setup();
    const strike = proxy.dropResponse('Produce', { times: Infinity });
    const doubtful = four.map((value, i) => failureOf(producer.send({ topic, key: i === 0 ? null : 'k', value })));
    await until('the broker has it', async () => (await log()).includes(four[3]!));
    await configure(topic, set, refused);
    strike.stop();
    for (const failure of doubtful) expect(await failure).toMatchObject({ persistence: 'possibly persisted' });
    await producer.send({ topic, key: 'k', value: 'next' });
    expect((await log()).filter((value) => value !== refused)).toEqual(['first', ...four, 'next']);
  });
});

it('M8: nothing is sent to a topic that was made anew before what is on its way to the old one has come back', async () => {
  const { proxy, client, topic, send, log } = await setup({ batchBytes: 1 });
  const cluster = clusterOf('test', client);
  const old = cluster.metadata.topic(topic)!.topicId;
  const end = proxy.blackhole('up', 1);
  const sent = [send('a')];
  valuesOf(await deleteTopics(past, [topic]));
  const again = [{ name: topic, assignments: [[1]] }];
  await until('it is made anew', async () => [...(await createTopics(past, again)).values()].every((result) => !(result instanceof Error)));
  await until('the client knows of the new one', async () => {
    await cluster.refresh([topic]);
    const { topicId = old } = cluster.metadata.topic(topic) ?? {};
    return topicId !== old;
  });
  sent.push(...['b', 'c', 'd'].map(send));
  end();
  await Promise.all(sent);
  expect(await log()).toEqual(['a', 'b', 'c', 'd']);
});
