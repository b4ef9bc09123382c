import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Reports of one rule on `code`, as if it stood in `file`. The file has to exist, for type-aware rules look it up in its tsconfig. */
async function reports(file: string, code: string, rule: string): Promise<string[]> {
  const eslint = new ESLint({ cwd: root, ruleFilter: ({ ruleId }) => ruleId === rule });
  const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
  return result!.messages.map(({ ruleId, message }) => (ruleId === rule ? message : `${ruleId}: ${message}`));
}

/** A file that stands in `folder`, a test only when one is asked for. */
function fileIn(folder: string, { test = false } = {}): string {
  const name = readdirSync(path.join(root, folder)).find((entry) => entry.endsWith('.ts') && entry.endsWith('.test.ts') === test);
  if (name === undefined) throw new Error(`no file in ${folder}`);
  return `${folder}/${name}`;
}

const core = 'packages/core/src';

describe('an import goes downwards only', () => {
  it.each([
    [`${core}/protocol`, '../records/batch.ts', 'core/protocol must not import core/records'],
    [`${core}/protocol`, '../connection/connection.ts', 'core/protocol must not import core/connection'],
    [`${core}/protocol`, 'node:net', 'core/protocol is pure bytes'],
    [`${core}/records`, '../cluster/cluster.ts', 'core/records must not import core/cluster'],
    [`${core}/records`, 'node:timers/promises', 'core/records is pure bytes'],
    [`${core}/connection`, '../cluster/cluster.ts', 'core/connection must not import core/cluster'],
    [`${core}/connection`, '../records/batch.ts', 'core/connection must not import core/records'],
    [`${core}/cluster`, '../offsets/start.ts', 'core/cluster must not import core/offsets'],
    [`${core}/cluster`, '../client.ts', 'core/cluster must not import core client'],
    [`${core}/offsets`, '../client.ts', 'core/offsets must not import core client'],
    [`${core}/admin`, '../index.ts', 'core/admin must not import core entries'],
    [`${core}/admin`, '../client.ts', undefined],
    [`${core}/connection`, '../scripted-transport.ts', 'core/connection must not import core test support'],
    [core, './protocol/reader.ts', undefined],
    ['packages/producer/src', '@tskafka/consumer', 'producer must not import @tskafka/consumer'],
    ['packages/producer/src', '@tskafka/testing', 'producer must not import @tskafka/testing'],
    ['packages/producer/src', '../../core/src/client.ts', 'producer must not import core client'],
    ['packages/producer/src', 'left-pad', 'producer is published without dependencies'],
    ['packages/producer/src', '@tskafka/core/internal', undefined],
    ['packages/consumer/src', '@tskafka/producer', 'consumer must not import @tskafka/producer'],
    ['packages/testing/src', '@tskafka/core', 'testing must not import @tskafka/core'],
    ['packages/testing/src', '@tskafka/core/internal', 'testing must not import @tskafka/core/internal'],
    ['packages/testing/src', '@tskafka/core/protocol', undefined],
    ['packages/cli/src', '@tskafka/consumer', undefined],
  ])('%s and %s', async (folder, specifier, expected) => {
    const file = folder === core ? `${core}/index.ts` : fileIn(folder);
    const found = await reports(file, `export { x } from '${specifier}';\n`, 'tskafka/dependency-direction');
    expect(found).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
  });

  it('gives core no testing package, not even in its tests', async () => {
    const found = await reports(
      fileIn(`${core}/connection`, { test: true }),
      `import '@tskafka/testing';\n`,
      'tskafka/dependency-direction',
    );
    expect(found).toEqual([expect.stringContaining('core/connection must not import @tskafka/testing')]);
  });

  it('sees a dynamic import', async () => {
    const found = await reports(fileIn('packages/producer/src'), `await import('@tskafka/consumer');\n`, 'tskafka/dependency-direction');
    expect(found).toHaveLength(1);
  });
});

describe('what lint refuses', () => {
  it.each([
    ['@typescript-eslint/no-floating-promises', 'Promise.resolve();'],
    ['@typescript-eslint/no-misused-promises', '[1].forEach(async () => {});'],
    ['@typescript-eslint/await-thenable', 'await 1;'],
    ['@typescript-eslint/only-throw-error', `throw 'text';`],
    ['@typescript-eslint/switch-exhaustiveness-check', `declare const side: 'a' | 'b'; switch (side) { case 'a': }`],
    ['@typescript-eslint/consistent-type-imports', `import { Clock } from './clock.ts'; export type X = Clock;`],
    ['@typescript-eslint/no-explicit-any', 'export const x: any = 1;'],
    ['no-restricted-syntax', 'export default 1;'],
    ['no-restricted-globals', 'setTimeout(() => {}, 1);'],
    ['no-restricted-properties', 'export const now = Date.now();'],
    ['no-console', `console.log('hello');`],
    ['eqeqeq', 'export const same = (a: unknown): boolean => a == 1;'],
  ])('%s', async (rule, code) => {
    expect(await reports(`${core}/transport.ts`, code, rule)).not.toEqual([]);
  });

  it('a test that hides the others', async () => {
    expect(await reports(fileIn(`${core}/connection`, { test: true }), `it.only('x', () => {});`, 'no-restricted-properties')).toHaveLength(
      1,
    );
  });
});
