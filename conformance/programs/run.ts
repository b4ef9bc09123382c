import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends standard output after the first bytes, as `| head` does. */
  readonly closeOutput?: boolean;
  /** Called with what has come so far, each time something comes. `kill` sends one signal: to a program, a second says that it is not to end in order. */
  readonly onOutput?: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** A terminal's colours are no part of what is compared. */
const plain = { FORCE_COLOR: undefined, NO_COLOR: '1' };

/** Runs a Node program as a user would, in a process of its own. */
export function run(
  program: string,
  args: readonly string[],
  { input = '', env = {}, closeOutput, onOutput }: RunOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, program), ...args], { env: { ...process.env, ...plain, ...env }, cwd: root });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let isKilled = false;
    const kill = (signal: NodeJS.Signals): void => {
      if (!isKilled) isKilled = child.kill(signal);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      out.push(chunk);
      if (closeOutput) child.stdout.destroy();
      onOutput?.(Buffer.concat(out).toString(), kill);
    });
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), code }));
    child.stdin.on('error', () => {}); // a program that has ended reads no more
    child.stdin.end(input);
  });
}
