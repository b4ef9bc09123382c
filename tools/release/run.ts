import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Default: half an hour, for a machine that does much else. */
  readonly timeoutMs?: number;
}

/** Runs a program to its end and resolves with what it printed; rejects with the same when it fails. */
export function run(command: string, args: readonly string[], { cwd, env, timeoutMs = 1_800_000 }: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    let output = '';
    const collect = (chunk: string): void => void (output += chunk);
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${[command, ...args].join(' ')} ended with ${signal ?? code}:\n${output.trim()}`));
    });
  });
}

/** pnpm of the version that the workspace is installed with: the one on the PATH when `npm test` put it there, else npx brings it. */
export function pnpm(args: readonly string[], options: RunOptions): Promise<string> {
  return run('npx', ['-y', '-p', 'pnpm@12.21.0', 'pnpm', ...args], options);
}
