import { apis, errorCodes, setProducer } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import { connect } from './test-client.ts';
import { batchOf, produce, sequenced } from './test-requests.ts';

async function send(cluster: MockCluster, records: Buffer): Promise<{ errorCode: number; baseOffset: number }> {
  const client = await connect(cluster, cluster.topic('orders').partition(0).leader);
  const { errorCode, baseOffset } = await produce(client, 'orders', records);
  client.close();
  return { errorCode, baseOffset };
}

const valuesOf = (cluster: MockCluster): string[] => cluster.topic('orders').records().map(({ value }) => String(value)); // prettier-ignore

describe('fork', () => {
  it('holds what the cluster held, and goes its own way from then on', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 2 } });
    cluster.topic('orders').append('a', { partition: 1, value: 'b' });
    cluster.group('billing').commit('orders', 0, 1, 'note');
    await using fork = cluster.fork();
    expect(fork.snapshot()).toEqual(cluster.snapshot());
    expect(fork.topic('orders').id).toBe(cluster.topic('orders').id);
    expect(fork.clusterId).toBe(cluster.clusterId);

    fork.topic('orders').append('only here');
    fork.group('billing').commit('orders', 0, 2);
    fork.createTopic('new');
    cluster.topic('orders').append('only there');
    expect(valuesOf(cluster)).toEqual(['a', 'only there', 'b']);
    expect(valuesOf(fork)).toEqual(['a', 'only here', 'b']);
    expect(cluster.group('billing').committed('orders', 0)).toBe(1);
    expect(cluster.topicNames).not.toContain('new');
  });

  it('shares the bytes of the records', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    cluster.topic('orders').append('a');
    await using fork = cluster.fork();
    const bytes = (of: MockCluster): ArrayBufferLike => of.topic('orders').records()[0]!.value!.buffer;
    expect(bytes(fork)).toBe(bytes(cluster));
  });

  it('knows the leaders, their epochs, and brokers that are down', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    cluster.topic('orders').moveLeader(0, 2);
    await cluster.broker(3).down();
    await using fork = cluster.fork();
    expect(fork.topic('orders').partition(0)).toEqual(cluster.topic('orders').partition(0));
    expect(fork.broker(3).accepts).toBe(false);
    await fork.broker(3).up();
    expect(fork.topic('orders').partition(0).inSync.toSorted()).toEqual([1, 2, 3]);
    expect(cluster.topic('orders').partition(0).inSync.toSorted()).toEqual([1, 2]);
  });

  it('remembers idempotent producers: what was sent before is not appended again', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    const batch = sequenced(batchOf(['a']), 5, 0);
    expect(await send(cluster, batch)).toEqual({ errorCode: errorCodes.NONE, baseOffset: 0 });
    await using fork = cluster.fork();
    expect(await send(fork, batch)).toEqual({ errorCode: errorCodes.NONE, baseOffset: 0 });
    expect(valuesOf(fork)).toEqual(['a']);
  });

  it('has the open transactions, which end in either of them for itself', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    const { coordinator } = cluster.transaction('payments');
    const client = await connect(cluster, coordinator);
    const asked = { transactionalId: 'payments', transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 };
    const { producerId, producerEpoch } = await client.send(apis.initProducerId, 4, asked);
    const identity = { v3AndBelowTransactionalId: 'payments', v3AndBelowProducerId: producerId, v3AndBelowProducerEpoch: producerEpoch };
    await client.send(apis.addPartitionsToTxn, 3, { ...identity, v3AndBelowTopics: [{ name: 'orders', partitions: [0] }] });
    const records = batchOf(['a']);
    setProducer(records, { producerId, producerEpoch, baseSequence: 0, isTransactional: true });
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }];
    const leader = await connect(cluster, cluster.topic('orders').partition(0).leader);
    await leader.send(apis.produce, 9, { transactionalId: 'payments', acks: -1, timeoutMs: 1000, topicData });

    await using fork = cluster.fork();
    expect(fork.transaction('payments').state).toBe('Ongoing');
    fork.transaction('payments').abort();
    expect(fork.transaction('payments').state).toBe('CompleteAbort');
    expect(cluster.transaction('payments').state).toBe('Ongoing');
    await client.send(apis.endTxn, 3, { transactionalId: 'payments', producerId, producerEpoch, committed: true });
    expect([valuesOf(cluster), valuesOf(fork)]).toEqual([['a'], []]);
  });

  it('has the same configurations, rights and quotas, each its own', async () => {
    await using cluster = await MockCluster.start({ authorizer: { superUsers: ['User:ANONYMOUS'] }, topics: { orders: 1 } });
    const client = await connect(cluster, 1);
    const set = (of: typeof client, value: string) =>
      of.send(apis.incrementalAlterConfigs, 1, {
        resources: [{ resourceType: 4, resourceName: '1', configs: [{ name: 'log.cleaner.threads', configOperation: 0, value }] }],
        validateOnly: false,
      });
    const threads = async (of: typeof client): Promise<string | null> => {
      const resources = [{ resourceType: 4, resourceName: '1', configurationKeys: ['log.cleaner.threads'] }];
      const { results } = await of.send(apis.describeConfigs, 4, { resources, includeSynonyms: false, includeDocumentation: false });
      return results[0]!.configs[0]!.value;
    };
    await set(client, '2');
    await using fork = cluster.fork();
    const other = await connect(fork, 1);
    expect(await threads(other)).toBe('2');
    await set(other, '3');
    expect([await threads(client), await threads(other)]).toEqual(['2', '3']);
  });
});
