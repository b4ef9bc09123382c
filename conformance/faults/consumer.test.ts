import { type KafkaClient, NoBrokersAvailableError, SimpleConsumer } from '@tskafka/consumer';
import { tcpTransport } from '@tskafka/core';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { connect, drain, take, values, write } from '../consumer/fixture.ts';
import { cuttable } from '../../examples/support/cuttable-transport.ts';
import { until } from '../until.ts';

let client: KafkaClient;
beforeEach(async () => {
  client = await connect({ unavailableTimeoutMs: 3000 });
});
afterEach(() => client?.close());
afterAll(() => broker.closeWires());

describe('a consumer', () => {
  it('M3: follows a leader that moves, and misses nothing', async () => {
    const topic = await broker.createTopic({ assignments: [[1, 2]] });
    await write(topic, values(0, 3));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    expect(await take(consumer, 3)).toEqual(values(0, 3));
    const next = consumer.consume();
    await broker.moveLeader(topic, 0, 2);
    await write(topic, values(3, 6));
    expect([String((await next)?.value), ...(await take(consumer, 2))]).toEqual(values(3, 6));
  });

  it('M1: goes on with the next leader when one dies', async () => {
    const topic = await broker.createTopic({ assignments: [[3, 1, 2]] });
    await write(topic, values(0, 3));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    expect(await take(consumer, 3)).toEqual(values(0, 3));
    const next = consumer.consume();
    await broker.kill(3);
    const any = await broker.wire();
    await until('another leads', async () => ![3, undefined].includes((await broker.leaders(topic.name, any))[0]));
    await write(topic, values(3, 5));
    expect([String((await next)?.value), ...(await take(consumer, 1))]).toEqual(values(3, 5));
    await broker.restart(3);
  });

  it('reads on when its broker was restarted while nobody read', async () => {
    const topic = await broker.createTopic({ assignments: [[2]] });
    await write(topic, ['0']);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    expect(await take(consumer, 1)).toEqual(['0']);
    await broker.kill(2);
    await broker.restart(2);
    await write(topic, ['1']);
    expect(await take(consumer, 1)).toEqual(['1']);
  });

  it('whose client was told of one broker only does not need that one', async () => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    await write(topic, ['0']);
    const { host, port } = await broker.addressOf(3);
    await using single = await connect({ brokers: `${host}:${port}` });
    await broker.kill(3);
    await using consumer = await SimpleConsumer.start(single.topic(topic.name), { until: 'latest' });
    expect(await drain(consumer)).toEqual(['0']);
    await broker.restart(3);
  });

  it('F22: is told when no broker can be reached, lives on, and reads on without being started anew', async () => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    await write(topic, ['0']);
    const network = cuttable(broker.transport ?? tcpTransport());
    await using cut = await connect({ transport: network, unavailableTimeoutMs: 1000 });
    await using consumer = await SimpleConsumer.start(cut.topic(topic.name));
    await using patient = await SimpleConsumer.start(cut.topic(topic.name));
    expect([await take(consumer, 1), await take(patient, 1)]).toEqual([['0'], ['0']]);
    const iterated = patient[Symbol.asyncIterator]().next();
    network.cut();
    const error: unknown = await consumer.consume().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NoBrokersAvailableError);
    network.restore();
    await write(topic, ['1']);
    // The next call waits as long as the one before, for a broker that may take its time.
    const read: string[] = [];
    await until('it reads on', async () => {
      await take(consumer, 1).then((values) => read.push(...values), (caught: unknown) => expect(caught).toBeInstanceOf(NoBrokersAvailableError)); // prettier-ignore
      return read.length > 0;
    });
    expect(read).toEqual(['1']);
    expect(String((await iterated).value?.value)).toBe('1');
  });

  it('heals by stop and start too, and goes on where it was', async () => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    await write(topic, values(0, 4));
    const network = cuttable(broker.transport ?? tcpTransport());
    await using cut = await connect({ transport: network, unavailableTimeoutMs: 10_000 });
    await using consumer = await SimpleConsumer.start(cut.topic(topic.name), { consumerGroup: broker.freshName('group') });
    expect(await take(consumer, 2)).toEqual(['0', '1']);
    network.cut();
    await consumer.stop();
    network.restore();
    await consumer.start();
    expect(await take(consumer, 2)).toEqual(['2', '3']);
  });

  it('does not wait for a dead broker when it is closed', async () => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    const consumer = await SimpleConsumer.start(client.topic(topic.name), { closeTimeoutMs: 60_000 });
    const waiting = consumer.consume().catch((error: Error) => error.name);
    await broker.kill(1);
    const before = performance.now();
    await consumer.close();
    expect(performance.now() - before).toBeLessThan(15_000);
    expect(await waiting).toBe('ClosedError');
    await broker.restart(1);
  });
});
