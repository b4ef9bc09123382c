import { BalancedConsumer, BrokerError, type KafkaClient, KafkaError, SimpleConsumer } from '@tskafka/consumer';
import { Producer, ProducerFencedError, type ProducerOptions } from '@tskafka/producer';
import { describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { connect, stored, useClient } from '../consumer/fixture.ts';
import { visibleOffset } from '../transactions/transactional-producer.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

async function valuesOf({ name }: TestTopic, isolation: 'read_committed' | 'read_uncommitted' = 'read_committed'): Promise<string[]> {
  await using consumer = await SimpleConsumer.start(client.topic(name), { until: 'latest', isolation });
  const values: string[] = [];
  for await (const { value } of consumer) values.push(String(value));
  return values;
}

/** A coordinator answers before it has told every partition: what is committed is seen a little later. */
const expectCommitted = (topic: TestTopic, values: readonly string[]) =>
  expect.poll(async () => (await valuesOf(topic)).sort()).toEqual(values);

const start = (options: ProducerOptions = {}): Promise<Producer> =>
  Producer.start(client, { transactionalId: broker.freshName('transactional'), ...options });

describe('transactions', () => {
  it('show what they wrote when they are committed, and not before', async () => {
    const [one, two] = [await broker.createTopic({ partitions: 2 }), await broker.createTopic()];
    await using producer = await start();
    await using transaction = await producer.transaction();
    await transaction.sendBatch([
      { topic: one.name, partition: 0, value: 'a' },
      { topic: one.name, partition: 1, value: 'b' },
    ]);
    const { offset } = await transaction.send({ topic: two.name, value: 'c' });
    expect(offset).toBe(0);
    expect(await valuesOf(one)).toEqual([]);
    expect((await valuesOf(one, 'read_uncommitted')).sort()).toEqual(['a', 'b']);
    await transaction.commit();
    await expectCommitted(one, ['a', 'b']);
    await expectCommitted(two, ['c']);
  });

  it('follow one another, each for itself', async () => {
    const topic = await broker.createTopic();
    await using producer = await start();
    for (let i = 0; i < 6; i++) {
      await using transaction = await producer.transaction();
      const sent = [0, 1].map((n) => transaction.send({ topic: topic.name, value: `${i}.${n}` }));
      if (i % 2 === 0) await transaction.commit();
      else await transaction.abort();
      await Promise.allSettled(sent);
    }
    await expectCommitted(topic, ['0.0', '0.1', '2.0', '2.1', '4.0', '4.1']);
  });

  it('are aborted at the end of a block that an error leaves', async () => {
    const topic = await broker.createTopic();
    await using producer = await start();
    const work = async (): Promise<void> => {
      await using transaction = await producer.transaction();
      await transaction.send({ topic: topic.name, value: 'half' });
      throw new Error('no more');
    };
    await expect(work()).rejects.toThrow('no more');
    expect(await valuesOf(topic)).toEqual([]);
    expect(await valuesOf(topic, 'read_uncommitted')).toEqual(['half']);
    await using next = await producer.transaction();
    await next.send({ topic: topic.name, value: 'whole' });
    await next.commit();
    await expectCommitted(topic, ['whole']);
  });

  it('that another producer has fenced say so: the end of the block hides nothing', async () => {
    const topic = await broker.createTopic();
    const transactionalId = broker.freshName('transactional');
    await using producer = await start({ transactionalId });
    const work = async (): Promise<void> => {
      await using transaction = await producer.transaction();
      await transaction.send({ topic: topic.name, value: 'old' });
      await using _next = await start({ transactionalId });
      await transaction.send({ topic: topic.name, value: 'late' });
    };
    await expect(work()).rejects.toThrow(KafkaError); // no SuppressedError, of which nobody would know what to do
    await expect(producer.transaction()).rejects.toThrow(ProducerFencedError);
    expect(await valuesOf(topic)).toEqual([]);
  });

  it('cannot be committed when something of it was sent to no topic, whether anybody has looked or not', async () => {
    const topic = await broker.createTopic();
    await using impatient = await connect({ topicTimeoutMs: 200 });
    await using producer = await Producer.start(impatient, { transactionalId: broker.freshName('transactional') });
    const transaction = await producer.transaction();
    await transaction.send({ topic: topic.name, value: 'half' });
    const lost = transaction.send({ topic: broker.freshName('no-such-topic'), value: 'a' }).catch((error: unknown) => error);
    await expect(transaction.commit()).rejects.toThrow(KafkaError);
    expect(await lost).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION', persistence: 'not persisted' });
    await transaction.abort();
    expect(await valuesOf(topic)).toEqual([]);
    await using next = await producer.transaction();
    await next.send({ topic: topic.name, value: 'whole' });
    await next.commit();
    await expectCommitted(topic, ['whole']);
  });

  it.each([undefined, { consumerGroupId: 'billing', topics: [] }])('take no offsets in the form %j', async (offsets) => {
    await using producer = await start();
    await using transaction = await producer.transaction();
    await expect(transaction.sendOffsets(offsets as never)).rejects.toThrow(/^sendOffsets needs a consumer or/);
  });

  it('are aborted when the producer is closed', async () => {
    const topic = await broker.createTopic();
    const producer = await start();
    const transaction = await producer.transaction();
    await transaction.send({ topic: topic.name, value: 'open' });
    await producer.close();
    expect(await valuesOf(topic)).toEqual([]);
    await expect(transaction.commit()).rejects.toThrow(KafkaError);
  });

  it('P27: an abort rejects what is still buffered, and it is never sent', async () => {
    const topic = await broker.createTopic();
    await using producer = await start({ lingerMs: 60_000 });
    const transaction = await producer.transaction();
    const sent = transaction.send({ topic: topic.name, value: 'buffered' });
    const told = expect(sent).rejects.toMatchObject({
      name: 'KafkaError',
      persistence: 'not persisted',
      message: expect.stringMatching('was aborted'),
    });
    await transaction.abort();
    await told;
    expect(await valuesOf(topic, 'read_uncommitted')).toEqual([]);
  });

  it('with nothing in them cost nothing', async () => {
    await using producer = await start();
    for (let i = 0; i < 3; i++) {
      const transaction = await producer.transaction();
      await (i === 1 ? transaction.abort() : transaction.commit());
    }
  });

  it('commit the offsets of a consumer with what was made of its messages', async () => {
    const [source, target] = [await broker.createTopic(), await broker.createTopic()];
    const group = broker.freshName('group');
    await using plain = await Producer.start(client);
    await plain.sendBatch(['1', '2', '3'].map((value) => ({ topic: source.name, value })));
    await using consumer = await SimpleConsumer.start(client.topic(source.name), { consumerGroup: group });
    await using producer = await start();
    for (const isCommitted of [true, false]) {
      const message = await consumer.consume();
      await using transaction = await producer.transaction();
      await transaction.send({ topic: target.name, value: `made of ${String(message!.value)}` });
      await transaction.sendOffsets(consumer);
      if (isCommitted) await transaction.commit();
    }
    await expectCommitted(target, ['made of 1']);
    expect(await stored(group, source)).toBe(1);
  });

  it.each(['classic', 'consumer'] as const)('commit the offsets of a member of a group, as that member: %s', async (groupProtocol) => {
    const [source, target] = [await broker.createTopic(), await broker.createTopic()];
    const group = broker.freshName('group');
    await using plain = await Producer.start(client);
    await plain.sendBatch(['1', '2'].map((value) => ({ topic: source.name, value })));
    await using producer = await start();
    {
      await using consumer = await BalancedConsumer.start(client.topic(source.name), { consumerGroup: group, groupProtocol });
      const message = await consumer.consume();
      await using transaction = await producer.transaction();
      await transaction.send({ topic: target.name, value: `made of ${String(message!.value)}` });
      await transaction.sendOffsets(consumer);
      await transaction.commit();
    }
    await expectCommitted(target, ['made of 1']);
    await using next = await BalancedConsumer.start(client.topic(source.name), { consumerGroup: group, groupProtocol });
    expect(String((await next.consume())?.value)).toBe('2');
  });

  it('commit offsets that are given', async () => {
    const topic = await broker.createTopic();
    const group = broker.freshName('group');
    await using producer = await start();
    await using transaction = await producer.transaction();
    await transaction.sendOffsets({ consumerGroup: group, offsets: [{ topic: topic.name, partition: 0, offset: 7 }] });
    expect(await visibleOffset(group, topic)).toBe(-1);
    await transaction.commit();
    expect(await stored(group, topic)).toBe(7);
  });

  it('are nothing where there are no positions, and the transaction is committed', async () => {
    await using producer = await start();
    await using transaction = await producer.transaction();
    await transaction.sendOffsets({ consumerGroup: broker.freshName('group'), offsets: [] });
    await transaction.commit();
  });

  it('P29: do not take the offsets of a member that the group does not know', async () => {
    const [source, target] = [await broker.createTopic(), await broker.createTopic()];
    const member = { groupId: broker.freshName('group'), generationId: 3, memberId: 'expelled', groupInstanceId: null };
    await using producer = await start();
    await using transaction = await producer.transaction();
    await transaction.send({ topic: target.name, value: 'made of what another one reads' });
    const offsets = { groupMetadata: () => member, positions: () => [{ topic: source.name, partition: 0, offset: 1 }] };
    await expect(transaction.sendOffsets(offsets)).rejects.toThrow(BrokerError);
    await expect(transaction.commit()).rejects.toThrow('can only be aborted');
    await transaction.abort();
    expect(await valuesOf(target)).toEqual([]);
  });

  it('P20: belong to the newest producer of the transactionalId: the older one is fenced, and what it left open is aborted', async () => {
    const topic = await broker.createTopic();
    const transactionalId = broker.freshName('transactional');
    await using old = await start({ transactionalId });
    const left = await old.transaction();
    await left.send({ topic: topic.name, value: 'of the old one' });
    await using young = await start({ transactionalId });
    await using transaction = await young.transaction();
    await transaction.send({ topic: topic.name, value: 'of the new one' });
    await transaction.commit();
    await expect(left.commit()).rejects.toThrow(ProducerFencedError);
    await expect(old.transaction()).rejects.toThrow(ProducerFencedError);
    await expectCommitted(topic, ['of the new one']);
  });

  it('P21: that are open for too long are aborted by their coordinator, and the producer goes on', async () => {
    const topic = await broker.createTopic();
    await using producer = await start({ transactionTimeoutMs: 4000 });
    const late = await producer.transaction();
    await late.send({ topic: topic.name, value: 'late' });
    // The coordinator looks for them every few seconds; then there is nothing open in the log any more.
    await expect.poll(() => lastStable(topic), { timeout: 25_000 }).toBeGreaterThan(0);
    await expect(late.commit()).rejects.toThrow('was open for longer than transactionTimeoutMs');
    await using next = await producer.transaction();
    await next.send({ topic: topic.name, value: 'in time' });
    await next.commit();
    await expectCommitted(topic, ['in time']);
  });

  it('P22: begin at once behind one another, also while the last one is still being ended', async () => {
    const topic = await broker.createTopic({ partitions: 4 });
    await using producer = await start();
    for (let i = 0; i < 20; i++) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: topic.name, partition: i % 4, value: String(i) });
      await transaction.commit();
    }
    await expectCommitted(topic, Array.from({ length: 20 }, (_, i) => String(i)).sort());
  });
});

