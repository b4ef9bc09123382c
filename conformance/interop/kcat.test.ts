import { afterAll, describe, expect, it } from 'vitest';
import { compressions } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { kcat, kcatIsWanted } from './kcat.ts';
import { compressionOf, readAll, writeSamples } from './ours.ts';
import { samples } from './samples.ts';

afterAll(() => broker.closeWires());

describe.runIf(kcatIsWanted).each(compressions)('kcat and %s', (compression) => {
  it('reads what this client writes', async () => {
    const topic = await broker.createTopic();
    await writeSamples(topic, compression);
    expect(await compressionOf(topic)).toBe(compression);
    const printed = await kcat(['-C', '-t', topic.name, '-o', 'beginning', '-e', '-q', '-J', '-X', 'check.crcs=true']);
    const read = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { key: string | null; payload: string | null; headers?: string[]; ts: number; offset: number });
    expect(read.map(({ key, payload, headers = [], ts, offset }) => ({ key, payload, headers, ts, offset }))).toEqual(
      samples.map(({ key, value, headers, timestamp }, offset) => ({
        key,
        payload: value,
        headers: headers.flat(),
        ts: timestamp,
        offset,
      })),
    );
  });

  it('writes what this client reads', async () => {
    const topic = await broker.createTopic();
    const produce = (input: string, ...options: string[]): Promise<string> =>
      kcat(['-P', '-t', topic.name, '-p', '0', '-z', compression, ...options], { input });
    const long = 'long '.repeat(500);
    await produce(`key:${long}\nother:${long}2\n`, '-K', ':', '-H', 'a=1', '-H', 'a=2');
    await produce(`no key ${long}\n`);
    await produce('gone:\n', '-K', ':', '-Z');
    const headers = [
      ['a', '1'],
      ['a', '2'],
    ];
    expect(await readAll(topic)).toEqual([
      { key: 'key', value: long, headers },
      { key: 'other', value: `${long}2`, headers },
      { key: null, value: `no key ${long}`, headers: [] },
      { key: 'gone', value: null, headers: [] },
    ]);
    expect(await compressionOf(topic)).toBe(compression);
  });
});
