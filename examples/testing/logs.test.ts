import { KafkaClient } from '@tskafka/core';
import { Producer } from '@tskafka/producer';
import { MockCluster, VirtualClock } from '@tskafka/testing';
import { extendExpect } from '@tskafka/testing/vitest';
import { expect, it } from 'vitest';

extendExpect();

it('has transactions, and takes them away from a producer', async () => {
  // #region transactions
  await using cluster = await MockCluster.start({ topics: { orders: 1 } });
  await using client = await KafkaClient.connect(cluster);
  await using producer = await Producer.start(client, { transactionalId: 'copier' });
  const first = await producer.transaction();
  await first.send({ topic: 'orders', value: 'a' });
  await first.sendOffsets({ consumerGroup: 'billing', offsets: [{ topic: 'orders', partition: 0, offset: 7 }] });
  expect(cluster.transaction('copier').state).toBe('Ongoing');
  expect(cluster.topic('orders').records()).toEqual([]); // uncommitted records are not visible
  await first.commit();
  expect(cluster.topic('orders')).toHaveRecords([{ value: 'a' }]);
  expect(cluster.group('billing')).toHaveCommitted({ orders: { 0: 7 } });

  const second = await producer.transaction();
  await second.send({ topic: 'orders', value: 'b' });
  cluster.transaction('copier').fence(); // as if another producer used its id; also: abort(), expire(), leaveHanging(), cluster.holdMarkers()
  await expect(second.commit()).rejects.toThrow('copier');
  expect(cluster.topic('orders').records()).toHaveLength(1);
  // #endregion
});

it('holds replication back', async () => {
  // #region replication
  await using cluster = await MockCluster.start({ topics: { orders: 1 } });
  await using client = await KafkaClient.connect(cluster);
  await using producer = await Producer.start(client);
  const topic = cluster.topic('orders');
  const hold = topic.holdReplication({ followers: [2] }); // { what: 'highWatermark' }: it has the records, but does not know that they are committed
  const sent = producer.send({ topic: 'orders', value: 'a' });
  await cluster.nextRequest('Produce');
  await cluster.settled();
  expect(topic.partition(0)).toMatchObject({
    endOffset: 1,
    highWatermark: 0,
    followers: [
      { broker: 2, lag: 1 },
      { broker: 3, lag: 0 },
    ],
  });
  expect(topic.records()).toEqual([]); // no consumer sees it
  hold.stop();
  await sent; // acks=all: now all replicas have it
  expect(topic.partition(0).highWatermark).toBe(1);
  // #endregion
});

it('lets time pass over a log', async () => {
  // #region retention
  const clock = new VirtualClock();
  const configs = { 'segment.ms': '1000', 'retention.ms': '60000' };
  await using cluster = await MockCluster.start({ clock, topics: { orders: { configs } } });
  const topic = cluster.topic('orders');
  topic.append('old');
  await clock.advance(2000);
  topic.append('new'); // in a new segment
  await clock.advance(59_000);
  topic.applyRetention(); // the broker does it too, every five minutes; also: roll(), compact(), truncate(), deleteRecords()
  expect(topic.records().map(({ value }) => String(value))).toEqual(['new']);
  expect(topic.partition(0)).toMatchObject({ startOffset: 1, endOffset: 2 });
  // #endregion
});
