import { type Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createKafka } from './kafkajs-door.ts';
import { MockCluster } from './mock-cluster.ts';
import { startKafka } from './target/start-kafka.ts';
import type { TestKafka } from './target/target.ts';

const createPartitioner = Partitioners.DefaultPartitioner;
const quiet = { logLevel: logLevel.NOTHING, retry: { retries: 0 } };

async function sendOne(kafka: Kafka): Promise<void> {
  const producer = kafka.producer({ createPartitioner });
  await producer.connect();
  await producer.send({ topic: 'orders', messages: [{ key: 'k', value: 'v' }] });
  await producer.disconnect();
}

describe('kafkajs without a port', () => {
  it('produces, and ends without a connection left', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    await sendOne(createKafka(cluster));
    expect(cluster.topic('orders').records()).toMatchObject([{ key: Buffer.from('k'), value: Buffer.from('v') }]);
    expect(cluster.requests({ api: 'Produce' })).toMatchObject([{ clientId: 'kafkajs', version: 7 }]);
    await cluster.settled();
    expect(cluster.brokerIds.map((id) => cluster.broker(id).connectionCount)).toEqual([0, 0, 0]);
  });

  it('takes a factory of the cluster in its own config as well', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    await sendOne(createKafka(cluster, { clientId: 'service', ssl: true }));
    expect(cluster.requests({ api: 'Produce' })[0]?.clientId).toBe('service');
  });

  it('takes the Kafka of a test: the mock, or a real one', async () => {
    await using mock = await startKafka({ target: 'mock' });
    await using listening = await MockCluster.start();
    const { brokers } = await listening.listen();
    await using real = await startKafka({ target: brokers.join(',') });
    for (const kafka of [mock, real]) {
      const topic = await kafka.createTopic();
      const producer = createKafka(kafka).producer({ createPartitioner });
      await producer.connect();
      await producer.send({ topic, messages: [{ value: 'v' }] });
      await producer.disconnect();
      expect(await kafka.waitForRecords(topic, 1)).toHaveLength(1);
    }
    expect(listening.requests({ api: 'Produce' })).toMatchObject([{ clientId: 'kafkajs' }]);
  });

  it('authenticates', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 }, sasl: { users: { alice: 'secret' } } });
    await sendOne(createKafka(cluster, { sasl: { mechanism: 'scram-sha-512', username: 'alice', password: 'secret' } }));
    expect(cluster.topic('orders').records()).toHaveLength(1);
  });

  it.each([
    ['a broker that is down', 'ECONNREFUSED', async (cluster: MockCluster) => cluster.broker(1).down()],
    ['a name that is none of the cluster’s', 'ENOTFOUND', async () => undefined],
  ])('is told at once of %s', async (_, code, act) => {
    await using cluster = await MockCluster.start({ brokers: 1 });
    await act(cluster);
    const kafka = createKafka(cluster, {
      ...quiet,
      connectionTimeout: 600_000, // so long it waits for a socket that says nothing
      ...(code === 'ENOTFOUND' && { brokers: ['elsewhere:9092'] }),
    });
    await expect(kafka.admin().connect()).rejects.toThrow(code);
  });

  it('is told at once of a connection that breaks', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    const producer = createKafka(cluster, quiet).producer({ createPartitioner });
    await producer.connect();
    const fault = cluster.dropResponse('Produce');
    const sent = producer.send({ topic: 'orders', messages: [{ value: 'v' }] });
    await expect(sent).rejects.toThrow(/ECONNRESET/);
    expect(fault.fired).toBe(1);
    await producer.disconnect();
  });

  describe('when its Kafka is closed', () => {
    const newTopic = async (kafka: TestKafka) => ({ closing: kafka, topic: await kafka.createTopic() });

    it.each<[string, (other: MockCluster) => Promise<{ closing: MockCluster | TestKafka; topic: string }>]>([
      ['a cluster', async () => ({ closing: await MockCluster.start({ topics: { orders: 1 } }), topic: 'orders' })],
      ['the mock of a test', async () => newTopic(await startKafka({ target: 'mock' }))],
      ['the real Kafka of a test', async (other) => newTopic(await startKafka({ target: (await other.listen()).brokers.join(',') }))],
    ])('disconnects what nobody has disconnected: %s', async (_, open) => {
      await using other = await MockCluster.start();
      const { closing, topic } = await open(other);
      const kafka = createKafka(closing);
      const disconnected: string[] = [];
      const seen = ({ type }: { readonly type: string }): void => void disconnected.push(type);
      const consumer = kafka.consumer({ groupId: 'billing', maxWaitTimeInMs: 50 });
      const [producer, admin] = [kafka.producer({ createPartitioner }), kafka.admin()];
      consumer.on(consumer.events.DISCONNECT, seen);
      producer.on(producer.events.DISCONNECT, seen);
      admin.on(admin.events.DISCONNECT, seen);
      for (const client of [consumer, producer, admin]) await client.connect();
      await consumer.subscribe({ topic });
      await consumer.run({ eachMessage: () => Promise.resolve() });
      await closing.close();
      expect(disconnected.sort()).toEqual(['admin.disconnect', 'consumer.disconnect', 'producer.disconnect']);
    });

    it('waits for no handler that never ends, and no consumer begins again when one fails', async () => {
      const cluster = await MockCluster.start({ topics: { orders: 1 } });
      cluster.topic('orders').append('a');
      const restartOnFailure = vi.fn<() => Promise<boolean>>(() => Promise.resolve(true));
      const logged = vi.fn();
      const kafka = createKafka(cluster, { logCreator: () => logged });
      const consumer = kafka.consumer({ groupId: 'billing', retry: { retries: 0, restartOnFailure } });
      const crashed = new Promise<boolean>((resolve) => consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload.restart)));
      await consumer.connect();
      await consumer.subscribe({ topic: 'orders', fromBeginning: true });
      const fail = await new Promise<(reason: Error) => void>((handling) => {
        void consumer.run({ eachMessage: () => new Promise((_, reject) => handling(reject)) });
      });
      await cluster.close();
      fail(new Error('the test is over'));
      expect(await crashed).toBe(false);
      expect(restartOnFailure).not.toHaveBeenCalled();
      expect(logged).not.toHaveBeenCalled(); // a runner complains of what is said when the test is over
    });
  });

  describe('with time standing still', () => {
    afterEach(() => void vi.useRealTimers());

    it('goes on: nothing of the mock hangs on a timer', async () => {
      vi.useFakeTimers();
      await using cluster = await MockCluster.start({ topics: { orders: 1 } });
      await sendOne(createKafka(cluster));
      expect(cluster.topic('orders').records()).toHaveLength(1);
    });
  });
});
