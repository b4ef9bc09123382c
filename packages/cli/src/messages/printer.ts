import { isUtf8 } from 'node:buffer';
import { closeSync, createWriteStream, openSync, statSync, type WriteStream } from 'node:fs';
import { BufferedWriter } from '../frame/buffered-writer.ts';
import type { CommandOption } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { Failure, UsageError } from '../frame/failure.ts';
import { printable } from '../terminal/printable.ts';
import { parseFormat } from './format.ts';
import { jsonLine, type MessageToPrint } from './json-line.ts';

export interface PrintFlags {
  readonly format?: string;
  readonly keys?: boolean;
  readonly meta?: boolean;
  readonly parse?: boolean;
  readonly outputFile?: string;
}

/** The options of every command that prints messages. */
export const printOptions: readonly CommandOption[] = [
  {
    flags: '--format <format>',
    text: "how to print each: kcat's %t %p %o %k %K %s %S %R %T %h, and %{time} %{header:NAME} %{value:hex} %{value:base64} %{json} %{lag}, with \\n \\t \\xNN",
  },
  { flags: '-k, --keys', text: 'print the key and a tab before each value' },
  { flags: '--meta', text: 'print partition, offset and time before each value' },
  { flags: '--parse', text: 'with --json: print JSON values as objects; produce cannot read them back' },
  { flags: '-O, --output-file <file>', text: 'write to this file' },
];

const tab = Buffer.from('\t');
const nothing = Buffer.alloc(0);

/** Prints messages as the options say. */
export class Printer {
  #out: BufferedWriter;
  readonly #print: (message: MessageToPrint, lag: number) => Promise<void> | undefined;
  readonly #isList: boolean;
  readonly #outputFile: string | undefined;
  #file: WriteStream | undefined;
  #printed = 0;
  #failed: Error | undefined;

  constructor(context: Context, flags: PrintFlags) {
    const { mode, output } = context;
    const { format, outputFile } = flags;
    if (format !== undefined && mode !== 'table') throw new UsageError('--format and --output both set the format: use one of them');
    if (outputFile !== undefined) mustBeWritable(outputFile);
    this.#outputFile = outputFile;
    this.#out = output.out;
    this.#isList = mode === 'json';
    this.#print =
      mode !== 'table'
        ? this.#structured(mode, flags.parse ?? false)
        : format !== undefined
          ? this.#formatted(format, output.isTerminal && outputFile === undefined)
          : this.#plain(flags, output.isTerminal && outputFile === undefined, (text) => output.style('dim', text));
  }

  /** Not to standard output. */
  get writesFile(): boolean {
    return this.#outputFile !== undefined;
  }

  /** Prints one. Await what is returned when it is not undefined: then the reader is slower than we. */
  print(message: MessageToPrint, lag = 0): Promise<void> | undefined {
    if (this.#failed !== undefined) throw cannotWrite(this.#failed);
    if (this.#printed++ === 0) this.#open();
    return this.#print(message, lag);
  }

  /** When all have been printed. */
  async end(): Promise<void> {
    if (this.#printed === 0) this.#open();
    if (this.#isList) await this.#out.write(this.#printed === 0 ? '[]\n' : '\n]\n');
    const file = this.#file;
    if (file !== undefined) {
      this.#out.send();
      await new Promise<void>((resolve) => file.end(() => resolve()));
    }
    if (this.#failed !== undefined) throw cannotWrite(this.#failed);
  }

  /** Only now: what the file holds is not lost where there is no such topic. */
  #open(): void {
    if (this.#outputFile === undefined) return;
    this.#file = createWriteStream(this.#outputFile);
    this.#file.on('error', (error) => (this.#failed = error));
    this.#out = new BufferedWriter(this.#file);
  }

  #structured(mode: 'json' | 'ndjson' | 'tsv', parse: boolean): (message: MessageToPrint) => Promise<void> | undefined {
    if (mode === 'tsv') return (message) => this.#out.write(tsvLine(message));
    if (mode === 'ndjson') return (message) => this.#out.write(`${jsonLine(message, parse)}\n`);
    return (message) => this.#out.write(`${this.#printed === 1 ? '[\n' : ',\n'}${jsonLine(message, parse)}`);
  }

  #formatted(format: string, escape: boolean): (message: MessageToPrint, lag: number) => Promise<void> | undefined {
    const formatter = parseFormat(format);
    return (message, lag) => {
      const bytes = formatter(message, lag);
      return this.#out.write(escape ? printable(bytes.toString()) : bytes);
    };
  }

  #plain(
    { keys, meta }: PrintFlags,
    escape: boolean,
    dim: (text: string) => string,
  ): (message: MessageToPrint) => Promise<void> | undefined {
    return (message) => {
      if (meta) void this.#out.write(dim(`${message.partition}/${message.offset} ${timeOfDay(message.timestamp)} `));
      if (escape) return this.#out.write(`${keys ? `${shown(message.key)}\t` : ''}${shown(message.value)}\n`);
      if (keys) {
        void this.#out.write(message.key ?? nothing);
        void this.#out.write(tab);
      }
      return this.#out.writeLine(message.value ?? nothing);
    };
  }
}

/** Before anything is asked, and without touching what it holds. */
function mustBeWritable(file: string): void {
  try {
    // Of a pipe somebody may read already, and would take this for its end.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() ?? true) closeSync(openSync(file, 'a'));
  } catch (error) {
    throw cannotWrite(error as Error);
  }
}

function cannotWrite(error: Error): Failure {
  return new Failure(`the messages cannot be written: ${error.message}`, { code: 'OUTPUT_FILE' });
}

/** For a person at a terminal. */
function shown(bytes: Buffer | null): string {
  if (bytes === null) return '';
  return isUtf8(bytes) ? printable(bytes.toString()) : `<${bytes.length} bytes, base64 with --json>`;
}

function timeOfDay(timestamp: number): string {
  return Math.abs(timestamp) <= 8.64e15 ? new Date(timestamp).toISOString().slice(11, 23) : String(timestamp);
}

function tsvLine({ topic, partition, offset, timestamp, key, value }: MessageToPrint): string {
  const cell = (bytes: Buffer | null): string =>
    bytes === null ? '-' : bytes.toString().replace(/[\\\t\n\r]/g, (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[c]!);
  return `${topic}\t${partition}\t${offset}\t${timestamp}\t${cell(key)}\t${cell(value)}\n`;
}
