import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBatches } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { fetchFrom } from '../requests.ts';
import { until } from '../until.ts';
import { jsonLines, tskafka } from './tskafka.ts';

/** Each batch that is more than a second newer than the first of its segment begins another; everything is dirty enough. */
const configs = { 'cleanup.policy': 'compact', 'segment.ms': '1000', 'min.cleanable.dirty.ratio': '0.01' };
const start = Date.now() - 3_600_000;

async function produce(topic: string, lines: readonly object[], more = ''): Promise<void> {
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const { code, stderr } = await tskafka(`produce ${topic} --json --keep-partitions${more}`, { input });
  if (code !== 0) throw new Error(stderr);
}

const offsetsIn = async (args: string): Promise<unknown[]> =>
  jsonLines((await tskafka(`${args} --json`)).stdout).map(({ offset }) => offset);

/** Offsets 0 to 29 of one key in a partition, of which the cleaner leaves the last; then 30 and 31, which it does not look at. */
async function compactedTopic(): Promise<string> {
  const topic = await broker.createTopic({ partitions: 2, configs });
  const { name } = topic;
  const old = Array.from({ length: 30 }, (_, i) => ({ key: 'a', value: `${i}`, partition: 0, timestamp: start + i }));
  await produce(name, old);
  await produce(name, [{ key: 'b', value: '30', partition: 0, timestamp: start + 10_000 }]);
  await produce(name, [{ key: 'c', value: '31', partition: 0, timestamp: start + 20_000 }]);
  const wire = await broker.leaderWire(topic);
  await until('the log is compacted', async () => {
    const batches = readBatches((await fetchFrom(wire, 12, topic, 0)).records!);
    return batches.reduce((count, { recordCount }) => count + recordCount, 0) < old.length;
  });
  return name;
}

afterAll(() => broker.closeWires());

describe('tskafka and a compacted topic', () => {
  let name: string;
  // The cleaner of a real Kafka looks every fifteen seconds.
  beforeAll(async () => {
    name = await compactedTopic();
  });

  it('ends where the partition ends, and prints what is left of a range', async () => {
    expect(await offsetsIn(`consume ${name}`)).toEqual([29, 30, 31]);
    expect(await offsetsIn(`consume ${name} -o 3..30`)).toEqual([29]);
    // A range of which nothing is left ends too, though the batch behind it is what is fetched.
    expect(await offsetsIn(`consume ${name} -o 3..20`)).toEqual([]);
    expect(await offsetsIn(`consume ${name} -o 31`)).toEqual([31]);
    expect(await offsetsIn(`consume ${name} -c 2`)).toEqual([29, 30]);
  });

  it('tail looks further back than so many offsets', async () => {
    expect(await offsetsIn(`tail -n 3 ${name}`)).toEqual([29, 30, 31]);
    expect(await offsetsIn(`tail -n 2 ${name}`)).toEqual([30, 31]);
    expect(await offsetsIn(`tail -n 10 ${name}`)).toEqual([29, 30, 31]);
  });
});

describe('tskafka and the markers of transactions', () => {
  it('ends behind markers at the end of a log and of a range, also where nothing was committed', async () => {
    const { name } = await broker.createTopic();
    for (const value of ['a', 'b']) await produce(name, [{ value }], ' --transaction'); // offsets 0, 2; markers 1, 3
    expect(await offsetsIn(`consume ${name}`)).toEqual([0, 2]);
    expect(await offsetsIn(`consume ${name} -o 1..2`)).toEqual([]);
    expect(await offsetsIn(`consume ${name} -o 3`)).toEqual([]);
    expect(await offsetsIn(`consume ${name} -o -1`)).toEqual([]); // the last offset is a marker's
    expect(await offsetsIn(`tail -n 1 ${name}`)).toEqual([2]);
    expect(await offsetsIn(`tail -n 2 ${name}`)).toEqual([0, 2]);
  });

  it('passes what was aborted, unless it is asked for', async () => {
    const { name } = await broker.createTopic();
    await produce(name, [{ value: 'kept' }]);
    expect((await tskafka(`produce ${name} --transaction --json`, { input: '{"value":"gone"}\nno json\n' })).code).toBe(2);
    expect(await offsetsIn(`consume ${name}`)).toEqual([0]);
    expect(await offsetsIn(`tail -n 5 ${name}`)).toEqual([0]);
  });

  it('a range ends exactly in a partition that somebody writes to meanwhile', async () => {
    const { name } = await broker.createTopic();
    await produce(
      name,
      Array.from({ length: 100 }, (_, i) => ({ value: `${i}` })),
    );
    const writing = tskafka(`produce ${name} --rate 1000`, { input: 'more\n'.repeat(1500) });
    expect(await offsetsIn(`consume ${name} -o 10..20`)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(await offsetsIn(`consume ${name} -o +98 -c 2`)).toEqual([98, 99]);
    const all = await offsetsIn(`consume ${name}`);
    expect(all).toEqual(all.map((_, i) => i));
    await writing;
  });
});
