import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** What a run of vitest prints and returns when its only test has `body`. The test stands in the workspace, so the workspace's configuration applies. */
async function runTest(body: string): Promise<{ code: number; output: string }> {
  const folder = await mkdtemp(path.join(root, 'node_modules/.vitest-run-'));
  try {
    await writeFile(path.join(folder, 'x.test.ts'), `import { it } from 'vitest';\nit('x', async () => { ${body} });\n`);
    const config = path.join(root, 'vitest.config.ts');
    const args = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config, '--dir', folder, '--exclude', 'none'];
    const run = promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NO_COLOR: '1' } });
    return await run.then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, output: error.stdout + error.stderr }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

const afterWarnings = 'await new Promise((resolve) => setTimeout(resolve, 20));';

it.each([
  ['MaxListenersExceededWarning', `const target = new EventTarget(); for (let i = 0; i < 11; i++) target.addEventListener('x', () => {});`],
  ['TimeoutNegativeWarning', 'clearTimeout(setTimeout(() => {}, -1));'],
  ['TimeoutOverflowWarning', 'clearTimeout(setTimeout(() => {}, 2 ** 31));'],
  ['unhandled rejection', `void Promise.reject(new Error('unhandled rejection'));`],
])('a test run fails on %s', async (name, body) => {
  const { code, output } = await runTest(`${body} ${afterWarnings}`);
  expect(output).toContain(name);
  expect(code).toBe(1);
});

it('a test run passes without one', async () => {
  expect(await runTest(afterWarnings)).toMatchObject({ code: 0 });
});
