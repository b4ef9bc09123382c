import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { createTopics, deleteTopics, valuesOf } from '@tskafka/core';
import { Producer } from '@tskafka/producer';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { broker } from '../broker.ts';
import { connect, take, useClient, values, write } from '../consumer/fixture.ts';
import { heldBytes } from '../held-bytes.ts';
import { append, batchOf } from '../requests.ts';
import { until } from '../until.ts';

/** What clients take of the machine: memory, time, handles. */

let client: KafkaClient;
useClient((connected) => (client = connected));

const mebibyte = 1024 * 1024;

/** The time that this thread has had, in which other programs of a busy machine do not count. Node has it since 23.9, its types not yet. */
function threadMs(): number {
  const { user, system } = (process as unknown as { threadCpuUsage(): NodeJS.CpuUsage }).threadCpuUsage();
  return (user + system) / 1000;
}

it('R2: a slow reader of a backlog that is small only while it is compressed holds a few batches of it as they were', async () => {
  const topic = await broker.createTopic();
  const wire = await broker.leaderWire(topic);
  const batch = batchOf([{ value: Buffer.alloc(4 * mebibyte) }], { compression: 'gzip' });
  for (let i = 0; i < 32; i++) await append(wire, topic, batch);
  await using consumer = await SimpleConsumer.start(client.topic(topic.name), { queuedMaxBytes: 16 * mebibyte });
  let most = 0;
  const before = await heldBytes();
  for (let i = 0; i < 32; i++) {
    expect((await consumer.consume())?.value).toHaveLength(4 * mebibyte);
    await sleep(5);
    if (i % 8 === 0) most = Math.max(most, (await heldBytes()) - before);
  }
  expect(most).toBeLessThan(20 * mebibyte);
});

it('R4: five hundred partitions that nothing happens in take hardly any time', async () => {
  const name = broker.freshName('wide');
  valuesOf(await createTopics(client, [{ name, partitions: 500, replicationFactor: 1 }]));
  onTestFinished(async () => void valuesOf(await deleteTopics(client, [name])));
  await broker.everyNodeKnows(name, 500);
  await using consumer = await SimpleConsumer.start(client.topic(name), { autoOffsetReset: 'latest' });
  await write({ name, id: '' }, ['one'], 499);
  expect(await take(consumer, 1)).toEqual(['one']);
  let least = Infinity;
  // What else happens in a second makes it more, never less.
  for (let i = 0; i < 10 && least >= 50; i++) {
    const before = threadMs();
    await sleep(1000);
    least = Math.min(least, threadMs() - before);
  }
  expect(least).toBeLessThan(50);
});

it('R5: fifty clients, each with a producer and a consumer, leave no handle behind', async () => {
  const topic = await broker.createTopic();
  const resources = (): number => process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name)).length;
  const use = async (i: number): Promise<void> => {
    await using own = await connect();
    await using producer = await Producer.start(own);
    await producer.send({ topic: topic.name, value: String(i) });
    await using consumer = await SimpleConsumer.start(own.topic(topic.name), { autoOffsetReset: { last: 1 } });
    expect(await take(consumer, 1)).toEqual([String(i)]);
  };
  await use(-1);
  const before = resources();
  for (let i = 0; i < 50; i++) await use(i);
  await until('their handles are given back', () => Promise.resolve(resources() <= before + 2));
});

it('R8: without a file descriptor a connection fails, with an error that says so, and is tried again until there is one', async () => {
  const program = ['--import', './tools/soak/sources.ts', 'conformance/faults/few-descriptors.ts', await broker.overTcp()];
  const root = join(import.meta.dirname, '../..');
  const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -n 128; exec "$@"', 'sh', process.execPath, ...program], { cwd: root });
  expect(JSON.parse(stdout)).toEqual({ first: { name: 'NoBrokersAvailableError', retriable: true, says: 'EMFILE' }, second: 'connected' });
});

it.runIf(broker.kind === 'kafka')('R10: reading fifty megabytes lets others run: no turn of the event loop is long', async () => {
  const topic = await broker.createTopic();
  const wire = await broker.leaderWire(topic);
  const batch = batchOf(values(0, 900).map((value) => ({ value: value.padEnd(1000) })));
  for (let i = 0; i < 55; i++) await append(wire, topic, batch);
  await using consumer = await SimpleConsumer.start(client.topic(topic.name), {
    ...{ until: 'latest', fetchMessageMaxBytes: 50 * mebibyte, fetchMinBytes: 45 * mebibyte, fetchWaitMaxMs: 2000 },
  });
  const turns: number[] = [];
  let isReading = true;
  const watching = (async () => {
    for (let before = threadMs(); isReading; before = threadMs()) {
      await turn();
      turns.push(threadMs() - before);
    }
  })();
  let count = 0;
  for await (const batch of consumer.batches()) for (const message of batch) count += message.value!.length === 1000 ? 1 : 0;
  isReading = false;
  await watching;
  expect(count).toBe(55 * 900);
  expect(turns.sort((a, b) => a - b)[Math.floor(turns.length * 0.99)]).toBeLessThan(20);
});
