import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { expect, it } from 'vitest';
import { serve, type Served, valuesOf } from './cluster.ts';

const clientOf = ({ brokers }: Served): Kafka => new Kafka({ clientId: 'kafkajs', brokers, logLevel: logLevel.NOTHING });
const withPartitioner = { createPartitioner: Partitioners.DefaultPartitioner };

it('produces, idempotent and compressed', async () => {
  await using served = await serve({ topics: { orders: 1 } });
  const producer = clientOf(served).producer({ ...withPartitioner, idempotent: true });
  await producer.connect();
  await producer.send({ topic: 'orders', compression: 1, messages: [{ key: 'k', value: 'a', headers: { h: '1' } }, { value: 'b' }] });
  await producer.disconnect();
  expect(valuesOf(served, 'orders')).toEqual(['a', 'b']);
});

it('administers topics', async () => {
  await using served = await serve();
  const admin = clientOf(served).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'new', numPartitions: 2, replicationFactor: 3 }] });
  await admin.createPartitions({ topicPartitions: [{ topic: 'new', count: 3 }] });
  const { topics } = await admin.fetchTopicMetadata({ topics: ['new'] });
  expect(topics[0]!.partitions).toHaveLength(3);
  const described = await admin.describeConfigs({
    includeSynonyms: true,
    resources: [{ type: 2, name: 'new', configNames: ['retention.ms'] }],
  });
  expect(described.resources[0]!.configEntries).toMatchObject([{ configName: 'retention.ms', configValue: '604800000' }]);
  await admin.deleteTopics({ topics: ['new'] });
  expect(await admin.listTopics()).toEqual([]);
  await admin.disconnect();
});
