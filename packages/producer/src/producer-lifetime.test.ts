import { describe, expect, it } from 'vitest';
import { Producer } from './producer.ts';
import { failureOf, order, startOnMock, values } from './test-on-mock.ts';

it('leaves no timer behind, which would hold it and its client in memory until the delivery timeout', async () => {
  const { clock, producer, client } = await startOnMock();
  await producer.send(order('a'));
  await producer.close();
  await client.close();
  expect(clock.pendingTimers).toBe(0);
});

describe('flush and close', () => {
  it('flush resolves when all that was sent has been told, also what waits for room or for a topic', async () => {
    const { producer, clock, log } = await startOnMock({ maxBufferedBytes: 600, lingerMs: 60_000 });
    const told: string[] = [];
    for (const value of values(10)) void producer.send(order(value)).then(() => told.push(value));
    const missing = failureOf(producer.send({ topic: 'nowhere', value: 'x' }));
    const flushed = producer.flush();
    await clock.advance(5000);
    await flushed;
    expect(told).toEqual(values(10));
    expect(log()).toEqual(values(10));
    await missing;
  });

  it('P15: while the broker is down, flush settles within its time, and the messages stay on their way', async () => {
    const { producer, cluster, clock, log } = await startOnMock();
    await producer.send(order('first'));
    await cluster.broker(1).down({ failover: false });
    const sent = producer.send(order('a'));
    const flushed = failureOf(producer.flush({ timeoutMs: 1000 }));
    await clock.advance(1000);
    expect(await flushed).toMatchObject({ name: 'TimeoutError' });
    await cluster.broker(1).up();
    await clock.advance(2000);
    await sent;
    expect(log()).toEqual(['first', 'a']);
  });

  it('P15: while the broker is down, close ends in its time, and rejects the rest as what it is', async () => {
    const { producer, cluster, clock } = await startOnMock({ batchBytes: 1, maxBufferedBytes: 1000 });
    await producer.send(order('first'));
    using hold = cluster.hold('Produce');
    const [gone, ...queued] = values(8).map((value) => failureOf(producer.send(order(value))));
    await hold.held();
    const closed = producer.close({ timeoutMs: 1000 });
    await clock.advance(1000);
    await closed;
    expect(await gone).toMatchObject({ name: 'ClosedError', persistence: 'possibly persisted' });
    expect(await queued.at(-1)).toMatchObject({ name: 'ClosedError', persistence: 'not persisted' });
  });

  it('P15: when the client is closed first, everything pending rejects with ClosedError', async () => {
    const { producer, client, cluster } = await startOnMock();
    await producer.send(order('first'));
    using hold = cluster.hold('Produce');
    const failures = [failureOf(producer.send(order('a'))), failureOf(producer.send({ topic: 'nowhere', value: 'x' }))];
    await hold.held();
    await client.close();
    for (const failure of failures) expect(await failure).toMatchObject({ name: 'ClosedError' });
    expect(await failureOf(producer.send(order('b')))).toMatchObject({ name: 'ClosedError', persistence: 'not persisted' });
  });

  it('flush rejects with the reason of its signal, and the messages stay on their way', async () => {
    const { producer, cluster, clock, log } = await startOnMock();
    using hold = cluster.hold('Produce');
    const sent = producer.send(order('a'));
    const stop = new AbortController();
    await hold.held();
    const timers = clock.pendingTimers;
    const flushed = failureOf(producer.flush({ signal: stop.signal, timeoutMs: 60_000 }));
    stop.abort('enough');
    expect(await flushed).toBe('enough');
    expect(clock.pendingTimers).toBe(timers);
    expect(await failureOf(producer.flush({ signal: stop.signal }))).toBe('enough');
    hold.stop();
    await sent;
    expect(log()).toEqual(['a']);
  });

  it('P16: flush may be called where a delivery is told', async () => {
    const { producer, log } = await startOnMock();
    await producer.send(order('a')).then(async () => {
      void producer.send(order('b'));
      await producer.flush();
    });
    await Promise.all(values(3).map((value) => producer.send(order(value)).then(() => producer.flush())));
    expect(log()).toEqual(['a', 'b', ...values(3)]);
  });

  it('P17: close is idempotent, and a producer that is closed rejects at once', async () => {
    const { producer, log } = await startOnMock();
    const sent = producer.send(order('a'));
    await Promise.all([producer.close(), producer.close()]);
    await sent;
    await producer.close();
    expect(await failureOf(producer.send(order('b')))).toMatchObject({ name: 'ClosedError', persistence: 'not persisted' });
    expect(await failureOf(producer.start())).toMatchObject({ name: 'ClosedError' });
    await producer.flush();
    expect(log()).toEqual(['a']);
  });

  it('leaves no timer behind', async () => {
    const { producer, client, clock } = await startOnMock({ lingerMs: 10 });
    await Promise.all([producer.send(order('a')), clock.advance(10)]);
    await producer.close();
    await client.close();
    await clock.advance(200_000); // what is left may fire, and must not set another
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('start and stop', () => {
  it('takes messages after start only, and after stop only when it was started again', async () => {
    const { client, log, cluster } = await startOnMock();
    const producer = new Producer(client);
    expect(cluster.requests({ api: 'InitProducerId' })).toHaveLength(1); // that of the setup
    expect(await failureOf(producer.send(order('early')))).toMatchObject({ name: 'ClosedError', persistence: 'not persisted' });
    await producer.start();
    const sent = producer.send(order('a'));
    await producer.stop();
    await sent;
    expect(await failureOf(producer.send(order('late')))).toMatchObject({ name: 'ClosedError' });
    await producer.start();
    await producer.send(order('b'));
    await producer.close();
    expect(log()).toEqual(['a', 'b']);
  });

  it('rejects where the cluster does not let us write idempotently, and works when it does', async () => {
    const { client, cluster } = await startOnMock();
    cluster.fail('InitProducerId', ['CLUSTER_AUTHORIZATION_FAILED']);
    const producer = new Producer(client);
    expect(await failureOf(producer.start())).toMatchObject({ errorName: 'CLUSTER_AUTHORIZATION_FAILED' });
    await producer.start();
    expect(await producer.send(order('a'))).toMatchObject({ offset: 0 });
    await producer.close();
  });

  it('starts again while it is being stopped, and leaves what has failed to who stops it', async () => {
    const { client, clock, log } = await startOnMock();
    const producer = await Producer.start(client);
    void producer.produce({ topic: 'nowhere', value: 'x' });
    const stopped = failureOf(producer.stop({ timeoutMs: 60_000 }));
    const started = producer.start();
    await clock.advance(60_000);
    expect(await stopped).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    await started;
    await producer.send(order('a'));
    await producer.close();
    expect(log()).toEqual(['a']);
  });

  it.each(['stop', 'close'] as const)('%s() wins over a start() that is on its way', async (end) => {
    const { client, clock, cluster } = await startOnMock();
    using hold = cluster.hold('InitProducerId');
    const producer = new Producer(client);
    const started = failureOf(producer.start());
    await hold.held();
    await producer[end]();
    expect(await started).toMatchObject({ name: 'ClosedError' });
    hold.stop();
    await clock.advance(1);
    expect(await failureOf(producer.send(order('a')))).toMatchObject({ name: 'ClosedError', persistence: 'not persisted' });
    await producer.close();
  });

  it('starts after a stop() that has ended another start()', async () => {
    const { client, clock, cluster, log } = await startOnMock();
    using hold = cluster.hold('InitProducerId');
    const producer = new Producer(client);
    const first = failureOf(producer.start());
    await hold.held();
    const stopped = producer.stop();
    const second = producer.start();
    hold.stop();
    await clock.advance(1);
    await Promise.all([stopped, second]);
    expect(await first).toMatchObject({ name: 'ClosedError' });
    await producer.send(order('a'));
    await producer.close();
    expect(log()).toEqual(['a']);
  });

  it('is used with await using', async () => {
    const { client, log } = await startOnMock();
    {
      await using producer = await Producer.start(client);
      void producer.send(order('a'));
    }
    expect(log()).toEqual(['a']);
  });
});
