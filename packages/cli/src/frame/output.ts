import { BufferedWriter } from './buffered-writer.ts';

const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** Where a command writes: data to standard output, talk to standard error. */
export interface Output {
  /** Writes soon, and resolves when more may be written. Nothing else may be printed between before `flush`. */
  data(text: string | Uint8Array): Promise<void> | undefined;
  /** Where data goes. */
  readonly out: BufferedWriter;
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

export class ProcessOutput implements Output {
  readonly isTerminal = process.stdout.isTTY === true;
  readonly talksToTerminal = process.stderr.isTTY === true;
  readonly out = new BufferedWriter(process.stdout);
  #color: 'auto' | 'always' | 'never' = 'auto';

  data(data: string | Uint8Array): Promise<void> | undefined {
    return this.out.write(data);
  }

  flush(): Promise<void> {
    return this.out.flush();
  }

  talk(text: string): void {
    // What was printed before comes before, where both go to one terminal.
    this.out.send();
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
}

/** Node's own rules: NO_COLOR, FORCE_COLOR, TERM=dumb; a file or pipe only by FORCE_COLOR. */
function hasColors(stream: NodeJS.WriteStream): boolean {
  if (stream.isTTY) return stream.hasColors();
  const { FORCE_COLOR, NO_COLOR } = process.env;
  return FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && NO_COLOR === undefined;
}
