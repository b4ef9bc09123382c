import { KafkaClient } from '@tskafka/producer';
import { MockCluster } from '@tskafka/testing';
import { kafkaTest } from '@tskafka/testing/vitest';
import { Kafka, logLevel } from 'kafkajs';
import { expect, it } from 'vitest';

it('is reached by any client over TCP', async () => {
  // #region listen
  await using cluster = await MockCluster.start({ sasl: { users: { alice: 'secret' } }, topics: { orders: 1 } });
  const { brokers } = await cluster.listen(); // 127.0.0.1, a free port for each broker; { tls: { key, cert } } for TLS
  const kafka = new Kafka({
    brokers,
    sasl: { mechanism: 'scram-sha-256', username: 'alice', password: 'secret' },
    logLevel: logLevel.NOTHING,
  });
  // #endregion
  const admin = kafka.admin();
  await admin.connect();
  expect(await admin.listTopics()).toEqual(['orders']);
  await admin.disconnect();
});

it('passes for an older Kafka', async () => {
  // #region version
  await using cluster = await MockCluster.start({ kafkaVersion: '2.8' });
  // #endregion
  await using client = await KafkaClient.connect(cluster);
  expect(client.brokers).toHaveLength(3);
});

// #region fixture
const test = kafkaTest({ brokers: 3 }); // or, for jest and node:test: useKafka({ beforeEach, afterEach })

test('runs on the mock, or on the Kafka that KAFKA_BOOTSTRAP names', async ({ kafka }) => {
  const topic = await kafka.createTopic({ prefix: 'orders', partitions: 2 });
  await using client = await KafkaClient.connect(kafka);
  expect(await client.topic(topic).partitions()).toHaveLength(2);
  expect(await kafka.records(topic)).toEqual([]);
});
// #endregion
