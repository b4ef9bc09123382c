import { execFile } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';

const program = 'const { user, system } = process.cpuUsage(); process.stdout.write(String((user + system) / 1000));';

/** What a program that does nothing takes now, and how far this machine is from having nothing else to do: how many times its own processor time that is. */
export async function emptyProgram(): Promise<{ readonly ms: number; readonly slowness: number }> {
  const started = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program]);
  const ms = performance.now() - started;
  return { ms, slowness: Math.max(1, ms / Number(stdout)) };
}
