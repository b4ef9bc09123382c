import type { MessageBytes } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import type { DeliveryReport } from './delivery-reports.ts';
import type { ProducerOptions } from './options.ts';
import type { SerializerContext } from './serializer.ts';
import { order, startOnMock, values } from './test-on-mock.ts';

async function setup(options: ProducerOptions = {}) {
  const warnings: string[] = [];
  const keep = (_: unknown, message?: string): void => void warnings.push(message ?? '');
  const logger = { debug: keep, info: keep, warn: keep, error: keep };
  return { ...(await startOnMock({ ...options, client: { logger } })), warnings };
}

const told = (reports: readonly DeliveryReport[]): unknown[] =>
  reports.map(({ message, metadata, error }) => [message.value, error === undefined ? metadata.offset : (error as Error).name]);

describe('produce', () => {
  it('takes messages at once, also those of a topic that is not known yet, and flush resolves when all are in the log', async () => {
    const { producer, log } = await setup();
    for (const value of values(1000)) expect(producer.produce(order(value))).toBeUndefined();
    await producer.flush();
    expect(log()).toEqual(values(1000));
  });

  it('keeps the order among produce, send and sendBatch', async () => {
    const { producer, log } = await setup();
    await producer.send(order('first'));
    void producer.produce(order('a'));
    const b = producer.send(order('b'));
    void producer.produce(order('c'));
    const d = producer.sendBatch([order('d'), order('e')]);
    void producer.produce(order('f'));
    expect(await b).toMatchObject({ offset: 2 });
    expect(await d).toMatchObject([{ offset: 4 }, { offset: 5 }]);
    await producer.flush();
    expect(log()).toEqual(['first', 'a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('R1: whoever is faster than the broker waits, and the producer holds no more than maxBufferedBytes', async () => {
    const { producer, cluster, log } = await setup({ maxBufferedBytes: 10_000 });
    await producer.send(order('first'));
    const hold = cluster.hold('Produce');
    const value = 'x'.repeat(100);
    let taken = 0;
    let full: Promise<void> | undefined;
    while ((full = producer.produce(order(value))) === undefined) taken++;
    expect(taken).toBeGreaterThan(80);
    expect(taken).toBeLessThanOrEqual(100);
    hold.release();
    await full;
    for (let i = 0; i < 1000; i++) await producer.produce(order(value));
    await producer.flush();
    expect(log()).toHaveLength(1 + taken + 1 + 1000);
  });

  it('P14: rejects after maxBlockMs what found no room; no report follows', async () => {
    const reports: DeliveryReport[] = [];
    const { producer, cluster, clock } = await setup({ maxBufferedBytes: 600, maxBlockMs: 3000, onDelivery: (each) => reports.push(each) });
    await producer.send(order('first'));
    await cluster.broker(1).down({ failover: false });
    const waiting = values(5).map((value) => producer.produce(order(value))?.catch((error: unknown) => error));
    expect(waiting[0]).toBeUndefined();
    await clock.advance(3000);
    expect(await waiting.at(-1)).toMatchObject({ name: 'TimeoutError', persistence: 'not persisted' });
    await cluster.broker(1).up();
    await clock.advance(3000);
    await producer.flush();
    expect(told(reports)).toEqual(values(waiting.filter((each) => each === undefined).length).map((value, i) => [value, 1 + i]));
  });

  it('P14: waits where messages whose serializers are not done leave no room', async () => {
    let finish!: () => void;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const value = (data: MessageBytes, { topic }: SerializerContext) => (topic === 'orders' ? finished.then(() => data) : data);
    const { producer } = await startOnMock({
      maxBufferedBytes: 1000,
      serializer: { value },
      cluster: { topics: { orders: 1, totals: 1 } },
    });
    const sent = values(4).map((each) => producer.send(order(each)));
    const full = producer.produce({ topic: 'totals', value: 'behind' });
    expect(full).toBeDefined();
    finish();
    await Promise.all([...sent, full]);
    await producer.flush();
    expect(producer.stats()).toMatchObject({ messages: 5, bufferedBytes: 0 });
  });

  it('P14: rejects with ProducerQueueFullError where nobody is to wait', async () => {
    const { producer, cluster } = await setup({ maxBufferedBytes: 100, blockOnQueueFull: false });
    await producer.send(order('first'));
    const hold = cluster.hold('Produce');
    void producer.produce(order('x'.repeat(100)));
    await expect(producer.produce(order('late'))).rejects.toMatchObject({ name: 'ProducerQueueFullError' });
    hold.release();
  });

  it('P11: the bytes are the caller’s again when it returns, also where the message waits for room', async () => {
    const { producer, cluster, log } = await setup({ maxBufferedBytes: 1 });
    const bytes = Buffer.from('aa');
    const produce = (text: string): Promise<void> | undefined => {
      bytes.write(text);
      const full = producer.produce({ topic: 'orders', value: bytes });
      bytes.fill('!');
      return full;
    };
    void produce('aa');
    await producer.flush();
    const hold = cluster.hold('Produce');
    void produce('bb');
    const waiting = produce('cc');
    hold.release();
    await waiting;
    await producer.flush();
    expect(log()).toEqual(['aa', 'bb', 'cc']);
  });

  it('throws where the message cannot be sent at all, and when the producer is closed', async () => {
    const { producer } = await setup();
    expect(() => producer.produce({ topic: 'orders', value: 5 as unknown as string })).toThrow(TypeError);
    await producer.close();
    expect(() => producer.produce(order('late'))).toThrow(expect.objectContaining({ name: 'ClosedError' }));
  });
});

describe('a failure of which nobody is told', () => {
  it('is what the next flush rejects with, once, and is logged', async () => {
    const { producer, cluster, warnings, log } = await setup();
    await producer.send(order('first'));
    cluster.fail('Produce', ['INVALID_TIMESTAMP']);
    for (const value of values(3)) void producer.produce(order(value));
    const failure = { name: 'BrokerError', errorName: 'INVALID_TIMESTAMP', persistence: 'not persisted' };
    await expect(producer.flush()).rejects.toMatchObject(failure);
    expect(warnings).toEqual([
      expect.stringMatching(/^3 produced messages were not delivered: Produce to 'orders' partition 0: .*INVALID_TIMESTAMP/),
    ]);
    void producer.produce(order('next'));
    await producer.flush();
    expect(log()).toEqual(['first', 'next']);
  });

  it('is what close rejects with, when all is closed: also for a topic that was never found', async () => {
    const { producer, clock } = await setup();
    void producer.produce({ topic: 'nowhere', value: 'a' });
    await clock.advance(60_000);
    await expect(producer.close()).rejects.toMatchObject({ name: 'BrokerError', errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    await expect(producer.send(order('late'))).rejects.toMatchObject({ name: 'ClosedError' });
  });

  it('is not mixed up with failures of send, which has told its caller', async () => {
    const { producer, cluster } = await setup();
    await producer.send(order('first'));
    cluster.fail('Produce', ['INVALID_TIMESTAMP']);
    const sent = producer.send(order('a'));
    await expect(sent).rejects.toMatchObject({ errorName: 'INVALID_TIMESTAMP' });
    await producer.flush();
  });
});

describe('delivery reports', () => {
  it('go to onDelivery, once for each message, with the message that was given', async () => {
    const reports: DeliveryReport[] = [];
    const { producer, cluster, clock } = await setup({ onDelivery: (report) => reports.push(report) });
    const messages = values(3).map(order);
    void producer.produce(messages[0]!);
    await producer.flush();
    cluster.fail('Produce', ['INVALID_TIMESTAMP']);
    void producer.produce(messages[1]!);
    await producer.flush(); // somebody is told, so it does not reject
    void producer.produce(messages[2]!);
    await producer.flush();
    expect(told(reports)).toEqual([['v0', 0], ['v1', 'BrokerError'], ['v2', 1]]); // prettier-ignore
    expect(reports.map(({ message }) => message)).toEqual(messages);
    expect(reports[0]!.metadata).toEqual({ topic: 'orders', partition: 0, offset: 0, timestamp: clock.wallTime() });
  });

  it('come in a loop, which ends when the producer is closed', async () => {
    const { producer } = await setup();
    const reports = producer.deliveryReports();
    for (const value of values(5)) void producer.produce(order(value));
    void producer.close();
    const all: DeliveryReport[] = [];
    for await (const report of reports) all.push(report);
    expect(told(all)).toEqual(values(5).map((value, i) => [value, i]));
  });

  it('takes as much room for a report as it gives back, also where the message is used again for another', async () => {
    const { producer } = await startOnMock();
    const reports = producer.deliveryReports();
    const message = { topic: 'orders', value: 'a long one' };
    void producer.produce(message);
    await producer.flush();
    message.value = 'short';
    await reports.next();
    expect(producer.stats().bufferedBytes).toBe(0);
  });

  it('end when the client is closed, with those of the messages that it gave up', async () => {
    const { producer, client, cluster } = await setup();
    await producer.send(order('first'));
    const reports = producer.deliveryReports();
    cluster.hold('Produce');
    void producer.produce(order('a'));
    const all: DeliveryReport[] = [];
    const reading = (async () => {
      for await (const report of reports) all.push(report);
    })();
    await client.close();
    await reading;
    expect(told(all)).toEqual([['a', 'ClosedError']]);
  });

  it('end at once where the producer is closed already', async () => {
    const { producer } = await setup();
    await producer.close();
    expect(await producer.deliveryReports().next()).toEqual({ done: true, value: undefined });
  });

  it('let their reader produce the message again where it failed, and each attempt is told of once', async () => {
    const failures: string[] = [];
    const { producer, cluster, clock, log } = await setup({
      deliveryTimeoutMs: 1000,
      onDelivery: ({ message, error }) => {
        if (error === undefined) return;
        failures.push(String(message.value));
        void producer.produce(message);
      },
    });
    await producer.send(order('first'));
    await cluster.broker(1).down({ failover: false });
    for (const value of values(3)) void producer.produce(order(value));
    await clock.advance(2500);
    expect(failures).toEqual([...values(3), ...values(3)]);
    await cluster.broker(1).up();
    await clock.advance(900);
    await producer.flush();
    expect(log()).toEqual(['first', ...values(3)]);
  });

  it('come to each loop that was begun before the message, and to none that has ended', async () => {
    const { producer } = await setup();
    const [early, ended] = [producer.deliveryReports(), producer.deliveryReports()];
    void producer.produce(order('a'));
    await producer.flush();
    await ended.return!();
    const late = producer.deliveryReports();
    void producer.produce(order('b'));
    await producer.flush();
    const next = async (reports: typeof early): Promise<unknown> => (await reports.next()).value?.message.value;
    expect([await next(early), await next(early), await next(late), await next(ended)]).toEqual(['a', 'b', 'b', undefined]);
  });

  it('that nobody reads hold up the producer instead of filling the memory, and ending their loop lets it go on', async () => {
    const { producer, clock } = await setup({ maxBufferedBytes: 3000, maxBlockMs: 1000 });
    const reports = producer.deliveryReports();
    let full: Promise<void> | undefined;
    for (let i = 0; i < 100; i++) {
      if ((full = producer.produce(order('x'))) !== undefined) break;
      await producer.flush();
    }
    const refused = expect(full).rejects.toThrow(/whose delivery reports nobody reads/);
    await clock.advance(1000);
    await refused;
    expect(producer.produce(order('y'))?.catch(() => {})).toBeDefined();
    await reports.return!();
    expect(producer.produce(order('z'))).toBeUndefined();
    await producer.flush();
  });

  it('that throw do not keep others from being told', async () => {
    const thrown = new Promise((resolve) => {
      const listeners = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error) => {
        for (const listener of listeners) process.on('uncaughtException', listener);
        resolve(error.message);
      });
    });
    let count = 0;
    const { producer } = await setup({
      onDelivery: () => {
        if (++count === 1) throw new Error('the application’s own');
      },
    });
    for (const value of values(3)) void producer.produce(order(value));
    await producer.flush();
    expect(count).toBe(3);
    expect(await thrown).toBe('the application’s own');
  });
});