describe('stop() and start()', () => {
  it('abort what is open, and a transaction of before does nothing to the next one', async () => {
    const topic = await broker.createTopic();
    await using producer = await start();
    await using old = await producer.transaction();
    await old.send({ topic: topic.name, value: 'old' });
    await producer.stop();
    await producer.start();
    await using next = await producer.transaction();
    await next.send({ topic: topic.name, value: 'next' });
    await expect(old.send({ topic: topic.name, value: 'stray' })).rejects.toThrow('has ended');
    await expect(old.abort()).rejects.toThrow('has ended');
    await next.commit();
    await expectCommitted(topic, ['next']);
  });
});

describe('what is not allowed', () => {
  it('to send outside of a transaction with a transactionalId, and to begin one without', async () => {
    const topic = await broker.createTopic();
    await using producer = await start();
    await expect(producer.send({ topic: topic.name, value: '' })).rejects.toThrow('sends in transactions');
    await using plain = await Producer.start(client);
    await expect(plain.transaction()).rejects.toThrow('need a producer with a transactionalId');
  });

  it('a second transaction while one is open, and anything after its end', async () => {
    const topic = await broker.createTopic();
    await using producer = await start();
    const transaction = await producer.transaction();
    await expect(producer.transaction()).rejects.toThrow('open already');
    await transaction.commit();
    await expect(transaction.send({ topic: topic.name, value: '' })).rejects.toThrow('has ended');
    await expect(transaction.commit()).rejects.toThrow('has ended');
  });
});

/** How far a reader of what is committed can see. */
async function lastStable({ name }: TestTopic): Promise<number> {
  const offsets = await client.topic(name).offsets('latest', { isolation: 'read_committed' });
  return offsets.get(0)!;
}
