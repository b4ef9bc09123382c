import { type KafkaClient, lastMessages, SimpleConsumer } from '@tskafka/consumer';
import { apis, setProducer } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { drain, useClient, write } from '../consumer/fixture.ts';
import { append, batchOfValues } from '../requests.ts';
import { until } from '../until.ts';
import type { Wire } from '../wire.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

/** One producer with a transactional id, request by request. */
class Transactions {
  readonly id = broker.freshName('txn');
  readonly topic: TestTopic;
  #coordinator!: Wire;
  #leader!: Wire;
  #producer = { producerId: -1, producerEpoch: -1 };
  #sequence = 0;

  constructor(topic: TestTopic) {
    this.topic = topic;
  }

  static async of(topic: TestTopic): Promise<Transactions> {
    const producer = new Transactions(topic);
    producer.#coordinator = await broker.coordinatorWire(producer.id, 'transaction');
    producer.#leader = await broker.leaderWire(topic);
    const request = { transactionalId: producer.id, transactionTimeoutMs: 60_000 };
    await until('the producer has its id', async () => {
      const { errorCode, producerId, producerEpoch } = await producer.#coordinator.send(apis.initProducerId, 4, request);
      producer.#producer = { producerId, producerEpoch };
      return errorCode === 0;
    });
    return producer;
  }

  /** Writes a batch, of which the transaction is left open. */
  async write(...values: string[]): Promise<void> {
    const topics = [{ name: this.topic.name, partitions: [0] }];
    await until('the partition is in the transaction', async () => {
      const request = { v3AndBelowTransactionalId: this.id, ...v3AndBelow(this.#producer), v3AndBelowTopics: topics };
      const answer = await this.#coordinator.send(apis.addPartitionsToTxn, 3, request);
      return answer.resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!.partitionErrorCode === 0;
    });
    const bytes = batchOfValues(...values);
    setProducer(bytes, { ...this.#producer, baseSequence: this.#sequence, isTransactional: true });
    this.#sequence += values.length;
    await append(this.#leader, this.topic, bytes, { transactionalId: this.id });
  }

  async end(committed: boolean): Promise<void> {
    await until('the transaction has ended', async () => {
      const { errorCode } = await this.#coordinator.send(apis.endTxn, 3, { transactionalId: this.id, ...this.#producer, committed });
      return errorCode === 0;
    });
    // The markers are written after the answer.
    const consumer = await SimpleConsumer.start(client.topic(this.topic.name), { autoOffsetReset: 'latest' });
    await consumer.close();
  }
}

function v3AndBelow({ producerId, producerEpoch }: { producerId: number; producerEpoch: number }) {
  return { v3AndBelowProducerId: producerId, v3AndBelowProducerEpoch: producerEpoch };
}

describe('a consumer of transactions', () => {
  it('F9, F10: gives what was committed, and nothing that is open or was aborted', async () => {
    const topic = await broker.createTopic();
    const [one, two] = [await Transactions.of(topic), await Transactions.of(topic)];
    await one.write('a1');
    await two.write('b1');
    await one.write('a2');
    await one.end(false);
    await two.write('b2');
    await two.end(true);
    await write(topic, ['plain']);
    await one.write('a3');
    await one.end(true);
    await two.write('b3');
    await two.end(false);

    await until('the last marker is there', async () => (await client.topic(topic.name).offsets('latest')).get(0) === 11);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
    expect(await drain(consumer)).toEqual(['b1', 'b2', 'plain', 'a3']);
    // Behind the marker, which nobody sees: a group that commits here has no lag.
    expect(consumer.position(0)).toBe(11);
    await using all = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest', isolation: 'read_uncommitted' });
    expect(await drain(all)).toEqual(['a1', 'b1', 'a2', 'b2', 'plain', 'a3', 'b3']);
  });

  it('F10: waits for the end of a transaction, and then gives what is behind it', async () => {
    const topic = await broker.createTopic();
    const producer = await Transactions.of(topic);
    await producer.write('open');
    await write(topic, ['behind']);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    const message = consumer.consume();
    await producer.end(false);
    expect(String((await message)?.value)).toBe('behind');
  });

  it('F9: a hundred aborted transactions are passed by', async () => {
    const topic = await broker.createTopic();
    const producer = await Transactions.of(topic);
    for (let i = 0; i < 100; i++) {
      await producer.write('x');
      await producer.end(false);
    }
    await write(topic, ['end']);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    expect(String((await consumer.consume())?.value)).toBe('end');
    expect(consumer.position(0)).toBe(201);
  });

  it('the last N step over markers: offsets are not counts', async () => {
    const topic = await broker.createTopic();
    const producer = await Transactions.of(topic);
    for (const value of ['0', '1', '2', '3', '4', '5']) {
      await producer.write(value);
      await producer.end(Number(value) % 2 === 0);
    }
    await until('the last marker is there', async () => (await client.topic(topic.name).offsets('latest')).get(0) === 12);
    expect((await lastMessages(client.topic(topic.name), 2)).map(({ value }) => String(value))).toEqual(['2', '4']);
  });
});
