import { MockCluster } from '@tskafka/testing';
import { createKafka } from '@tskafka/testing/kafkajs';
import { logLevel } from 'kafkajs';
import { expect, it } from 'vitest';

it('waits for records, members and progress', async () => {
  // #region kafkajs
  await using cluster = await MockCluster.start({ topics: { orders: 2 } });
  const kafka = createKafka(cluster); // the real kafkajs, without a port
  const consumer = kafka.consumer({ groupId: 'billing' });
  // #endregion
  const seen: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void seen.push(String(message.value)) });
  // #region wait
  const [member] = await cluster.group('billing').waitForStable({ members: 1 });
  expect(member!.assignment).toHaveLength(2); // partitions

  cluster.topic('orders').append('a', { partition: 1, value: 'b' });
  await cluster.topic('orders').waitForRecords(2, { where: ({ value }) => value !== null });
  await cluster.group('billing').waitForLag(0); // everything was read and committed
  await cluster.idle(); // no request is open and no client is busy
  // #endregion
  expect(seen.toSorted()).toEqual(['a', 'b']);
  await consumer.disconnect();
});

it('says what came instead', async () => {
  await using cluster = await MockCluster.start({ topics: { orders: 1 } });
  const producer = createKafka(cluster, { logLevel: logLevel.NOTHING, retry: { retries: 0 } }).producer();
  await producer.connect();
  cluster.fail('Produce', ['MESSAGE_TOO_LARGE']);
  await producer.send({ topic: 'orders', messages: [{ value: 'a' }] }).catch(() => {});
  await producer.disconnect();
  // #region instead
  const waiting = cluster.topic('orders').waitForRecords(1, { timeoutMs: 50 });
  await expect(waiting).rejects.toThrow("after 50 ms: 0 of 1 expected records have arrived. 'orders' is empty.");
  await expect(waiting).rejects.toThrow('Produce v7 of kafkajs to broker 1: MESSAGE_TOO_LARGE');
  // #endregion
});
