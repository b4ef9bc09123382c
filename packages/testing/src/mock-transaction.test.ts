import { apis, errorCodes, setProducer } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import type { MockClusterOptions } from './options.ts';
import { connect, type TestClient } from './test-client.ts';
import { batchOf } from './test-requests.ts';
import { VirtualClock } from './virtual-clock.ts';

const id = 'txn';

/** A producer with an open transaction in orders-0, of protocol 2 unless the brokers are too old for it. */
async function start(options: MockClusterOptions = {}) {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 2, logs: 1 }, clock, ...options });
  const client = await connect(cluster);
  const identity = await initialize(client);
  const send = (batch: Buffer) => {
    setProducer(batch, { ...identity, baseSequence: 0, isTransactional: true });
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records: batch }] }];
    return client.send(apis.produce, 12, { transactionalId: id, acks: -1, timeoutMs: 1000, topicData });
  };
  const produced = await send(batchOf(['a']));
  expect(produced.responses[0]!.partitionResponses[0]!.errorCode).toBe(0);
  const end = async (committed: boolean) => (await client.send(apis.endTxn, 5, { transactionalId: id, ...identity, committed })).errorCode;
  return { cluster, clock, client, identity, end, transaction: cluster.transaction(id) };
}

async function initialize(client: TestClient) {
  const request = { transactionalId: id, transactionTimeoutMs: 60_000 };
  const { errorCode, producerId, producerEpoch } = await client.send(apis.initProducerId, 5, request);
  expect(errorCode).toBe(0);
  return { producerId, producerEpoch };
}

const valuesIn = (cluster: MockCluster): string[] =>
  cluster
    .topic('orders')
    .records()
    .map(({ value }) => String(value));

