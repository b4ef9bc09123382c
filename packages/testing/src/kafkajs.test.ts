import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import type { MockClusterOptions } from './options.ts';

/** kafkajs 2.2.4, unchanged, over TCP: a witness that knows nothing of our codecs. */
async function start(options: MockClusterOptions, sasl?: { mechanism: 'scram-sha-256'; username: string; password: string }) {
  const cluster = await MockCluster.start(options);
  const { brokers } = await cluster.listen();
  const kafka = new Kafka({ clientId: 'kafkajs', brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 }, ...(sasl && { sasl }) });
  return { cluster, kafka, [Symbol.asyncDispose]: () => cluster.close() };
}

describe('kafkajs', () => {
  it('produces, with keys and headers, compressed and idempotent', async () => {
    await using started = await start({ topics: { orders: 2 } });
    const { cluster, kafka } = started;
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true, retry: { retries: 1 } });
    await producer.connect();
    const sent = await producer.send({
      topic: 'orders',
      compression: 1,
      messages: [
        { key: 'k', value: 'a', headers: { h: '1' }, partition: 0 },
        { value: 'b', partition: 1 },
        { value: 'c', partition: 1 },
      ],
    });
    await producer.disconnect();
    expect(sent.map(({ partition, errorCode, baseOffset }) => [partition, errorCode, baseOffset]).sort()).toEqual([
      [0, 0, '0'],
      [1, 0, '0'],
    ]);
    expect(
      cluster
        .topic('orders')
        .records()
        .map(({ partition, value }) => [partition, String(value)]),
    ).toEqual([
      [0, 'a'],
      [1, 'b'],
      [1, 'c'],
    ]);
    expect(cluster.topic('orders').records()[0]).toMatchObject({ key: Buffer.from('k'), headers: [['h', Buffer.from('1')]] });
    expect(cluster.requests({ api: 'Produce' })[0]).toMatchObject({ version: 7, clientId: 'kafkajs' });
  });

  it('produces in transactions: what is committed is there with its offsets, and nothing of what is aborted', async () => {
    await using started = await start({ topics: { orders: 1, input: 1 } });
    const { cluster, kafka } = started;
    const producer = kafka.producer({
      ...{ createPartitioner: Partitioners.DefaultPartitioner, transactionalId: 'txn', idempotent: true, maxInFlightRequests: 1 },
      retry: { retries: 3 },
    });
    await producer.connect();
    for (const [value, offset] of [
      ['aborted', '3'],
      ['committed', '5'],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: 'orders', messages: [{ value }] });
      expect(cluster.transaction('txn').state).toBe('Ongoing');
      await transaction.sendOffsets({ consumerGroupId: 'g', topics: [{ topic: 'input', partitions: [{ partition: 0, offset }] }] });
      if (value === 'aborted') await transaction.abort();
      else await transaction.commit();
    }
    await producer.disconnect();
    const values = cluster
      .topic('orders')
      .records()
      .map(({ value }) => String(value));
    expect([values, cluster.group('g').committed('input', 0)]).toEqual([['committed'], 5]);
    expect(cluster.requests({ api: 'Produce' })[0]).toMatchObject({ version: 7, request: { transactionalId: 'txn' } });
    expect(cluster.transaction('txn').status).toMatchObject({ state: 'CompleteCommit', partitions: [] });
  });

  it('administers topics', async () => {
    await using started = await start({ topics: { orders: 1 } });
    const { cluster, kafka } = started;
    const admin = kafka.admin();
    await admin.connect();
    const configEntries = [{ name: 'cleanup.policy', value: 'compact' }];
    expect(await admin.createTopics({ topics: [{ topic: 'new', numPartitions: 2, replicationFactor: 2, configEntries }] })).toBe(true);
    expect(await admin.createTopics({ topics: [{ topic: 'new' }] })).toBe(false);
    await admin.createPartitions({ topicPartitions: [{ topic: 'new', count: 3 }] });
    expect((await admin.listTopics()).sort()).toEqual(['new', 'orders']);
    const { topics } = await admin.fetchTopicMetadata({ topics: ['new'] });
    expect(topics[0]!.partitions).toHaveLength(3);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: 'new', configNames: ['cleanup.policy'] }],
    });
    expect(resources[0]!.configEntries).toMatchObject([{ configName: 'cleanup.policy', configValue: 'compact' }]);
    await admin.deleteTopics({ topics: ['new'] });
    const { brokers, clusterId } = await admin.describeCluster();
    expect([brokers.length, clusterId, cluster.topicNames]).toEqual([3, cluster.clusterId, ['orders']]);
    await admin.disconnect();
  });

  it('administers offsets and groups', async () => {
    await using started = await start({ topics: { orders: 1 } });
    const { cluster, kafka } = started;
    for (const timestamp of [1000, 2000, 3000]) cluster.topic('orders').append({ value: 'x', timestamp });
    const admin = kafka.admin();
    await admin.connect();
    expect(await admin.fetchTopicOffsets('orders')).toMatchObject([{ partition: 0, high: '3', low: '0' }]);
    expect(await admin.fetchTopicOffsetsByTimestamp('orders', 1500)).toMatchObject([{ partition: 0, offset: '1' }]);
    cluster.group('g').commit('orders', 0, 2);
    expect(await admin.fetchOffsets({ groupId: 'g', topics: ['orders'] })).toMatchObject([{ partitions: [{ partition: 0, offset: '2' }] }]);
    expect((await admin.listGroups()).groups).toEqual([{ groupId: 'g', protocolType: '' }]);
    await admin.deleteTopicRecords({ topic: 'orders', partitions: [{ partition: 0, offset: '1' }] });
    expect(cluster.topic('orders').partition(0).startOffset).toBe(1);
    await admin.deleteGroups(['g']);
    expect((await admin.listGroups()).groups).toEqual([]);
    await admin.disconnect();
  });

  it('authenticates with SCRAM, and is refused with a wrong password', async () => {
    const sasl = { users: { alice: 'secret' } };
    for (const [password, expected] of [
      ['secret', 'in'],
      ['wrong', 'KafkaJSSASLAuthenticationError'],
    ] as const) {
      await using started = await start({ sasl }, { mechanism: 'scram-sha-256', username: 'alice', password });
      const admin = started.kafka.admin();
      const outcome = await admin.connect().then(
        () => 'in',
        (error: Error) => error.name,
      );
      await admin.disconnect();
      expect(outcome).toBe(expected);
    }
  });

  it('is told of a broker’s errors by their names', async () => {
    await using started = await start({ topics: { orders: 1 } });
    const producer = started.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    const fault = started.cluster.fail('Produce', ['MESSAGE_TOO_LARGE'], { topic: 'orders' });
    await expect(producer.send({ topic: 'orders', messages: [{ value: 'a' }] })).rejects.toMatchObject({ type: 'MESSAGE_TOO_LARGE' });
    expect(fault.fired).toBe(1);
    await producer.disconnect();
  });
});
