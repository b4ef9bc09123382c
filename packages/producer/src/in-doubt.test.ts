import { alterConfigs, type Logger } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { failureOf, order, startOnMock, values } from './test-on-mock.ts';

const long = (value: string): string => value.padEnd(100, '.');
const four = values(4).map(long);

/** A producer that the broker knows: it has taken `first` of it. */
async function start(options: Parameters<typeof startOnMock>[0] = {}) {
  const warnings: string[] = [];
  const logger: Logger = { debug() {}, info() {}, error() {}, warn: (_: object, message: string) => warnings.push(message) };
  const scene = await startOnMock({ ...options, client: { logger, ...options.client } });
  const configure = (name: string, value: string) =>
    alterConfigs(scene.client, [{ type: 'topic', name: 'orders', set: { [name]: value } }]);
  await scene.producer.send(order('first'));
  return { ...scene, warnings, configure };
}

describe('a batch that the broker has, whose answer was lost, and that it would not know again', () => {
  it('P5: since it has become too large: its halves are told as possibly persisted, and nothing is said to be lost', async () => {
    const { producer, cluster, clock, log, warnings, configure } = await start();
    cluster.dropResponse('Produce');
    const doubtful = four.map((value) => failureOf(producer.send(order(value))));
    await cluster.settled();
    await configure('max.message.bytes', '350');
    const next = producer.send(order('next'));
    await clock.advance(5000);
    for (const failure of doubtful) expect(await failure).toMatchObject({ persistence: 'possibly persisted' });
    await next;
    expect(log()).toEqual(['first', ...four, 'next']);
    expect(warnings).toEqual([]);
  });

  it('P5: nor is it written twice where the one before it was given up', async () => {
    const { producer, cluster, clock, log, configure } = await start({
      batchBytes: 550,
      deliveryTimeoutMs: 5000,
      client: { requestTimeoutMs: 8000 },
    });
    const silence = cluster.intercept('Produce', async (call) => {
      await call.pass();
      return call.silence();
    });
    const late = failureOf(producer.send(order('late')));
    await clock.advance(4000);
    const doubtful = four.map((value) => failureOf(producer.send(order(value))));
    const next = producer.send(order(long('next'))); // closes the batch before it, which goes out therefore
    await clock.advance(2000);
    silence.stop();
    await configure('max.message.bytes', '350');
    await clock.advance(5000);
    for (const failure of [late, ...doubtful]) expect(await failure).toMatchObject({ persistence: 'possibly persisted' });
    await next;
    expect(log()).toEqual(['first', 'late', ...four, long('next')]);
  });

  it('P5: or where it names records that it would refuse now: the others are not sent again', async () => {
    const { producer, cluster, clock, log, configure } = await start();
    cluster.dropResponse('Produce');
    const doubtful = [failureOf(producer.send({ ...order('a'), key: 'k' })), failureOf(producer.send(order('b')))];
    await cluster.settled();
    await configure('cleanup.policy', 'compact');
    await clock.advance(5000);
    for (const failure of doubtful) {
      expect(await failure).toMatchObject({ errorName: 'INVALID_RECORD', persistence: 'possibly persisted' });
    }
    expect(log()).toEqual(['first', 'a', 'b']);
  });

  it('P3: or since it does not take the producer id any more', async () => {
    const { producer, cluster, clock, log } = await start();
    cluster.dropResponse('Produce');
    const doubtful = failureOf(producer.send(order('a')));
    await cluster.settled();
    cluster.fail('Produce', ['INVALID_PRODUCER_EPOCH']);
    const next = producer.send(order('next'));
    await clock.advance(5000);
    expect(await doubtful).toMatchObject({ errorName: 'INVALID_PRODUCER_EPOCH', persistence: 'possibly persisted' });
    await next;
    expect(log()).toEqual(['first', 'a', 'next']);
  });
});