describe('a transactional id', () => {
  it('shows its state, its producer and its partitions', async () => {
    const { cluster, clock, identity, end } = await start();
    expect(cluster.transactions).toEqual([
      {
        ...{ transactionalId: id, state: 'Ongoing', ...identity, timeoutMs: 60_000, startedAt: clock.wallTime() },
        partitions: [{ topic: 'orders', partition: 0 }],
      },
    ]);
    expect(await end(true)).toBe(0);
    expect(cluster.transaction(id).status).toMatchObject({ state: 'CompleteCommit', producerEpoch: 1, partitions: [] });
    expect(valuesIn(cluster)).toEqual(['a']);
    expect(cluster.transaction('other').status).toBeUndefined();
  });

  it('is aborted', async () => {
    const { cluster, transaction, end } = await start();
    transaction.abort();
    expect([transaction.state, valuesIn(cluster)]).toEqual(['CompleteAbort', []]);
    expect(await end(true)).toBe(errorCodes.INVALID_TXN_STATE);
    expect(await end(false)).toBe(0);
  });

  it('is over when its time is, and not before', async () => {
    const { cluster, clock, transaction, identity } = await start();
    await clock.advance(60_000);
    expect(transaction.state).toBe('Ongoing');
    await clock.advance(1);
    expect(transaction.status).toMatchObject({ state: 'CompleteAbort', producerEpoch: identity.producerEpoch + 1 });
    expect(cluster.topic('orders').partition(0)).toMatchObject({ endOffset: 2, lastStableOffset: 2 });
  });

  it('is over when the test says so', async () => {
    const { transaction, end } = await start();
    transaction.expire();
    expect(transaction.status).toMatchObject({ state: 'CompleteAbort', producerEpoch: 1 });
    expect(await end(true)).toBe(errorCodes.INVALID_TXN_STATE);
  });

  it('is fenced', async () => {
    const { transaction, end } = await start();
    transaction.fence();
    expect(transaction.status).toMatchObject({ state: 'Empty', producerEpoch: 2 });
    expect(await end(true)).toBe(errorCodes.PRODUCER_FENCED);
  });

  it('hangs, until an administrator ends it in its partition', async () => {
    const { cluster, client, transaction, identity } = await start();
    transaction.leaveHanging();
    expect(transaction.status).toMatchObject({ state: 'CompleteAbort', partitions: [] });
    expect(cluster.topic('orders').partition(0)).toMatchObject({ endOffset: 1, lastStableOffset: 0 });
    const topics = [{ name: 'orders', partitionIndexes: [0] }];
    const markers = [{ ...identity, transactionResult: false, coordinatorEpoch: 0, topics }];
    const answer = await client.send(apis.writeTxnMarkers, 1, { markers });
    expect(answer.markers[0]!.topics[0]!.partitions[0]!.errorCode).toBe(0);
    expect(cluster.topic('orders').partition(0)).toMatchObject({ endOffset: 2, lastStableOffset: 2 });
    expect(valuesIn(cluster)).toEqual([]);
  });

  it.each(['abort', 'expire', 'leaveHanging'] as const)('%s says what there is instead of an open transaction', async (control) => {
    const { cluster, transaction, end } = await start();
    await end(true);
    expect(() => transaction[control]()).toThrow("'txn' has no open transaction: its state is CompleteCommit");
    expect(() => cluster.transaction('other')[control]()).toThrow("nobody has used the transactional id 'other'; there are txn");
  });

  it('is forgotten a week after its last use', async () => {
    const { cluster, clock, end } = await start();
    await end(true);
    await clock.advance(7 * 24 * 3600_000 - 1);
    expect(cluster.transactions).toHaveLength(1);
    await clock.advance(1);
    expect(cluster.transactions).toEqual([]);
  });

  it('leaves no timer behind when the cluster is closed', async () => {
    const { cluster, clock } = await start();
    expect(clock.pendingTimers).toBe(1);
    await cluster.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('markers', () => {
  it('are held back, and who comes too early hears of it', async () => {
    const { cluster, client, transaction, end } = await start();
    const held = cluster.holdMarkers();
    expect(await end(true)).toBe(0);
    expect([transaction.state, transaction.status?.partitions.length]).toEqual(['PrepareCommit', 1]);
    expect(valuesIn(cluster)).toEqual([]);
    const early = await client.send(apis.initProducerId, 5, { transactionalId: id, transactionTimeoutMs: 60_000 });
    expect(early.errorCode).toBe(errorCodes.CONCURRENT_TRANSACTIONS);
    held.stop();
    expect([transaction.state, valuesIn(cluster)]).toEqual(['CompleteCommit', ['a']]);
  });

  it('wait for a leader', async () => {
    const { cluster, transaction, end } = await start();
    cluster.topic('orders').leaderless(0);
    expect(await end(true)).toBe(0);
    expect(transaction.state).toBe('PrepareCommit');
    cluster.topic('orders').moveLeader(0, 1);
    expect([transaction.state, valuesIn(cluster)]).toEqual(['CompleteCommit', ['a']]);
  });

  it('wait for the replicas, and so do those who read what is committed', async () => {
    const topics = { orders: { partitions: 1, replicationFactor: 3 } };
    const cluster = await MockCluster.start({ brokers: 3, topics, clock: new VirtualClock() });
    const transaction = cluster.transaction(id);
    const client = await connect(cluster, transaction.coordinator);
    const identity = await initialize(client);
    const leader = await connect(cluster, cluster.topic('orders').partition(0).leader);
    const records = batchOf(['a']);
    setProducer(records, { ...identity, baseSequence: 0, isTransactional: true });
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }];
    await leader.send(apis.produce, 12, { transactionalId: id, acks: -1, timeoutMs: 1000, topicData });
    const held = cluster.topic('orders').holdReplication();
    const { errorCode } = await client.send(apis.endTxn, 5, { transactionalId: id, ...identity, committed: true });
    expect([errorCode, transaction.state]).toEqual([0, 'PrepareCommit']);
    expect(cluster.topic('orders').partition(0)).toMatchObject({ endOffset: 2, lastStableOffset: 0 });
    held.stop();
    expect(transaction.state).toBe('CompleteCommit');
    expect(cluster.topic('orders').partition(0)).toMatchObject({ endOffset: 2, lastStableOffset: 2 });
  });

  it('wait for a coordinator', async () => {
    const { cluster, transaction, end } = await start();
    const held = cluster.holdMarkers();
    await end(true);
    transaction.moveCoordinator(-1);
    held.stop();
    expect(transaction.state).toBe('PrepareCommit');
    transaction.moveCoordinator(1);
    expect([transaction.state, valuesIn(cluster)]).toEqual(['CompleteCommit', ['a']]);
  });

  it('do without a topic that was deleted', async () => {
    const { cluster, transaction, end } = await start();
    cluster.topic('orders').leaderless(0);
    await end(true);
    cluster.topic('orders').delete();
    expect(transaction.state).toBe('CompleteCommit');
  });
});

it.each([
  ['3.9', [0, 4], false],
  ['4.0', [0, 5], true],
] as const)('Kafka %s speaks EndTxn %j', async (kafkaVersion, range, hasFeature) => {
  const cluster = await MockCluster.start({ brokers: 1, kafkaVersion });
  const client = await connect(cluster);
  const answer = await client.send(apis.apiVersions, 3, { clientSoftwareName: 'test', clientSoftwareVersion: '1' });
  const endTxn = answer.apiKeys.find(({ apiKey }) => apiKey === apis.endTxn.key)!;
  expect([endTxn.minVersion, endTxn.maxVersion]).toEqual(range);
  expect(answer.finalizedFeatures.some(({ name }) => name === 'transaction.version')).toBe(hasFeature);
});

it('below 4.0 the epoch stays, and a time-out raises it', async () => {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 }, clock, kafkaVersion: '3.9' });
  const client = await connect(cluster);
  const { producerId, producerEpoch } = await initialize(client);
  const request = {
    v3AndBelowTransactionalId: id,
    v3AndBelowProducerId: producerId,
    v3AndBelowProducerEpoch: producerEpoch,
    v3AndBelowTopics: [{ name: 'orders', partitions: [0] }],
  };
  await client.send(apis.addPartitionsToTxn, 3, request);
  await client.send(apis.endTxn, 3, { transactionalId: id, producerId, producerEpoch, committed: true });
  expect(cluster.transaction(id).status).toMatchObject({ state: 'CompleteCommit', producerEpoch });
  await client.send(apis.addPartitionsToTxn, 3, request);
  await clock.advance(60_001);
  expect(cluster.transaction(id).status).toMatchObject({ state: 'CompleteAbort', producerEpoch: producerEpoch + 1 });
  const answer = await client.send(apis.endTxn, 3, { transactionalId: id, producerId, producerEpoch, committed: true });
  expect(answer.errorCode).toBe(errorCodes.PRODUCER_FENCED);
});
