import type { KafkaClient } from '@tskafka/consumer';
import { BalancedConsumer, BrokerError, type Message, type ProcessOptions, SimpleConsumer } from '@tskafka/consumer';
import { Producer, ProducerFencedError, type ProducerOptions } from '@tskafka/producer';
import { describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { until } from '../until.ts';
import { connect, messagesOf, settled, stored, useClient, values } from './fixture.ts';
import { gate } from './gate.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

const start = (options: ProducerOptions = {}, by = client): Promise<Producer> =>
  Producer.start(by, { transactionalId: broker.freshName('processor'), ...options });

/** A topic with the numbers from 0 on, dealt out to its partitions. */
async function topicOf(count: number, partitions = 1): Promise<TestTopic> {
  const topic = await broker.createTopic({ partitions });
  await using producer = await Producer.start(client);
  await producer.sendBatch(values(0, count).map((value, i) => ({ topic: topic.name, partition: i % partitions, value })));
  return topic;
}

/** What readers of committed messages see. */
async function committed(topic: TestTopic): Promise<string[]> {
  return (await messagesOf(client, topic.name)).map(({ value }) => String(value));
}

/** What readers of committed messages see when all transactions are over. */
async function written(topic: TestTopic): Promise<string[]> {
  await settled(client, topic.name);
  return committed(topic);
}

/** How far each partition is read, for the group. */
function storedIn(group: string, topic: TestTopic, partitions: number): Promise<(number | undefined)[]> {
  return Promise.all(Array.from({ length: partitions }, (_, partition) => stored(group, topic, partition)));
}

/** A topic to read, one to write, a group, and a consumer between them that ends with the topic. */
async function scene(count: number, partitions = 1) {
  const [source, target] = [await topicOf(count, partitions), await broker.createTopic({ partitions })];
  const consumerGroup = broker.freshName('group');
  const copy = ({ partition, value }: Message) => ({ topic: target.name, partition, value });
  const consumer = (by = client) => SimpleConsumer.start(by.topic(source.name), { consumerGroup, until: 'latest', closeTimeoutMs: 1000 });
  return { source, target, consumerGroup, copy, consumer };
}

describe('process', () => {
  it('commits what was made of messages together with how far they were read', async () => {
    const { source, target, consumerGroup, consumer, copy } = await scene(20);
    await using producer = await start();
    await using reader = await consumer();
    await reader.process(async (message, transaction) => void (await transaction.send(copy(message))), { producer, maxMessages: 7 });
    expect(await written(target)).toEqual(values(0, 20));
    expect(await stored(consumerGroup, source)).toBe(20);
  });

  it('waits for what a handler has sent and not awaited', async () => {
    const { source, target, consumerGroup, consumer, copy } = await scene(5000, 3);
    await using producer = await start();
    await using reader = await consumer();
    await reader.process((message, transaction) => void transaction.send(copy(message)), { producer });
    expect((await written(target)).sort()).toEqual(values(0, 5000).sort());
    expect(await storedIn(consumerGroup, source, 3)).toEqual([1667, 1667, 1666]);
  });

  it('shows nothing of a transaction before commitIntervalMs, and all of it then, without another message', async () => {
    const { source, target, consumerGroup, copy } = await scene(3);
    await using producer = await start();
    await using reader = await SimpleConsumer.start(client.topic(source.name), { consumerGroup });
    const running = reader.process((message, transaction) => transaction.send(copy(message)), { producer, commitIntervalMs: 300 });
    await expect.poll(() => committed(target), { timeout: 10_000 }).toEqual(values(0, 3));
    await reader.close();
    await running;
  });

  it('aborts what a handler threw in, and handles it again, as often as retry says: each attempt’s output counts once', async () => {
    const { target, consumer, copy } = await scene(10);
    await using producer = await start();
    await using reader = await consumer();
    const attempts: number[] = [];
    await reader.process(
      async (message, transaction, { attempt }) => {
        await transaction.send(copy(message));
        if (String(message.value) !== '6') return;
        attempts.push(attempt);
        if (attempt < 3) throw new Error('not yet');
      },
      { producer, retry: { attempts: 2, initialMs: 1 } },
    );
    expect(attempts).toEqual([1, 2, 3]);
    expect(await written(target)).toEqual(values(0, 10));
  });

  it('writes what fails in every attempt to the dead letters, in the transaction', async () => {
    const { source, target, consumerGroup, consumer, copy } = await scene(10);
    const letters = await broker.createTopic();
    await using producer = await start();
    await using reader = await consumer();
    await reader.process(
      async (message, transaction) => {
        await transaction.send(copy(message));
        if (String(message.value) === '6') throw new RangeError('it is six');
      },
      { producer, deadLetter: { topic: letters.name }, retry: { attempts: 1, initialMs: 1 } },
    );
    expect(await written(target)).toEqual(values(0, 10).filter((value) => value !== '6'));
    const [letter, ...others] = await messagesOf(client, await settled(client, letters.name));
    expect(others).toEqual([]);
    expect(String(letter!.value)).toBe('6');
    const headers = Object.fromEntries(letter!.headers.map(([name, value]) => [name.replace('tskafka.dead-letter.', ''), String(value)]));
    expect(headers).toMatchObject({ error: 'RangeError', message: 'it is six', offset: '6', attempts: '2', group: consumerGroup });
    expect(await stored(consumerGroup, source)).toBe(10);
  });

  it('rejects with what the handler threw where there are no dead letters, and what was committed before stays', async () => {
    const { source, target, consumerGroup, consumer, copy } = await scene(10);
    await using producer = await start();
    await using reader = await consumer();
    const process = (isBroken: boolean, from = producer): Promise<void> =>
      reader.process(
        async (message, transaction) => {
          await transaction.send(copy(message));
          if (isBroken && String(message.value) === '6') throw new Error('broken');
        },
        { producer: from, maxMessages: 4, commitIntervalMs: 60_000 },
      );
    await expect(process(true)).rejects.toThrow('broken');
    expect(await written(target)).toEqual(values(0, 4));
    expect(await stored(consumerGroup, source)).toBe(4);
    await process(false);
    expect(await written(target)).toEqual(values(0, 10));
  });

  it('takes a message that cannot be sent for a failure of its handler, awaited or not', async () => {
    const { target, consumer, copy } = await scene(6);
    const letters = await broker.createTopic();
    await using producer = await start({ maxRequestBytes: 10_000 });
    await using reader = await consumer();
    await reader.process(
      (message, transaction) => {
        const isLarge = String(message.value) === '3';
        void transaction.send({ ...copy(message), ...(isLarge && { value: Buffer.alloc(20_000) }) });
      },
      { producer, deadLetter: { topic: letters.name } },
    );
    expect(await written(target)).toEqual(['0', '1', '2', '4', '5']);
    expect(await written(letters)).toEqual(['3']);
  });

  it('sends nothing for a message whose handler is done', async () => {
    const { target, consumer, copy } = await scene(2);
    await using producer = await start();
    await using reader = await consumer();
    const late: Promise<unknown>[] = [];
    await reader.process(
      (message, transaction) => {
        setImmediate(() => late.push(transaction.send(copy(message)).catch((error: unknown) => error)));
      },
      { producer },
    );
    await until('both have tried', () => Promise.resolve(late.length === 2));
    expect(String(await late[0])).toMatch('the handler of this message is done');
    expect(await committed(target)).toEqual([]);
  });

  it('P26: goes on after a crash in the middle of a transaction as if it had not been', async () => {
    const { source, target, consumerGroup, consumer, copy } = await scene(50, 2);
    const transactionalId = broker.freshName('processor');
    // What was sent is in the log; then the program is gone, without a word to anybody.
    const doomed = await connect();
    const dying = await start({ transactionalId }, doomed);
    const reader = await consumer(doomed);
    const crashed = gate();
    let handled = 0;
    const running = reader.process(
      async (message, transaction) => {
        await transaction.send(copy(message));
        if (++handled === 30) crashed.open();
        if (handled >= 30) await new Promise(() => {});
      },
      { producer: dying, maxMessages: 20 },
    );
    running.catch(() => {});
    await crashed.passed;
    await doomed.close();
    await using producer = await start({ transactionalId });
    await using next = await consumer();
    await next.process((message, transaction) => void transaction.send(copy(message)), { producer });
    const read = await messagesOf(client, await settled(client, target.name));
    for (const partition of [0, 1]) {
      const inOrder = read.filter((message) => message.partition === partition).map(({ value }) => Number(value));
      expect(inOrder).toEqual(Array.from({ length: 25 }, (_, i) => 2 * i + partition));
    }
    expect(await storedIn(consumerGroup, source, 2)).toEqual([25, 25]);
    await reader.close();
  });

  it('ends with close(): what is handled is committed', async () => {
    const { source, target, consumerGroup, copy } = await scene(5);
    await using producer = await start();
    const reader = await SimpleConsumer.start(client.topic(source.name), { consumerGroup });
    const third = gate();
    const running = reader.process(
      async (message, transaction) => {
        await transaction.send(copy(message));
        if (String(message.value) === '2') third.open();
      },
      { producer, maxMessages: 1_000_000, commitIntervalMs: 60_000 },
    );
    await third.passed;
    await reader.close();
    await running;
    const done = await written(target);
    expect(done).toEqual(values(0, done.length));
    expect(done.length).toBeGreaterThanOrEqual(3);
    expect(await stored(consumerGroup, source)).toBe(done.length);
  });

  it('close() aborts after closeTimeoutMs when a handler does not end', async () => {
    const { source, target, consumerGroup, copy } = await scene(5);
    await using producer = await start();
    const reader = await SimpleConsumer.start(client.topic(source.name), { consumerGroup, closeTimeoutMs: 200 });
    const third = gate();
    const told = gate();
    const running = reader.process(
      async (message, transaction, { signal }) => {
        await transaction.send(copy(message));
        if (String(message.value) !== '2') return;
        signal.addEventListener('abort', () => told.open());
        third.open();
        await new Promise(() => {});
      },
      { producer, commitIntervalMs: 60_000 },
    );
    await third.passed;
    await reader.close();
    await running;
    await told.passed;
    expect(await committed(target)).toEqual([]);
    expect(await stored(consumerGroup, source)).toBeUndefined();
    // The producer is free for others.
    await (await producer.transaction()).commit();
  });

  it('P20: rejects when another producer has the transactionalId', async () => {
    const { target, consumer, copy } = await scene(5);
    const transactionalId = broker.freshName('processor');
    await using producer = await start({ transactionalId });
    await using reader = await consumer();
    const running = reader.process(
      async (message, transaction) => {
        await transaction.send(copy(message));
        if (String(message.value) === '2') await (await start({ transactionalId })).close();
      },
      { producer, commitIntervalMs: 60_000 },
    );
    await expect(running).rejects.toThrow(ProducerFencedError);
    expect(await committed(target)).toEqual([]);
  });

  it('P20: takes another producer where it may', async () => {
    const { source, target, consumerGroup, consumer, copy } = await scene(5);
    const transactionalId = broker.freshName('processor');
    await using reader = await consumer();
    let started = 0;
    let isFenced = false;
    await reader.process(
      async (message, transaction) => {
        await transaction.send(copy(message));
        if (String(message.value) !== '2' || isFenced) return;
        isFenced = true;
        await (await start({ transactionalId })).close();
      },
      { producer: () => (started++, start({ transactionalId })) },
    );
    expect(started).toBe(2);
    expect(await written(target)).toEqual(values(0, 5));
    expect(await stored(consumerGroup, source)).toBe(5);
  });

  it.each<[string, Partial<ProcessOptions>, string]>([
    ['no producer', {}, 'process needs a producer'],
    ['a bound of none', { maxMessages: 0 }, 'maxMessages'],
    ['dead letters for nowhere', { deadLetter: {} as never }, 'deadLetter must be { topic }'],
    ['another option', { maxMesages: 3 } as never, "did you mean 'maxMessages'?"],
  ])('does not take %s', async (_what, options, message) => {
    await using reader = await SimpleConsumer.start(client.topic((await topicOf(1)).name), { consumerGroup: 'g' });
    const producer = _what === 'no producer' ? {} : { producer: { transaction: () => {}, close: () => {} } };
    await expect(reader.process(() => {}, { ...producer, ...options } as never)).rejects.toThrow(message);
  });

  it.each([
    ['without a group', {}, 'with a consumerGroup'],
    ['that commits by itself', { consumerGroup: 'g', autoCommitEnable: true }, 'autoCommitEnable'],
    ['that reads what is not committed', { consumerGroup: 'g', isolation: 'read_uncommitted' }, "isolation 'read_committed'"],
  ] as const)('does not take a consumer %s', async (_what, options, message) => {
    await using reader = await SimpleConsumer.start(client.topic((await topicOf(1)).name), options);
    await expect(reader.process(() => {}, { producer: () => start() })).rejects.toThrow(message);
  });

  it('rejects when the cluster refuses', async () => {
    await using reader = await SimpleConsumer.start(client.topic((await topicOf(1)).name), { consumerGroup: 'g' });
    const producer = () => start({ transactionTimeoutMs: 2 ** 31 - 1 });
    await expect(reader.process(() => {}, { producer })).rejects.toThrow(BrokerError);
  });
});

describe.each(['classic', 'consumer'] as const)('process, as a member of a group: %s', (groupProtocol) => {
  /** A member that copies until it is closed. */
  async function member(source: TestTopic, target: TestTopic, consumerGroup: string, handled: (message: Message) => unknown) {
    const consumer = await BalancedConsumer.start(client.topic(source.name), { consumerGroup, groupProtocol });
    const running = consumer.process(
      async (message, transaction) => {
        void transaction.send({ topic: target.name, partition: message.partition, value: message.value });
        await handled(message);
      },
      { producer: () => start(), maxMessages: 20 },
    );
    running.catch(() => {});
    return {
      consumer,
      async close() {
        await consumer.close();
        await running;
      },
    };
  }

  it('G3: hands partitions over between transactions: the output is the input', async () => {
    const [source, target] = [await topicOf(600, 4), await broker.createTopic({ partitions: 4 })];
    const group = broker.freshName('group');
    const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));
    const first = await member(source, target, group, turn);
    await until('the first has begun', async () => (await committed(target)).length > 0);
    const second = await member(source, target, group, turn);
    await until('both have some', () => Promise.resolve([first, second].every(({ consumer }) => consumer.assignment.length === 2)), 20_000);
    await until('more is done', async () => (await committed(target)).length > 300, 20_000);
    await first.close();
    await until('all is done', async () => (await committed(target)).length >= 600, 20_000);
    await second.close();
    const read = await messagesOf(client, await settled(client, target.name));
    for (let partition = 0; partition < 4; partition++) {
      const inOrder = read.filter((message) => message.partition === partition).map(({ value }) => Number(value));
      expect(inOrder).toEqual(Array.from({ length: 150 }, (_, i) => 4 * i + partition));
    }
    expect(await storedIn(group, source, 4)).toEqual([150, 150, 150, 150]);
  });
});
