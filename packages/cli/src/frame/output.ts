const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** Where a command writes: data to standard output, talk to standard error. */
export interface Output {
  /** Writes soon, and resolves when more may be written. Nothing else may be printed between before `flush`. */
  data(text: string | Uint8Array): Promise<void> | undefined;
  /** Resolves when all that was given has left this process. */
  flush(): Promise<void>;
  talk(text: string): void;
  /** Whether data goes to a terminal, for which control characters are made visible. */
  readonly isTerminal: boolean;
  /** Whether talk goes to a terminal, for progress. */
  readonly talksToTerminal: boolean;
  /** Columns of the terminal that data goes to; Infinity for files and pipes. */
  readonly terminalWidth: number;
  /** The text in bold or a colour, where the terminal has them and nobody has switched them off. */
  style(style: keyof typeof styles, text: string, on?: 'data' | 'talk'): string;
}

const bufferBytes = 128 * 1024;

/** Many small writes cost more than what is written: they are gathered, until the buffer is full or the turn of the event loop is over. */
export class ProcessOutput implements Output {
  readonly isTerminal = process.stdout.isTTY === true;
  readonly talksToTerminal = process.stderr.isTTY === true;
  #buffer = Buffer.allocUnsafe(bufferBytes);
  #filled = 0;
  #later: NodeJS.Immediate | undefined;
  #color: 'auto' | 'always' | 'never' = 'auto';

  data(data: string | Uint8Array): Promise<void> | undefined {
    const most = typeof data === 'string' ? data.length * 3 : data.length;
    let full = false;
    if (this.#filled + most > bufferBytes) {
      full = !this.#write();
      // What the buffer cannot hold at all goes by itself.
      if (most > bufferBytes) full = !process.stdout.write(data);
    }
    if (most <= bufferBytes) {
      if (typeof data === 'string') this.#filled += this.#buffer.write(data, this.#filled);
      else {
        this.#buffer.set(data, this.#filled);
        this.#filled += data.length;
      }
      this.#later ??= setImmediate(() => this.#write());
    }
    return full ? drained() : undefined;
  }

  async flush(): Promise<void> {
    this.#write();
    if (process.stdout.writableLength > 0) await drained();
  }

  talk(text: string): void {
    // What was printed before comes before, where both go to one terminal.
    this.#write();
    process.stderr.write(`${text}\n`);
  }

  get terminalWidth(): number {
    return this.isTerminal ? process.stdout.columns || 80 : Infinity;
  }

  useColor(when: 'auto' | 'always' | 'never'): void {
    this.#color = when;
  }

  style(style: keyof typeof styles, text: string, on: 'data' | 'talk' = 'data'): string {
    const stream = on === 'data' ? process.stdout : process.stderr;
    const wanted = this.#color === 'auto' ? hasColors(stream) : this.#color === 'always';
    return wanted ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
  }

  /** False: the reader is slower than we. */
  #write(): boolean {
    if (this.#later !== undefined) clearImmediate(this.#later);
    this.#later = undefined;
    if (this.#filled === 0) return !process.stdout.writableNeedDrain;
    const chunk = this.#buffer.subarray(0, this.#filled);
    this.#buffer = Buffer.allocUnsafe(bufferBytes);
    this.#filled = 0;
    return process.stdout.write(chunk);
  }
}

function drained(): Promise<void> {
  return new Promise((resolve) => process.stdout.write('', () => resolve()));
}

/** Node's own rules: NO_COLOR, FORCE_COLOR, TERM=dumb; a file or pipe only by FORCE_COLOR. */
function hasColors(stream: NodeJS.WriteStream): boolean {
  if (stream.isTTY) return stream.hasColors();
  const { FORCE_COLOR, NO_COLOR } = process.env;
  return FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && NO_COLOR === undefined;
}
