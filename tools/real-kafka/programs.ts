import { spawn } from 'node:child_process';

/** What a program printed, and how it ended. */
export interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
  /** The exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
}

export interface ProgramOptions {
  readonly cwd?: string;
  /** What the program reads from its standard input, which is closed behind it. */
  readonly input?: string | Uint8Array;
  /** Ends the program (SIGKILL) when it is aborted, or after `timeoutMs`. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

const needs: Readonly<Record<string, string>> = {
  java: 'a JDK 17 or newer (Debian: apt-get install openjdk-17-jdk-headless)',
  mvn: 'Apache Maven, which fetches the broker from Maven Central (Debian: apt-get install maven)',
  openssl: 'openssl, which makes the certificates of a secure cluster (Debian: apt-get install openssl)',
};

/** Runs a program to its end and gives what it printed, whatever its exit code is. */
export function run(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const { cwd, env, signal, timeoutMs, input = '' } = options;
    const child = spawn(program, args, { cwd, env, signal, timeout: timeoutMs, killSignal: 'SIGKILL', stdio: 'pipe' });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => {}); // the program ended without reading all of it: its exit code says why
    child.stdin.end(input);
    child.on('error', (error) => reject(isMissing(error) ? missing(program) : error));
    child.on('close', (code) => {
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8');
      resolve({ stdout: text(stdout), stderr: text(stderr), code: code ?? undefined });
    });
  });
}

/** As `run`, for a program that must succeed: gives its standard output, or throws with all that it printed. */
export async function runOrThrow(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { stdout, stderr, code } = await run(program, args, options);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${stderr}${stdout}`);
}

/** Throws, with what to install, unless there is a Java that runs today's Kafka. */
export async function checkJava(): Promise<void> {
  const { stderr } = await run('java', ['-version']);
  const version = /version "(\d+)/.exec(stderr)?.[1];
  if (version === undefined || Number(version) < 17) {
    throw new Error(`'java' on the PATH is not new enough (${stderr.split('\n')[0]}): a real Kafka needs ${needs.java}`);
  }
}

export function missing(program: string): Error {
  return new Error(`'${program}' is not on the PATH: a real Kafka needs ${needs[program] ?? program}`);
}

function isMissing(error: Error): boolean {
  return 'code' in error && error.code === 'ENOENT' && 'syscall' in error && String(error.syscall).startsWith('spawn');
}
