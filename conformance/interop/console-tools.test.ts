import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compressions } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { compressionOf, readAll, writeSamples } from './ours.ts';
import { samples } from './samples.ts';

/** Kafka's own console tools: what Java writes and reads. One JVM reads all codecs, as each start of it costs a second or two. */

const separator = ' | ';
let topic: TestTopic;

beforeAll(async () => {
  topic = await broker.createTopic();
});
afterAll(() => broker.closeWires());

async function tool(name: string, args: readonly string[], input?: string): Promise<string> {
  const { stdout, stderr, code } = await broker.kafka!.tool(name, args, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${stderr}`);
  return stdout;
}

describe('ConsoleConsumer', () => {
  it(`reads what this client writes, in ${compressions.join(', ')}`, async () => {
    for (const compression of compressions) await writeSamples(topic, compression);
    const formats = ['print.timestamp=true', 'print.offset=true', 'print.headers=true', 'print.key=true', 'null.literal=NULL'];
    const properties = [...formats, `key.separator=${separator}`].flatMap((property) => ['--formatter-property', property]);
    const count = `${samples.length * compressions.length}`;
    const limits = ['--from-beginning', '--max-messages', count, '--timeout-ms', '20000'];
    const printed = await tool('ConsoleConsumer', ['--topic', topic.name, ...limits, ...properties]);

    const expected = compressions.flatMap((_, batch) =>
      samples.map(({ key, value, headers, timestamp }, i) => {
        const text = headers.map(([name, headerValue]) => `${name}:${headerValue}`).join(',') || 'NO_HEADERS';
        return [`CreateTime:${timestamp}`, `Offset:${batch * samples.length + i}`, text, key ?? 'NULL', value ?? 'NULL'].join(separator);
      }),
    );
    expect(printed.trimEnd().split('\n')).toEqual(expected);
  });
});

describe('ConsoleProducer', () => {
  it(`writes what this client reads, in ${compressions.join(', ')}`, async () => {
    const properties = ['parse.key=true', 'parse.headers=true', 'null.marker=NULL'].flatMap((property) => ['--reader-property', property]);
    const long = 'long '.repeat(500);
    const input = `a:1,a:2\tkey\t${long}\nb:3\ttombstone\tNULL\nc:4\tNULL\tno key\n`;
    const written = await Promise.all(
      compressions.map(async (compression) => {
        const own = await broker.createTopic();
        await tool('ConsoleProducer', ['--topic', own.name, '--compression-codec', compression, ...properties], input);
        return { compression, used: await compressionOf(own), messages: await readAll(own) };
      }),
    );
    for (const { compression, used, messages } of written) {
      expect(used).toBe(compression);
      const headers = [
        ['a', '1'],
        ['a', '2'],
      ];
      expect(messages).toEqual([
        { key: 'key', value: long, headers },
        { key: 'tombstone', value: null, headers: [['b', '3']] },
        { key: null, value: 'no key', headers: [['c', '4']] },
      ]);
    }
  });
});
