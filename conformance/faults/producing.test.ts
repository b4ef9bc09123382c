import { alterClientQuotas, type ClientOptions, type KafkaClient, valuesOf } from '@tskafka/core';
import { type DeliveryReport, Producer, type ProducerOptions } from '@tskafka/producer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { broker } from '../broker.ts';
import { messagesOf, useClient, values } from '../consumer/fixture.ts';
import { damage, proxiedClient } from '../proxied.ts';
import { until } from '../until.ts';

/** A producer on a network that breaks, delays and damages what it says. */

let past: KafkaClient;
useClient((connected) => (past = connected));

/** A producer whose every byte passes a proxy, and a topic with a partition that broker 1 leads, and one of broker 2. */
async function setup(options: ProducerOptions = {}, clientOptions: Partial<ClientOptions> = {}) {
  const { proxy, client } = await proxiedClient(clientOptions);
  const reports: DeliveryReport[] = [];
  const producer = await Producer.start(client, { onDelivery: (report) => reports.push(report), ...options });
  onTestFinished(() => producer.close());
  const { name: topic } = await broker.createTopic({ assignments: [[1], [2]] });
  const send = (value: string | Buffer, partition = 0) => producer.send({ topic, partition, value });
  const produce = (value: string, partition = 0): void => void producer.produce({ topic, partition, value });
  /** What lies in partition 0, read past the proxy. */
  const log = async (): Promise<string[]> =>
    (await messagesOf(past, topic)).filter(({ partition }) => partition === 0).map(({ value }) => String(value));
  await send('first');
  return { proxy, client, producer, topic, reports, send, produce, log };
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('a batch that arrives damaged', () => {
  it('P2, P19: is refused, and those behind it are out of order: all go again, and each is there once, in order', async () => {
    const { proxy, producer, produce, log } = await setup({ batchBytes: 1000 });
    const before = producer.stats().retries;
    const strike = proxy.rewriteRequest('Produce', damage('value 0'));
    const sent = values(0, 60).map((value) => `value ${value} ${'x'.repeat(200)}`);
    for (const value of sent) produce(value);
    await producer.flush();
    expect(strike.count).toBe(1);
    expect(producer.stats().retries - before).toBeGreaterThan(1);
    expect(await log()).toEqual(['first', ...sent]);
  });

  it('P19: each time it is sent is given up at the delivery timeout, and is not in the log', async () => {
    const { proxy, send, log } = await setup({ deliveryTimeoutMs: 4000 });
    const strike = proxy.rewriteRequest('Produce', damage('always'), { times: Infinity });
    // Who knows, where the time is over just when it has been sent once more.
    await expect(send('always')).rejects.toMatchObject({
      name: 'TimeoutError',
      persistence: expect.stringMatching(/^(not|possibly) persisted$/) as string,
    });
    expect(strike.count).toBeGreaterThan(2);
    strike.stop();
    await send('next');
    expect(await log()).toEqual(['first', 'next']);
  });
});

it('P9: a success that comes after the delivery timeout settles nothing twice, and the next message follows it', async () => {
  const { proxy, send, produce, reports, log } = await setup({ deliveryTimeoutMs: 500 });
  const end = proxy.blackhole('down');
  produce('late');
  await until('it is given up', () => Promise.resolve(reports.length > 0));
  expect(reports[0]!.error).toMatchObject({ persistence: 'possibly persisted' });
  end(); // what was answered arrives
  await until('the next one is delivered', () => send('next').then(() => true, () => false)); // prettier-ignore
  expect(reports).toHaveLength(1);
  expect((await log()).filter((value) => value !== 'next')).toEqual(['first', 'late']);
});

it('P11: what is in the log is what was sent, though its bytes were used for something else while it went again', async () => {
  const { proxy, send, log } = await setup();
  const strike = proxy.dropRequest('Produce', { times: 2 });
  const bytes = Buffer.from('as it was');
  const sending = send(bytes);
  bytes.fill('!');
  await sending;
  expect(strike.count).toBe(2);
  expect(await log()).toEqual(['first', 'as it was']);
});

it('R3: a connection that takes no more holds up the messages of its broker only', async () => {
  const { proxy, producer, send, produce, log } = await setup({ batchBytes: 1_000_000 });
  await send('first of the other', 1);
  const end = proxy.blackhole('up', 1);
  const sent = values(0, 600).map((value) => `${value} ${'x'.repeat(10_000)}`);
  for (const value of sent) produce(value);
  await Promise.all(values(0, 100).map((value) => send(value, 1)));
  end();
  await producer.flush();
  expect(await log()).toEqual(['first', ...sent]);
});

describe('with every broker gone', () => {
  it('P14: send waits maxBlockMs for room and rejects; what had room is delivered in order when they are back', async () => {
    const { proxy, send, log } = await setup({ maxBufferedBytes: 2000, maxBlockMs: 300 });
    const end = proxy.refuse();
    const sent = values(0, 50);
    const results = await Promise.all(
      sent.map(async (value) => {
        const result = send(value);
        if (value === sent.at(-1)) void failureOf(result).then(end);
        return failureOf(result);
      }),
    );
    expect(results.at(-1)).toMatchObject({ name: 'TimeoutError', persistence: 'not persisted' });
    const delivered = sent.filter((_, i) => !(results[i] instanceof Error));
    expect(delivered.length).toBeGreaterThan(0);
    await send('after');
    expect(await log()).toEqual(['first', ...delivered, 'after']);
  });

  it('P15: flush settles within its time, and the message is delivered when they are back', async () => {
    const { proxy, producer, send, log } = await setup();
    const end = proxy.refuse();
    const sending = send('kept');
    const before = performance.now();
    expect(await failureOf(producer.flush({ timeoutMs: 300 }))).toMatchObject({ name: 'TimeoutError' });
    expect(performance.now() - before).toBeLessThan(15_000);
    end();
    await sending;
    expect(await log()).toEqual(['first', 'kept']);
  });

  it.each([
    ['dead', 'refuse'],
    ['silent', 'blackhole'],
  ] as const)('P15, S2: close ends in time, with a true result for each message: %s', async (_, fault) => {
    const { proxy, client, producer, send, log } = await setup();
    if (fault === 'refuse') proxy.refuse();
    else proxy.blackhole('both');
    const sending = failureOf(send('gone'));
    const before = performance.now();
    await producer.close({ timeoutMs: 300 });
    await client.close();
    expect(performance.now() - before).toBeLessThan(15_000);
    expect(await sending).toMatchObject({ name: 'ClosedError', persistence: expect.stringMatching(/persisted$/) as string });
    expect(['first', 'first,gone']).toContain((await log()).join());
  });
});

it('R9: a producer beyond its quota waits as long as the broker says, and no request times out for it', async () => {
  const clientId = broker.freshName('client');
  const limit = (rate: number | null) => alterClientQuotas(past, [{ entity: { clientId }, limits: { producer_byte_rate: rate } }]);
  valuesOf(await limit(10_000));
  onTestFinished(async () => void valuesOf(await limit(null)));
  const { proxy, producer, send, log } = await setup({}, { clientId, requestTimeoutMs: 3000 });
  let throttledMs = 0;
  const value = 'x'.repeat(60_000);
  const sent: string[] = [];
  const { connections } = proxy;
  while (throttledMs < 3300 && sent.length < 30) {
    const before = performance.now();
    sent.push(`${sent.length} ${value}`);
    await send(sent.at(-1)!);
    throttledMs = Math.max(throttledMs, performance.now() - before);
  }
  expect(throttledMs).toBeGreaterThan(3300);
  expect([producer.stats().retries, proxy.connections]).toEqual([0, connections]);
  expect(await log()).toEqual(['first', ...sent]);
});
