import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { root, run } from './run.ts';

const expected = readFileSync(join(root, 'examples/demo.expected.txt'), 'utf8');

it('the patterns of the usage guide print the same on either broker', async () => {
  const { stdout, stderr, code } = await run('examples/demo.ts', [], { env: { BOOTSTRAP: await broker.overTcp() } });
  expect({ stdout, stderr, code }).toEqual({ stdout: expected, stderr: '', code: 0 });
});

it('the patterns of the usage guide print the same without a broker', async () => {
  const { stdout, stderr, code } = await run('examples/demo.ts', [], { env: { BOOTSTRAP: undefined } });
  expect({ stdout, stderr, code }).toEqual({ stdout: expected, stderr: '', code: 0 });
});

it("S1: the README's first program delivers, reads and ends by itself; it has at most 12 lines", async () => {
  const { stdout, stderr, code } = await run('examples/first-program.ts', []);
  expect({ stdout, stderr, code }).toEqual({ stdout: '0 en: hello\n', stderr: '', code: 0 });
  expect(readFileSync(join(root, 'examples/first-program.ts'), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(12);
});
