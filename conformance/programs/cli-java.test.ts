import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { jsonLines, tskafka } from './tskafka.ts';

const { kafka } = broker;

/** Bytes as Java's `Bytes` is printed: what is no plain ASCII in hex. */
function asJavaPrints(bytes: Buffer): string {
  const shown = (byte: number): string =>
    byte === 0x5c || byte < 0x20 || byte > 0x7e ? `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}` : String.fromCharCode(byte);
  return [...bytes].map(shown).join('');
}

describe.runIf(kafka !== undefined)("tskafka and Kafka's console tools", () => {
  it('what tskafka writes, the console consumer reads: the same bytes', async () => {
    const { name } = await broker.createTopic();
    const records = Array.from({ length: 100 }, (_, i) => ({ key: randomBytes(i % 7), value: randomBytes(i * 3) }));
    const line = ({ key, value }: { key: Buffer; value: Buffer }): string =>
      JSON.stringify({ key: key.toString('base64'), keyEncoding: 'base64', value: value.toString('base64'), valueEncoding: 'base64' });
    const { code, stderr } = await tskafka(`produce ${name} --json -z zstd`, {
      input: `${records.map(line).join('\n')}\n{"value":null}\n`,
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const bytes = 'org.apache.kafka.common.serialization.BytesDeserializer';
    const properties = ['print.key=true', 'key.separator= | ', `key.deserializer=${bytes}`, `value.deserializer=${bytes}`];
    const args = ['--topic', name, '--from-beginning', '--max-messages', '101', '--timeout-ms', '20000'];
    const printed = await kafka!.tool('ConsoleConsumer', [...args, ...properties.flatMap((each) => ['--formatter-property', each])]);
    const expected = records.map(({ key, value }) => `${asJavaPrints(key)} | ${asJavaPrints(value)}`);
    expect(printed.stdout.split('\n')).toEqual([...expected, 'null | null', '']);
  });

  it('what the console producer writes, tskafka reads: the same bytes', async () => {
    const { name } = await broker.createTopic();
    const values = ['plain', 'Grüße, Welt ✓ 🚀', '', 'with "quotes" and \\ and \u0007', 'x'.repeat(100_000)];
    const input = values.map((value, i) => `h:${i}\tk${i}\t${value}\n`).join('') + 'h:9\tgone\tNULL\n';
    const properties = ['parse.key=true', 'parse.headers=true', 'null.marker=NULL'].flatMap((each) => ['--reader-property', each]);
    const { code, stderr } = await kafka!.tool('ConsoleProducer', ['--topic', name, ...properties], { input });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const read = jsonLines((await tskafka(`consume ${name} --json`)).stdout).map(({ key, value, headers }) => ({ key, value, headers }));
    expect(read).toEqual([
      ...values.map((value, i) => ({ key: `k${i}`, value, headers: [['h', `${i}`]] })),
      { key: 'gone', value: null, headers: [['h', '9']] },
    ]);
    const plain = (await tskafka(`consume ${name} -c ${values.length}`)).stdout;
    expect(plain).toBe(`${values.join('\n')}\n`);
  });
});
