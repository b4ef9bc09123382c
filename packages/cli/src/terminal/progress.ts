import type { Context } from '../frame/context.ts';

const quietMs = 500;
const everyMs = 100;

/** How far long work has come, on the terminal alone: a line that is drawn again, with rate and time left where the whole is known. */
export class Progress {
  readonly #write: ((text: string) => void) | undefined;
  readonly #total: number | undefined;
  readonly #what: string;
  readonly #started = performance.now();
  #drawnAt = 0;

  /** `besideData`: standard output has data meanwhile, so that a terminal that shows both would show neither well. */
  constructor(
    { output, flags }: Pick<Context, 'output' | 'flags'>,
    what: string,
    { total, besideData }: { total?: number | undefined; besideData: boolean },
  ) {
    const isClear = !besideData || !output.isTerminal;
    const shown = output.talksToTerminal && isClear && flags.progress && !flags.quiet;
    this.#write = shown ? (text) => void process.stderr.write(text) : undefined;
    this.#what = what;
    this.#total = total;
  }

  /** So many are done. Cheap: it draws ten times a second at most. */
  at(done: number, note = ''): void {
    if (this.#write === undefined) return;
    const now = performance.now();
    if (now - this.#started < quietMs || now - this.#drawnAt < everyMs) return;
    this.#drawnAt = now;
    this.#write(`\r\u001b[2K${progressLine(this.#what, done, this.#total, (now - this.#started) / 1000)}${note}`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#drawnAt > 0) this.#write?.('\r\u001b[2K');
  }
}

/** `produced ████····  40%  400/1,000  200/s  3 s left`. */
function progressLine(what: string, done: number, total: number | undefined, seconds: number): string {
  const rate = done / seconds;
  const perSecond = `${Math.round(rate).toLocaleString('en-US')}/s`;
  if (total === undefined || total === 0) return `${what} ${done.toLocaleString('en-US')}  ${perSecond}`;
  const part = Math.min(1, done / total);
  const bar = '█'.repeat(Math.floor(part * 24)).padEnd(24, '·');
  const left = rate > 0 ? `  ${Math.ceil((total - done) / rate)} s left` : '';
  return `${what} ${bar} ${String(Math.floor(part * 100)).padStart(3)}%  ${done.toLocaleString('en-US')}/${total.toLocaleString('en-US')}  ${perSecond}${left}`;
}
