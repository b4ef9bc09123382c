import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');

/** A program that is killed, and started again. What it has to do is its one argument. */
export class ProgramProcess {
  readonly #name: string;
  readonly #file: string;
  readonly #plan: () => object;
  /** What it has said last: it tells of all that went wrong. */
  readonly #words: string[] = [];
  #output = '';
  #child: ChildProcess | undefined;

  /** `plan` is asked for each time that it is started. */
  constructor(name: string, file: string, plan: () => object) {
    this.#name = name;
    this.#file = file;
    this.#plan = plan;
  }

  get words(): readonly string[] {
    return this.#words;
  }

  /** The whole lines of its output, without what Node warns of. */
  get lines(): string[] {
    return this.#output.split('\n').slice(0, -1);
  }

  /** Why it is not running, although nobody has ended it. */
  get failure(): string | undefined {
    const child = this.#child;
    if (child === undefined || (child.exitCode === null && child.signalCode === null)) return undefined;
    return `${this.#name} has ended by itself (${child.exitCode ?? child.signalCode}): ${this.#words.slice(-20).join('')}`;
  }

  start(): void {
    const args = ['--import', './tools/soak/sources.ts', this.#file, JSON.stringify(this.#plan())];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (words: string) => {
        this.#words.push(words);
        if (this.#words.length > 200) this.#words.shift();
      });
    }
    child.stdout.on('data', (words: string) => (this.#output += words));
    this.#child = child;
  }

  /** Ends it as a power cut does. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Lets it come to an end. Kills it where it does not. Gives whether it did: one that had not got as far as to listen to the signal did, too. */
  async stop(timeoutMs: number): Promise<boolean> {
    const child = this.#child;
    const timer = setTimeout(() => child?.kill('SIGKILL'), timeoutMs);
    await this.#end('SIGTERM');
    clearTimeout(timer);
    return child === undefined || child.exitCode === 0 || child.signalCode === 'SIGTERM';
  }

  /** Stops it in its tracks, and lets it go on: what others have done meanwhile it has to find out. */
  async pause(ms: number): Promise<void> {
    this.#child?.kill('SIGSTOP');
    await sleep(ms);
    this.resume();
  }

  /** Lets it go on when it is stopped, by itself or by others. */
  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
