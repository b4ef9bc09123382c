import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { kcat, kcatIsWanted } from '../interop/kcat.ts';
import { jsonLines, tskafka } from './tskafka.ts';

/** Lines of any bytes but the one that ends them. */
const bytes = Buffer.concat(
  Array.from({ length: 200 }, (_, i) => Buffer.concat([Buffer.from(randomBytes(i).filter((byte) => byte !== 0x0a)), Buffer.from('\n')])),
);

describe.runIf(kcatIsWanted)('tskafka and kcat', () => {
  it('what tskafka writes, kcat reads: the same bytes', async () => {
    const { name } = await broker.createTopic();
    const bootstrap = await broker.overTcp();
    expect((await tskafka(`produce ${name} -z lz4`, { input: bytes })).code).toBe(0);
    const lengths = await kcat(['-C', '-e', '-q', '-t', name, '-f', '%S\\n'], { bootstrap });
    expect(lengths).toBe(bytes.toString('latin1').split('\n').slice(0, -1).map((line) => `${line.length}\n`).join('')); // prettier-ignore
  });

  it('what kcat writes, tskafka reads: the same bytes', async () => {
    const { name } = await broker.createTopic();
    await kcat(['-P', '-t', name, '-K', ':', '-Z', '-H', 'h=1'], { input: 'k:v\nk2:\nk3:ü\n', bootstrap: await broker.overTcp() });
    const read = jsonLines((await tskafka(`consume ${name} --json`)).stdout).map(({ key, value, headers }) => ({ key, value, headers }));
    const headers = [['h', '1']];
    expect(read).toEqual([{ key: 'k', value: 'v', headers }, { key: 'k2', value: null, headers }, { key: 'k3', value: 'ü', headers }]); // prettier-ignore
  });

  it('the same format prints the same', async () => {
    const { name } = await broker.createTopic();
    await tskafka(`produce ${name} -K : -H a=1 -H b=2 --timestamp 1795418150078`, { input: 'k:v\nlong key:long value\n' });
    const format = '%t [%p] at %o: %K %k, %S %s, %T, %h%%\\n';
    const theirs = await kcat(['-C', '-e', '-q', '-t', name, '-f', format], { bootstrap: await broker.overTcp() });
    expect((await tskafka(['consume', name, '-f', format])).stdout).toBe(theirs);
  });
});
