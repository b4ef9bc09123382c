import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import path from 'node:path';

/** Starts a mock in a process of its own, with the testing package that is installed in `project`. */
export async function serveMock(project: string): Promise<{ address: string; close(): Promise<void> }> {
  const program = path.join(project, 'serve.mjs');
  copyFileSync(path.join(import.meta.dirname, 'serve.mjs'), program);
  const child = spawn(process.execPath, [program], { cwd: project, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const [chunk] = (await Promise.race([once(child.stdout, 'data'), ended.then(() => ['it ended'])])) as [Buffer | string];
  const address = String(chunk).trim();
  if (!/^127\.0\.0\.1:\d+/.test(address)) throw new Error(`the mock did not start: ${address}`);
  return {
    address,
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
