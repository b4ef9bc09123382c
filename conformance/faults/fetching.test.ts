import { CorruptRecordError, type KafkaClient, SimpleConsumer, type SimpleConsumerOptions } from '@tskafka/consumer';
import { apis } from '@tskafka/core/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { take, useClient, values, write } from '../consumer/fixture.ts';
import { damage, proxiedClient, rewrite } from '../proxied.ts';
import { append, batchOf } from '../requests.ts';
import { until } from '../until.ts';

/** A consumer that is told wrong things, and whose leaders and sessions come and go. */

let past: KafkaClient;
useClient((connected) => (past = connected));

/** A consumer whose every byte passes a proxy, of a topic with so many partitions, each with its number as the first message, led by broker 1. */
async function setup(partitions = 1, options: SimpleConsumerOptions = {}) {
  const { proxy, client } = await proxiedClient();
  const topic = await broker.createTopic({ assignments: Array.from({ length: partitions }, () => [1, 2]) });
  for (let partition = 0; partition < partitions; partition++) await write(topic, [String(partition)], partition);
  const consumer = await SimpleConsumer.start(client.topic(topic.name), options);
  onTestFinished(() => consumer.close());
  expect((await take(consumer, partitions)).sort()).toEqual(values(0, partitions));
  /** The values, or the errors, of the next calls. */
  const next = (): Promise<unknown> => consumer.consume().then((message) => String(message?.value), (error: unknown) => error); // prettier-ignore
  return { proxy, topic, consumer, next };
}

it('F4: a leader that went and came back between two fetches refuses the old epoch; nothing is lost or read twice', async () => {
  // No fetch is out for long when the consumer pauses: one that were would be told of the first move.
  const { proxy, topic, consumer } = await setup(1, { fetchWaitMaxMs: 10 });
  const told = new Set<number>();
  const tell = (errorCode: number): void => void told.add(errorCode);
  const watch = { times: Infinity };
  rewrite(
    proxy,
    apis.fetch,
    ({ responses }) => responses.forEach(({ partitions }) => partitions.forEach((each) => tell(each.errorCode))),
    watch,
  );
  consumer.pause();
  await broker.moveLeader(topic, 0, 2);
  await broker.moveLeader(topic, 0, 1);
  await write(topic, values(1, 3));
  consumer.resume();
  expect(await take(consumer, 2)).toEqual(values(1, 3));
  expect(told).toContain(code.fencedLeaderEpoch);
  expect(consumer.position(0)).toBe(3);
});

it('F6: a fetch session that the broker has dropped is begun anew, and no partition is missing', async () => {
  const { proxy, topic, consumer } = await setup(3);
  let [sessionId, errors] = [0, 0];
  const watch = rewrite(
    proxy,
    apis.fetch,
    (response) => {
      if (response.errorCode === code.none) ({ sessionId } = response);
      else errors++;
    },
    { times: Infinity },
  );
  await until('a session is known', () => Promise.resolve(sessionId !== 0));
  const wire = await broker.wire(1);
  await wire.send(apis.fetch, 12, { maxWaitMs: 0, minBytes: 0, sessionId, sessionEpoch: -1, topics: [] });
  await until('the session is refused', () => Promise.resolve(errors > 0));
  watch.stop();
  for (const partition of [0, 1, 2]) await write(topic, [`new ${partition}`], partition);
  expect((await take(consumer, 3)).sort()).toEqual(['new 0', 'new 1', 'new 2']);
});

it('F11: a partition that comes twice is taken once, one that is left out is asked for again, one that nobody asked for is dropped', async () => {
  const { proxy, topic, consumer } = await setup(3);
  consumer.pause();
  for (const partition of [0, 1, 2]) await write(topic, [`new ${partition}`], partition);
  const strike = rewrite(proxy, apis.fetch, ({ responses }) => {
    for (const response of responses) {
      const twice = response.partitions.filter(({ partitionIndex }) => partitionIndex !== 2);
      response.partitions = [...twice, ...twice, ...twice.map((partition) => ({ ...partition, partitionIndex: 99 }))];
    }
  });
  consumer.resume();
  expect((await take(consumer, 3)).sort()).toEqual(['new 0', 'new 1', 'new 2']);
  expect(strike.count).toBe(1);
  expect([0, 1, 2].map((partition) => consumer.position(partition))).toEqual([2, 2, 2]);
});

it('F18: a whole fetch that fails with an unknown error is made again', async () => {
  const { proxy, topic, consumer } = await setup();
  const strike = rewrite(proxy, apis.fetch, (response) => Object.assign(response, { errorCode: -1, responses: [] }), { times: 3 });
  await write(topic, ['1']);
  expect(await take(consumer, 1)).toEqual(['1']);
  expect(strike.count).toBe(3);
});

describe('a batch that is damaged on its way', () => {
  it('F19: is an error with its place, the other partitions go on, and it is read when it is whole', async () => {
    const { proxy, topic, consumer, next } = await setup(2);
    const strike = proxy.rewriteResponse('Fetch', damage('damaged'), { times: Infinity });
    await write(topic, ['good', 'damaged']);
    const read = [await next(), await next()];
    expect(read).toEqual(['good', expect.any(CorruptRecordError)]);
    expect(read[1]).toMatchObject({ at: { topic: topic.name, partition: 0, offset: 2, skipTo: 3 } });
    await write(topic, ['other'], 1);
    await until('the other partition goes on', async () => (await next()) === 'other');
    expect(consumer.position(0)).toBe(2);
    strike.stop();
    await until('it is read', async () => (await next()) === 'damaged');
  });

  it('F20: and whose compressed bytes make no sense is an error too, and can be skipped', async () => {
    const { proxy, topic, consumer, next } = await setup(1, { checkCrcs: false });
    const wire = await broker.leaderWire(topic);
    proxy.rewriteResponse('Fetch', damage(Buffer.from([0x1f, 0x8b, 0x08])), { times: Infinity }); // as gzip begins
    await append(wire, topic, batchOf([{ value: 'x'.repeat(1000) }], { compression: 'gzip' }));
    await write(topic, ['behind']);
    expect(await next()).toMatchObject({ name: 'CorruptRecordError', at: { offset: 1, skipTo: 2 } });
    await consumer.resetOffsets([[0, 2]]);
    expect(await next()).toBe('behind');
  });
});

it('F20: a small batch that a producer has made to inflate beyond maxDecompressedBytes is an error, in little memory', async () => {
  const { topic, consumer, next } = await setup(1, { maxDecompressedBytes: 1_000_000 });
  const wire = await broker.leaderWire(topic);
  await append(wire, topic, batchOf([{ value: Buffer.alloc(100_000_000) }], { compression: 'gzip' }));
  await write(topic, ['behind']);
  const before = process.memoryUsage().rss;
  expect(await next()).toMatchObject({ name: 'CorruptRecordError', at: { offset: 1, skipTo: 2 } });
  expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);
  await consumer.resetOffsets([[0, 2]]);
  expect(await next()).toBe('behind');
});

it('F21: lookups of offsets end, and are right, while the leader moves', async () => {
  const topic = await broker.createTopic({ assignments: [[1, 2]] });
  await write(topic, values(0, 3));
  let isMoving = true;
  const moving = (async () => {
    for (const node of [2, 1, 2]) await broker.moveLeader(topic, 0, node);
    isMoving = false;
  })();
  for (let count = 0; isMoving || count < 3; count++)
    expect([await past.topic(topic.name).latestOffsets(), await past.topic(topic.name).offsets('earliest')]).toEqual([new Map([[0, 3]]), new Map([[0, 0]])]); // prettier-ignore
  await moving;
});
