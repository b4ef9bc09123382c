import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { broker } from '../broker.ts';
import { root } from './run.ts';

const installed = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;

/** `script` of util-linux, which gives a program a terminal, is part of every Debian. Elsewhere these tests are left out, but not in CI. */
export const terminalIsThere = installed || process.env['CI'] !== undefined;

export interface AtTerminal {
  /** All that was on the terminal, as the program wrote it: a line ends with CR LF. */
  readonly screen: string;
  readonly code: number | null;
}

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with what is on the terminal so far, each time something comes; `type` is the keyboard. */
  readonly onScreen?: (screen: string, type: (keys: string) => void) => void;
}

export const ctrlC = '\u0003';
export const ctrlD = '\u0004';

/** Runs the command line at a terminal of 100 columns: its input, its output and its errors are the terminal. */
export async function atTerminal(args: readonly string[], { env = {}, onScreen }: TerminalOptions = {}): Promise<AtTerminal> {
  const quoted = [process.execPath, join(root, 'packages/cli/dist/main.js'), ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const own = { TSKAFKA_BROKERS: await broker.overTcp(), TSKAFKA_HOME: '/nowhere', TERM: 'xterm-256color', CI: undefined };
  const none = { NO_COLOR: undefined, FORCE_COLOR: undefined };
  const environment = { ...process.env, ...own, ...none, ...env };
  const command = `stty cols 100 rows 30; exec ${quoted.join(' ')}`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], { env: environment, cwd: root });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    screen += chunk;
    onScreen?.(screen, (keys) => void child.stdin.write(keys));
  });
  child.stdin.on('error', () => {}); // a program that has ended reads no more
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ screen, code }));
  });
}
