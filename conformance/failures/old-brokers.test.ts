import { BalancedConsumer, SimpleConsumer } from '@tskafka/consumer';
import {
  alterGroupOffsets,
  createPartitions,
  createTopics,
  deleteGroups,
  deleteRecords,
  deleteTopics,
  describeConfigs,
  describeGroups,
  describeTopics,
  groupOffsets,
  KafkaClient,
  listGroups,
  listOffsets,
  valuesOf,
} from '@tskafka/core';
import { Producer } from '@tskafka/producer';
import { MockCluster } from '@tskafka/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type KafkaRelease, kafkaReleases } from '../../packages/testing/src/broker/kafka-releases.ts';

async function clientOf(kafkaVersion: KafkaRelease): Promise<KafkaClient> {
  const cluster = await MockCluster.start({ kafkaVersion, brokers: 1, topics: { orders: 2 }, autoCreateTopics: false });
  const client = await KafkaClient.connect(cluster);
  onTestFinished(async () => {
    await client.close();
    await cluster.close();
  });
  return client;
}

const isBefore = (release: KafkaRelease, other: KafkaRelease): boolean => kafkaReleases.indexOf(release) < kafkaReleases.indexOf(other);

describe.each(kafkaReleases)('with brokers of Kafka %s', (release) => {
  it('messages are written and read, by partition and in a group, and a commit is found again', async () => {
    const client = await clientOf(release);
    await using producer = await Producer.start(client, { compression: 'gzip' });
    await producer.sendBatch(['a', 'b', 'c'].map((value) => ({ topic: 'orders', partition: 0, value, headers: { n: value } })));
    await using simple = await SimpleConsumer.start(client.topic('orders'), { until: 'latest' });
    const read: string[] = [];
    for await (const { value } of simple) read.push(String(value));
    expect(read).toEqual(['a', 'b', 'c']);

    const options = { consumerGroup: 'billing', autoOffsetReset: 'earliest' } as const;
    const one = await BalancedConsumer.start(client.topic('orders'), options);
    expect(String((await one.consume())?.value)).toBe('a');
    await one.commitOffsets();
    await one.close();
    await using other = await BalancedConsumer.start(client.topic('orders'), options);
    expect(String((await other.consume())?.value)).toBe('b');
    expect([...valuesOf(await describeGroups(client, ['billing'])).keys()]).toEqual(['billing']);
    expect((await listGroups(client)).groups).toMatchObject([{ group: 'billing' }]);
  });

  it('topics, offsets, records and groups are administered', async () => {
    const client = await clientOf(release);
    await using producer = await Producer.start(client);
    expect(await createTopics(client, [{ name: 'bills', partitions: 1, replicationFactor: 1 }])).toEqual(new Map([['bills', undefined]]));
    await producer.sendBatch(['a', 'b'].map((value) => ({ topic: 'bills', value })));
    expect(await createPartitions(client, [{ topic: 'bills', partitions: 2 }])).toEqual(new Map([['bills', undefined]]));
    expect(valuesOf(await describeTopics(client, ['bills'])).get('bills')!.partitions).toHaveLength(2);
    const end = { topic: 'bills', partition: 0, at: 'latest' } as const;
    expect((await listOffsets(client, [end])).get(end)).toMatchObject({ offset: 2 });
    expect([...valuesOf(await deleteRecords(client, [{ topic: 'bills', partition: 0, before: 1 }])).values()]).toHaveLength(1);
    expect(valuesOf(await describeConfigs(client, [{ type: 'topic', name: 'bills' }])).size).toBe(1);
    await alterGroupOffsets(client, 'billing', [{ topic: 'bills', partition: 0, offset: 1 }]);
    expect(await groupOffsets(client, 'billing')).toMatchObject([{ topic: 'bills', partition: 0, offset: 1 }]);
    expect(await deleteGroups(client, ['billing'])).toEqual(new Map([['billing', undefined]]));
    expect(await deleteTopics(client, ['bills', 'none'])).toMatchObject(
      new Map([
        ['bills', undefined],
        ['none', expect.objectContaining({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' })],
      ]),
    );
  });

  it.each(['commit', 'abort', 'begin'] as const)(
    'P20: a producer that was replaced cannot %s, and does not take its place back',
    async (does) => {
      const client = await clientOf(release);
      await using old = await Producer.start(client, { transactionalId: 'bills' });
      const transaction = await old.transaction();
      await transaction.send({ topic: 'orders', value: 'by the old one' });
      if (does === 'begin') await transaction.abort();
      await using fresh = await Producer.start(client, { transactionalId: 'bills' });
      const fenced = { name: 'ProducerFencedError' };
      // From Kafka 4.0 on it has its next epoch already, and is told when it writes.
      const begin = async (): Promise<void> => {
        const next = await old.transaction();
        await next.send({ topic: 'orders', value: 'x' }).catch(() => next.abort());
      };
      const doing = does === 'begin' ? begin() : transaction[does]();
      await expect(doing).rejects.toMatchObject(fenced);
      await expect(old.transaction()).rejects.toMatchObject(fenced);

      await using next = await fresh.transaction();
      await next.send({ topic: 'orders', value: 'by the new one' });
      await next.commit();
    },
  );

  it('topics are created with the defaults of the brokers, or one is told why not', async () => {
    const creating = createTopics(await clientOf(release), [{ name: 'bills' }]);
    if (isBefore(release, '2.4')) {
      const message = "topic 'bills': brokers before Kafka 2.4 have no defaults, give partitions and replicationFactor";
      await expect(creating).rejects.toMatchObject({ name: 'UnsupportedVersionError', message });
    } else expect(await creating).toEqual(new Map([['bills', undefined]]));
  });

  it("P29: a member's offsets go into a transaction, or one is told why not", async () => {
    const client = await clientOf(release);
    await using producer = await Producer.start(client, { transactionalId: 'bills' });
    {
      await using transaction = await producer.transaction();
      await transaction.send({ topic: 'orders', partition: 0, value: 'a' });
      await transaction.commit();
    }
    await using consumer = await BalancedConsumer.start(client.topic('orders'), { consumerGroup: 'billing', autoOffsetReset: 'earliest' });
    expect(String((await consumer.consume())?.value)).toBe('a');
    await using transaction = await producer.transaction();
    const sending = transaction.sendOffsets(consumer);
    if (isBefore(release, '2.5')) {
      const message = "a group's member can only send its offsets with a transaction to Kafka 2.5 or newer (KIP-447)";
      return expect(sending).rejects.toMatchObject({ name: 'UnsupportedVersionError', message });
    }
    await sending;
    await transaction.commit();
    expect(await groupOffsets(client, 'billing')).toMatchObject([{ topic: 'orders', partition: 0, offset: 1 }]);
  });
});
