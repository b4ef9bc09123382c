import { execFile } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { UsageError } from '../frame/failure.ts';
import type { Key } from './keys.ts';
import { parseJaas } from './properties.ts';
import { readText, type Setting, type World } from './settings.ts';

interface Password {
  readonly password: string;
  /** What the place is called that it came from. */
  readonly origin: string;
}

/** The password, from the strongest of the settings that say one; asked for at the terminal when none does. */
export async function passwordOf(settings: ReadonlyMap<Key, Setting>, user: string, world: World): Promise<Password> {
  for (const [key, setting] of settings) {
    const found = await passwordIn(key, setting, world);
    if (found !== undefined) return found;
  }
  const asked = await askForPassword(`password of ${user}: `);
  if (asked !== undefined) return { password: asked, origin: 'the terminal' };
  throw new UsageError(`${user} needs a password`, 'put it into TSKAFKA_SASL_PASSWORD, or name a file with --password-file');
}

/** The password that a setting says, or leads to. */
async function passwordIn(key: Key, { value, origin }: Setting, world: World): Promise<Password | undefined> {
  switch (key) {
    case 'sasl.password':
      if (origin === '--password')
        world.warn('warning: everybody who lists processes can see --password; use --password-file or TSKAFKA_SASL_PASSWORD');
      return { password: value, origin };
    case 'sasl.password.file':
      return { password: readText(value).replace(/\r?\n$/, ''), origin: value };
    case 'sasl.password.env': {
      const password = world.environment[value];
      if (password === undefined) throw new UsageError(`${value} is not set`, `${origin} says that the password is in it`);
      return { password, origin: value };
    }
    case 'sasl.password.command':
      return { password: await run(value), origin };
    case 'sasl.jaas.config': {
      const password = parseJaas(value).options.get('password');
      return password === undefined ? undefined : { password, origin: `sasl.jaas.config of ${origin}` };
    }
    default:
      return undefined;
  }
}

/** A password to set: from a file (`-` is standard input), or typed twice at the terminal. */
export async function newPassword(user: string, file: string | undefined): Promise<string> {
  if (file !== undefined) return (file === '-' ? readFileSync(0, 'utf8') : readText(file)).replace(/\r?\n$/, '');
  const typed = await askForPassword(`new password of ${user}: `);
  if (typed === undefined) throw new UsageError(`${user} needs a password`, 'name a file with --secret-file; - is standard input');
  if ((await askForPassword('once more: ')) !== typed) throw new UsageError('that was another password');
  return typed;
}

function run(script: string): Promise<string> {
  const [shell, flag] = process.platform === 'win32' ? ['cmd.exe', '/c'] : ['/bin/sh', '-c'];
  return new Promise((resolve, reject) => {
    execFile(shell!, [flag!, script], { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.replace(/\r?\n$/, ''));
      else reject(new UsageError(`the command for the password failed: ${stderr.trim() || error.message.split('\n')[0]}`));
    });
  });
}

/** Reads a line from the terminal without showing it; undefined where there is none. Standard input may be data. */
async function askForPassword(prompt: string): Promise<string | undefined> {
  if (process.stderr.isTTY !== true) return undefined;
  let terminal: ReadStream;
  try {
    terminal = new ReadStream(openSync(process.platform === 'win32' ? '\\\\.\\CON' : '/dev/tty', 'r'));
  } catch {
    return undefined;
  }
  // First of all: what is typed the moment that the prompt is there is not shown either.
  terminal.setRawMode(true);
  process.stderr.write(prompt);
  try {
    return await lineOf(terminal);
  } finally {
    // While it is open: from here on Ctrl-C is a signal again.
    terminal.setRawMode(false);
    terminal.destroy();
    process.stderr.write('\n');
  }
}

/** What is typed until Return; undefined where somebody gives up. */
function lineOf(terminal: ReadStream): Promise<string | undefined> {
  return new Promise((resolve) => {
    let typed = '';
    const giveUp = (): void => resolve(undefined);
    // Decoded as a stream: what is pasted may come in pieces that end within a letter.
    terminal.setEncoding('utf8').on('data', (chunk: string) => {
      for (const c of chunk) {
        if (c === '\r' || c === '\n') return resolve(typed);
        // The signal comes in a moment, and ends more than this.
        if (c === '\u0003') return void process.kill(process.pid, 'SIGINT');
        if (c === '\u0004') return giveUp();
        if (c === '\u007f' || c === '\b') typed = [...typed].slice(0, -1).join('');
        else typed += c;
      }
    });
    terminal.on('end', giveUp).on('error', giveUp);
    process.once('SIGINT', giveUp).once('SIGTERM', giveUp);
  });
}
