import { once } from 'node:events';

/** Where a command writes: data to standard output, talk to standard error. */
export interface Output {
  /** Resolves when more may be written. */
  data(text: string | Buffer): Promise<void>;
  talk(text: string): void;
  /** Whether data goes to a terminal, for which control characters are made visible. */
  readonly isTerminal: boolean;
}

export const processOutput: Output = {
  async data(text) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  talk: (text) => void process.stderr.write(`${text}\n`),
  isTerminal: process.stdout.isTTY === true,
};
