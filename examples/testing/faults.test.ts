import { createTopics } from '@tskafka/core';
import { KafkaClient } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { MockCluster, seededRandom, VirtualClock } from '@tskafka/testing';
import { expect, it } from 'vitest';

async function scene() {
  const cluster = await MockCluster.start({ topics: { orders: 3 } });
  const client = await KafkaClient.connect(cluster);
  const producer = await Producer.start(client);
  const close = async (): Promise<void> => {
    await producer.close();
    await client.close();
    await cluster.close();
  };
  return { cluster, producer, [Symbol.asyncDispose]: close };
}

it('answers with errors', async () => {
  await using given = await scene();
  const { cluster, producer } = given;
  // #region errors
  cluster.fail('Produce', ['NOT_LEADER_OR_FOLLOWER', 'REQUEST_TIMED_OUT'], { topic: 'orders' }); // the next two, one each
  cluster.fail('OffsetFetch', ['NOT_COORDINATOR'], { broker: 2 });
  await producer.send({ topic: 'orders', partition: 0, value: 'a' }); // the client tries again
  expect(cluster.topic('orders').records()).toHaveLength(1);

  expect(() => cluster.assertFaultsFired()).toThrow("'fail OffsetFetch with NOT_COORDINATOR' never happened");
  // #endregion
});

it('loses requests, and loses answers', async () => {
  await using given = await scene();
  const { cluster, producer } = given;
  // #region lose
  cluster.dropRequest('Produce'); // the connection breaks before the broker has done anything
  await producer.send({ topic: 'orders', partition: 0, value: 'a' });
  cluster.dropResponse('Produce'); // … and after it has appended the records: this fault finds the most bugs
  await producer.send({ topic: 'orders', partition: 0, value: 'b' });
  expect(cluster.topic('orders').records()).toHaveLength(2); // not three: the producer is idempotent
  // #endregion
});

it('holds requests back', async () => {
  await using given = await scene();
  const { cluster, producer } = given;
  // #region hold
  const hold = cluster.hold('Produce');
  const sent = producer.send({ topic: 'orders', partition: 0, value: 'a' });
  await hold.held(); // now a request is waiting
  expect(cluster.topic('orders').records()).toHaveLength(0);
  hold.release();
  await sent;
  // #endregion
});

it('takes brokers down, and moves leaders', async () => {
  await using given = await scene();
  const { cluster, producer } = given;
  // #region brokers
  const topic = cluster.topic('orders');
  const { leader } = topic.partition(0);
  await cluster.broker(leader).down(); // its connections break, others lead
  await producer.send({ topic: 'orders', partition: 0, value: 'a' });
  await cluster.broker(leader).up();

  topic.moveLeader(1, leader);
  using slow = cluster.broker(leader).rtt(5, { jitterMs: 5 });
  await producer.send({ topic: 'orders', partition: 1, value: 'b' });
  slow.stop();

  cluster.broker(leader).dropConnections(); // also: refuse(), blackhole(), slice(), halfClose(), staleMetadata()
  await producer.send({ topic: 'orders', partition: 1, value: 'c' });
  // #endregion
  expect(topic.records()).toHaveLength(3);
});

it('decides itself what becomes of a request', async () => {
  await using given = await scene();
  const { cluster, producer } = given;
  // #region intercept
  using interception = cluster.intercept('Produce', async (call) => {
    if (call.broker === 1) return call.drop();
    const answer = await call.pass(); // the real answer
    return answer;
  });
  // #endregion
  interception.stop();
  await producer.send({ topic: 'orders', value: 'a' });
});

it('holds time', async () => {
  // #region time
  const clock = new VirtualClock();
  await using cluster = await MockCluster.start({ clock, topics: { orders: 1 } });
  const client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, clock });
  cluster.topic('orders').append('a');
  expect(cluster.topic('orders').records()[0]!.timestamp).toBe(Date.UTC(2026, 0, 1));
  await clock.advance(45_000); // timeouts, sessions and back-off fire in order, in the client and in the brokers
  await client.close();
  // #endregion
});

it('takes its time, as a real cluster does', async () => {
  // #region realism
  await using cluster = await MockCluster.start({ realism: { topicCreationMs: 100, coordinatorLoadMs: 50, rttMs: 1 } }); // or `true`
  await using client = await KafkaClient.connect(cluster);
  await createTopics(client, [{ name: 'orders' }]); // UNKNOWN_TOPIC_OR_PARTITION from some brokers for a while
  await using producer = await Producer.start(client, { transactionalId: 'copier' }); // COORDINATOR_LOAD_IN_PROGRESS for a while
  const transaction = await producer.transaction();
  await transaction.send({ topic: 'orders', value: 'a' });
  await transaction.commit(); // the client retried until all of it worked
  // #endregion
  expect(cluster.topic('orders').records()).toHaveLength(1);
});

it('goes wrong at random, and in the same way again', async () => {
  // #region chaos
  const clock = new VirtualClock();
  const random = seededRandom(7);
  await using cluster = await MockCluster.start({ clock, random, topics: { orders: 3 } });
  const client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, clock, random });
  const producer = await Producer.start(client);
  const chaos = cluster.chaos({ seed: 7 }); // without a seed, it prints the one it chose
  const sent = Promise.all(['a', 'b', 'c'].map((value) => producer.send({ topic: 'orders', partition: 0, value })));
  await clock.advance(10_000);
  await sent;
  await chaos.stop(); // repairs everything
  expect(chaos.events.map(({ description }) => description)).toContain('drop the next answer of broker 3');
  // #endregion
  expect(cluster.topic('orders').records()).toHaveLength(3);
  await producer.close();
  await client.close();
});
