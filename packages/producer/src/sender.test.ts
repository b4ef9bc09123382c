import { KafkaClient } from '@tskafka/core';
import { clusterSymbol } from '@tskafka/core/internal';
import { describe, expect, it } from 'vitest';
import { Producer } from './producer.ts';
import { failureOf, order, startOnMock, values } from './test-on-mock.ts';

describe('batching', () => {
  it('puts what is sent at once into one batch, without waiting for anything', async () => {
    const { producer, log, requestCount } = await startOnMock();
    await Promise.all(values(100).map((value) => producer.send(order(value))));
    expect(log()).toEqual(values(100));
    expect(requestCount()).toBe(1);
  });

  it('collects while a request is on its way, and sends all of it with the answer', async () => {
    const { producer, cluster, clock, log, requestCount } = await startOnMock();
    await producer.send(order('first'));
    const hold = cluster.hold('Produce', { times: 1 });
    const sent = [producer.send(order('v0'))];
    await hold.held();
    for (const value of values(50).slice(1)) {
      sent.push(producer.send(order(value)));
      await clock.advance(1);
    }
    hold.release();
    await Promise.all(sent);
    expect(log()).toEqual(['first', ...values(50)]);
    expect(requestCount()).toBe(3);
  });

  it('waits lingerMs for more, but not when flush asks', async () => {
    const { producer, clock, requestCount } = await startOnMock({ lingerMs: 100 });
    const first = producer.send(order('a'));
    await clock.advance(99);
    const second = producer.send(order('b'));
    expect(requestCount()).toBe(0);
    await clock.advance(1);
    await Promise.all([first, second]);
    expect(requestCount()).toBe(1);
    const third = producer.send(order('c'));
    await producer.flush();
    await third;
    expect(requestCount()).toBe(2);
  });

  it('sends a full batch at once, and has five requests in flight at most', async () => {
    const { producer, cluster, clock, log } = await startOnMock({ batchBytes: 1, client: { maxInFlightRequests: 100 } });
    await producer.send(order('first'));
    let inFlight = 0;
    let most = 0;
    cluster.intercept('Produce', async (call) => {
      most = Math.max(most, ++inFlight);
      const response = await call.pass();
      inFlight--;
      return response;
    });
    using _ = cluster.broker(1).rtt(100);
    const sent = values(20).map((value) => producer.send(order(value)));
    await clock.advance(50);
    expect(cluster.requests({ api: 'Produce' })).toHaveLength(1 + 5);
    await clock.advance(1000);
    await Promise.all(sent);
    expect(log()).toEqual(['first', ...values(20)]);
    expect(most).toBeLessThanOrEqual(5);
  });

  it('keeps a request below maxRequestBytes', async () => {
    const partitions = 8;
    const { producer, cluster, clock } = await startOnMock({
      maxRequestBytes: 2000,
      cluster: { topics: { orders: partitions } },
    });
    const sent = values(partitions).map((_, partition) => producer.send({ topic: 'orders', value: 'x'.repeat(600), partition }));
    await clock.advance(100);
    await Promise.all(sent);
    const requests = cluster.requests({ api: 'Produce' });
    expect(requests.length).toBeGreaterThan(2);
    for (const { request } of requests) {
      const bytes = request.topicData.flatMap(({ partitionData }) => partitionData.map(({ records }) => records!.length));
      expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(2000);
    }
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('compresses (%s), small batches and large ones', async (compression) => {
    const { producer, cluster } = await startOnMock({ compression });
    await producer.send(order('small'));
    const large = 'x'.repeat(100_000);
    await producer.send(order(large));
    expect(
      cluster
        .topic('orders')
        .records()
        .map(({ value }) => String(value)),
    ).toEqual(['small', large]);
    const [, second] = cluster.requests({ api: 'Produce' });
    expect(second!.request.topicData[0]!.partitionData[0]!.records!.length).toBeLessThan(6000);
  });
});

describe('a leader that moves', () => {
  it('M3: is followed at once where the answer names the new one (KIP-951): no metadata, no pause, same order', async () => {
    const { producer, cluster, log } = await startOnMock({ batchBytes: 1, cluster: { brokers: 3 } });
    await producer.send(order('first'));
    const { leader } = cluster.topic('orders').partition(0);
    cluster.topic('orders').moveLeader(0, leader === 1 ? 2 : 1);
    const before = cluster.requests({ api: 'Metadata' }).length;
    await Promise.all(values(8).map((value) => producer.send(order(value)))); // time stands still
    expect(log()).toEqual(['first', ...values(8)]);
    expect(cluster.requests({ api: 'Metadata' })).toHaveLength(before);
  });

  it('M4: is looked for, with pauses, where the answer does not name it', async () => {
    const { producer, cluster, clock, log } = await startOnMock({ batchBytes: 1, cluster: { brokers: 3 } });
    for (const id of [1, 2, 3]) cluster.broker(id).apiVersions({ Produce: [3, 9] });
    await producer.send(order('first'));
    const { leader } = cluster.topic('orders').partition(0);
    cluster.topic('orders').moveLeader(0, leader === 1 ? 2 : 1);
    const sent = values(8).map((value) => producer.send(order(value)));
    await clock.advance(1000);
    await Promise.all(sent);
    expect(log()).toEqual(['first', ...values(8)]);
  });

  it('M1: is waited for when its broker dies, and nothing is lost, doubled or reordered', async () => {
    const { producer, cluster, clock, log } = await startOnMock({ batchBytes: 1, cluster: { brokers: 3 } });
    const sent = [];
    for (let i = 0; i < 60; i++) {
      sent.push(producer.send(order(`v${i}`)));
      if (i === 20) await cluster.broker(cluster.topic('orders').partition(0).leader).down();
      if (i % 10 === 0) await clock.advance(20);
    }
    await clock.advance(3000);
    await Promise.all(sent);
    expect(log()).toEqual(values(60));
  });

  it('M1: gets nothing before the old one has answered: it would overtake', async () => {
    const { producer, client, cluster, clock, log } = await startOnMock({ batchBytes: 1, cluster: { brokers: 2 } });
    await producer.send(order('first'));
    const { leader } = cluster.topic('orders').partition(0);
    const hold = cluster.hold('Produce', { broker: leader });
    const sent = values(3).map((value) => producer.send(order(value)));
    await hold.held();
    cluster.topic('orders').moveLeader(0, 3 - leader);
    await client[clusterSymbol].refresh(['orders']);
    sent.push(producer.send(order('v3')));
    await clock.advance(100);
    expect(cluster.requests({ api: 'Produce', broker: 3 - leader })).toEqual([]);
    hold.release();
    await clock.advance(1000);
    await Promise.all(sent);
    expect(log()).toEqual(['first', ...values(4)]);
  });

  it('M10: without any, messages wait and are delivered when there is one', async () => {
    const { producer, cluster, clock, log } = await startOnMock();
    await producer.send(order('first'));
    cluster.topic('orders').leaderless(0);
    const sent = producer.send(order('a'));
    await clock.advance(30_000);
    // Its pause grows to a second: neither a storm of requests nor a long sleep.
    const asked = cluster.requests({ api: 'Metadata' }).length;
    expect(asked).toBeGreaterThan(20);
    expect(asked).toBeLessThan(60);
    cluster.topic('orders').moveLeader(0, 1);
    await clock.advance(1500);
    await sent;
    expect(log()).toEqual(['first', 'a']);
  });

  it('does not keep messages to other brokers waiting', async () => {
    const { producer, cluster, clock } = await startOnMock({ cluster: { brokers: 2, topics: { orders: 2 } } });
    await Promise.all([0, 1].map((partition) => producer.send({ topic: 'orders', value: 'first', partition })));
    const { leader } = cluster.topic('orders').partition(0);
    const hole = cluster.broker(leader).blackhole();
    const slow = producer.send({ topic: 'orders', value: 'slow', partition: 0 });
    const quick = await producer.send({ topic: 'orders', value: 'quick', partition: 1 });
    expect(quick).toMatchObject({ partition: 1, offset: 1 });
    hole.stop();
    await clock.advance(60_000);
    expect(await slow).toMatchObject({ partition: 0, offset: 1 });
  });
});

describe('a topic', () => {
  it('M6: that was just made is waited for', async () => {
    const { producer, cluster, clock } = await startOnMock();
    const sent = producer.send({ topic: 'new', value: 'a' });
    await clock.advance(1000);
    cluster.createTopic('new', 1);
    await clock.advance(2000);
    expect(await sent).toMatchObject({ topic: 'new', offset: 0 });
  });

  it('M7: that does not exist rejects with its name, after topicTimeoutMs', async () => {
    const { producer, clock, cluster } = await startOnMock();
    const failures = [
      failureOf(producer.send({ topic: 'nowhere', value: 'a' })),
      failureOf(producer.send({ topic: 'nowhere', value: 'b' })),
    ];
    await clock.advance(5000);
    for (const failure of failures) {
      expect(await failure).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION', persistence: 'not persisted' });
      expect(String(await failure)).toMatch(/topic 'nowhere'/);
    }
    // Neither asking nor sending has made it.
    expect(cluster.topicNames).toEqual(['orders']);
  });

  it('M7: that is deleted while its messages wait rejects them', async () => {
    const { producer, cluster, clock } = await startOnMock();
    await producer.send(order('first'));
    cluster.topic('orders').delete();
    const failure = failureOf(producer.send(order('a')));
    await clock.advance(10_000);
    expect(await failure).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION', persistence: 'not persisted' });
  });

  it('M8: that was made anew takes what follows', async () => {
    const { producer, cluster, clock, log } = await startOnMock();
    await producer.send(order('old'));
    cluster.topic('orders').recreate();
    const sent = [producer.send(order('a')), producer.send(order('b'))];
    await clock.advance(10_000);
    await Promise.all(sent);
    expect(log()).toEqual(['a', 'b']);
  });

  it('M8: that was made anew takes nothing before what is on its way to the old one has come back', async () => {
    const { producer, cluster, client, clock, log } = await startOnMock({ batchBytes: 1 });
    await producer.send(order('old'));
    const hold = cluster.hold('Produce');
    const first = producer.send(order('a'));
    await hold.held();
    cluster.topic('orders').recreate();
    await client[clusterSymbol].refresh();
    const sent = [first, ...['b', 'c', 'd'].map((value) => producer.send(order(value)))];
    await clock.advance(0);
    hold.release();
    await clock.advance(5000);
    await Promise.all(sent);
    expect(log()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('M9: that grows is used with all its partitions; one that was named before it was known is waited for', async () => {
    const { producer, cluster } = await startOnMock();
    await producer.send(order('first'));
    cluster.topic('orders').addPartitions(4);
    expect(await producer.send({ topic: 'orders', value: 'a', partition: 3 })).toMatchObject({ partition: 3, offset: 0 });
    await expect(producer.send({ topic: 'orders', value: 'a', partition: 4 })).rejects.toThrow(
      new RangeError(`'orders' has no partition 4: it has 4, numbered from 0`),
    );
  });

  it('P18: that may not be written rejects its messages, and the others flow; it recovers when it may', async () => {
    const { producer, cluster, log } = await startOnMock({ cluster: { topics: { orders: 1, secret: 1 } } });
    cluster.fail('Produce', ['TOPIC_AUTHORIZATION_FAILED'], { topic: 'secret' });
    const refused = failureOf(producer.send({ topic: 'secret', value: 'a' }));
    await producer.send(order('a'));
    expect(await refused).toMatchObject({ errorName: 'TOPIC_AUTHORIZATION_FAILED', persistence: 'not persisted', retriable: false });
    expect(await producer.send({ topic: 'secret', value: 'b' })).toMatchObject({ offset: 0 });
    expect(log()).toEqual(['a']);
  });

  it('P19: whose batch arrived damaged gets it again', async () => {
    const { producer, cluster, clock, log } = await startOnMock();
    cluster.fail('Produce', ['CORRUPT_MESSAGE']);
    const sent = producer.send(order('a'));
    await clock.advance(500);
    await sent;
    expect(log()).toEqual(['a']);
  });

  it('P19: whose batch arrives damaged until its time is over says so right behind what it rejects with', async () => {
    const { producer, cluster, clock } = await startOnMock({ deliveryTimeoutMs: 1000 });
    cluster.fail(
      'Produce',
      Array.from({ length: 50 }, () => 'CORRUPT_MESSAGE' as const),
    );
    const sent = failureOf(producer.send(order('a')));
    await clock.advance(2000);
    expect(await sent).toMatchObject({ name: 'TimeoutError', persistence: 'not persisted', cause: { errorName: 'CORRUPT_MESSAGE' } });
  });

  it('is named in requests as long as its id is not known', async () => {
    const { producer, cluster, clock } = await startOnMock();
    await producer.send(order('by id'));
    cluster.broker(1).apiVersions({ Metadata: [0, 9] });
    const client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, clock });
    const unaware = await Producer.start(client);
    await unaware.send(order('by name'));
    expect(cluster.requests({ api: 'Produce' }).map(({ version }) => version)).toEqual([13, 12]);
    await client.close();
  });
});

describe('a cluster that is out of reach', () => {
  it('rejects what is pending after unavailableTimeoutMs, naming the addresses, and the next send works when it is back', async () => {
    const { producer, cluster, clock, log } = await startOnMock({ maxBufferedBytes: 600 });
    await producer.send(order('first'));
    await cluster.broker(1).down({ failover: false });
    const failures = values(5).map((value) => failureOf(producer.send(order(value)))); // some wait for room
    const unknown = failureOf(producer.send({ topic: 'other', value: 'x' }));
    await clock.advance(29_000);
    const open = await Promise.race([...failures, unknown, Promise.resolve('open')]);
    expect(open).toBe('open');
    await clock.advance(3000);
    for (const failure of [...failures, unknown]) {
      expect(await failure).toMatchObject({ name: 'NoBrokersAvailableError', persistence: 'not persisted', retriable: true });
      expect(String(await failure)).toMatch(/mock-1:9092/);
    }
    await cluster.broker(1).up();
    const again = producer.send(order('again'));
    await clock.advance(3000);
    await again;
    expect(log()).toEqual(['first', 'again']);
  });

  it('says possibly persisted of what had gone out before', async () => {
    const { producer, cluster, clock } = await startOnMock();
    await producer.send(order('first'));
    cluster.dropResponse('Produce');
    const failure = failureOf(producer.send(order('a')));
    await cluster.settled();
    await cluster.broker(1).down({ failover: false });
    await clock.advance(40_000);
    expect(await failure).toMatchObject({ name: 'NoBrokersAvailableError', persistence: 'possibly persisted' });
  });
});

describe('acks', () => {
  it('P12: with 0 a send resolves when its bytes are handed over, without an offset, and a broken connection does not disturb the next', async () => {
    const { producer, cluster, clock, log } = await startOnMock({ acks: 0 });
    expect(await producer.send(order('a'))).toMatchObject({ topic: 'orders', partition: 0, offset: undefined });
    cluster.dropRequest('Produce');
    expect(await producer.send(order('lost'))).toMatchObject({ offset: undefined });
    await clock.advance(1000);
    const sent = producer.send(order('b'));
    await clock.advance(1000);
    await sent;
    await cluster.settled();
    expect(log()).toEqual(['a', 'b']);
    expect(cluster.requests({ api: 'InitProducerId' })).toHaveLength(0);
  });

  it('with 1 asks the leader alone, and for no producer id', async () => {
    const { producer, cluster } = await startOnMock({ acks: 1 });
    expect(await producer.send(order('a'))).toMatchObject({ offset: 0 });
    expect(cluster.requests({ api: 'Produce' })[0]!.request).toMatchObject({ acks: 1 });
    expect(cluster.requests({ api: 'InitProducerId' })).toHaveLength(0);
  });
});
