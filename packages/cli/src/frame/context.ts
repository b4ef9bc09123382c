import type { ClientOptions, KafkaClient, Logger } from '@tskafka/core';
import { noCluster } from '../connect/circumstances.ts';
import { Clusters } from '../connect/clusters.ts';
import type { Key } from '../connect/keys.ts';
import type { Asker } from '../connect/not-authorized.ts';
import type { Command } from './command.ts';
import { type ConnectionFlags, type Setting, settingsElsewhere, settingsOf, type World } from '../connect/settings.ts';
import { oneLine, printable } from '../terminal/printable.ts';
import { type Change, change, mayWrite } from './change.ts';
import { exitCodes, Failure, failureText, UsageError } from './failure.ts';
import type { GlobalFlags } from './global-options.ts';
import type { Output } from './output.ts';
import { type Column, type OutputMode, outputModes, renderRow, renderRows } from './rows.ts';

/** What a command is given: the cluster, a way to print, and the signal that ends it. All members are free functions: take those that are needed. */
export interface Context {
  /** The cluster of the options, the environment and the profile; `other` for a second one. It is closed when the command has ended. */
  readonly connect: (options?: Partial<ClientOptions>, other?: ConnectionFlags) => Promise<KafkaClient>;
  /** What a key of the settings says, such as `client.rack`; undefined where nothing does. */
  readonly setting: (key: Key) => string | undefined;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** How to print: what `--output` says. */
  readonly mode: OutputMode;
  readonly flags: GlobalFlags;
  readonly world: World;
  readonly output: Output;
  /** Prints rows as `--output` says. Rows that come one by one are printed as they come, but for tables and JSON, which need all. */
  readonly rows: <Row>(
    columns: readonly Column<Row>[],
    rows: Iterable<Row> | AsyncIterable<Row>,
    options?: { empty?: string },
  ) => Promise<void>;
  /** Prints what is no list of rows: as JSON where that is asked for, else the text (made only then; bytes of strangers in it are escaped by `rows` or by whoever makes it). */
  readonly show: (value: object, text: () => string) => Promise<void>;
  /** Writes to standard output, as it is. Await what it returns when it is not undefined: then the reader is slower than we. */
  readonly data: (data: string | Uint8Array) => Promise<void> | undefined;
  /** Says a line on standard error; not with `--quiet`. */
  readonly talk: (line: string) => void;
  /** The same, but also with `--quiet`. */
  readonly warn: (line: string) => void;
  /** Shows a plan, or does it: see change.ts. */
  readonly change: <Row>(change: Change<Row>) => Promise<void>;
  /** Throws where the profile says that nothing may be written (`tskafka.readonly`); `other` as of `connect`. */
  readonly mayWrite: (other?: ConnectionFlags) => void;
  /** An item failed, and the command goes on: says it, and the exit code becomes 1. */
  readonly fail: (error: unknown, about?: AboutError) => Promise<void>;
  /** What was told of each item; an error among it is an item that failed. */
  readonly told: <Item, Value>(results: ReadonlyMap<Item, Value | Error>) => Promise<Map<Item, Value>>;
  /** The error as a person is told it: for who shows it in another way. */
  readonly explained: (error: unknown, about?: AboutError) => Promise<Failure>;
  /** Ends as if the condition that was asked for did not hold: exit code 3 where nothing worse happens. */
  readonly unmet: () => void;
  /** The process ends with this: the status of a command that was run. */
  readonly exitWith: (code: number) => void;
  /** The milliseconds of `--timeout`; undefined where it was not given. */
  readonly timeoutMs: number | undefined;
}

/** What an error does not say itself. */
export interface AboutError {
  /** The client that met it, where there are two. Default: the last. */
  readonly client?: KafkaClient;
  /** Whether it was met by a change, and not by looking. Default: whether there is `--execute`. */
  readonly changes?: boolean;
}

/** The context of one call, and what the frame needs to end it. */
export class Call {
  readonly context: Context;
  exitCode: number = exitCodes.done;
  readonly #command: Command;
  readonly #flags: GlobalFlags;
  readonly #output: Output;
  readonly #world: World;
  readonly #clusters: Clusters;
  /** Rejects when no broker can be reached. */
  readonly unreachable: Promise<never>;
  #isOver = false;

  constructor(command: Command, flags: GlobalFlags, output: Output, signal: AbortSignal) {
    this.#command = command;
    this.#flags = flags;
    this.#output = output;
    let reject: (error: unknown) => void;
    this.unreachable = new Promise<never>((_, refuse) => (reject = refuse));
    this.unreachable.catch(() => {});
    const warn = (line: string): void => output.talk(output.style('yellow', oneLine(line), 'talk'));
    const talk = (line: string): void => {
      if (!flags.quiet && !this.#isOver) output.talk(printable(line));
    };
    this.#world = { environment: process.env, workingDirectory: process.cwd(), warn };
    const timeoutMs = flags.timeout ?? 10_000;
    const logger = flags.verbose > 0 ? loggerTo((line) => output.talk(line), flags.verbose) : undefined;
    this.#clusters = new Clusters({
      world: this.#world,
      signal,
      defaults: { unavailableTimeoutMs: timeoutMs, apiTimeoutMs: timeoutMs, ...(logger && { logger }) },
      onLost: (error, client) => void this.explained(error, { client }).then(reject),
    });
    const mode = modeOf(flags);
    this.context = {
      signal,
      mode,
      flags,
      output,
      world: this.#world,
      talk,
      warn,
      timeoutMs: flags.timeout,
      data: (data) => output.data(data),
      setting: (key) => this.#settings().get(key)?.value,
      connect: async (options, other) => this.#clusters.connect(this.#settings(other), options),
      rows: (columns, rows, options) => this.#rows(mode, columns, rows, options),
      show: async (value, text) => {
        if (mode === 'json') await output.data(`${JSON.stringify(value, null, 2)}\n`);
        else await output.data(mode === 'ndjson' ? `${JSON.stringify(value)}\n` : text());
      },
      change: (given) => change(given, this.context, this.#settings()),
      mayWrite: (other) => mayWrite(this.#settings(other)),
      fail: async (error, about) => {
        this.say(await this.explained(error, about));
        this.exitCode = exitCodes.refused;
      },
      told: async <Item, Value>(results: ReadonlyMap<Item, Value | Error>) => {
        const values = new Map<Item, Value>();
        for (const [item, result] of results) {
          if (result instanceof Error) await this.context.fail(result);
          else values.set(item, result);
        }
        return values;
      },
      explained: (error, about) => this.explained(error, about),
      exitWith: (code) => {
        this.exitCode = code;
      },
      unmet: () => {
        if (this.exitCode === exitCodes.done) this.exitCode = exitCodes.unmet;
      },
    };
  }

  /** The error has been said: what a command that is cut off has still to say would follow from that alone. */
  end(failure: Failure): void {
    this.say(failure);
    this.exitCode = failure.exitCode;
    this.#isOver = true;
  }

  /** Says an error, in the form that the output has. */
  say(failure: Failure): void {
    say(failure, this.context.mode, this.#output);
  }

  async explained(error: unknown, { client, changes }: AboutError = {}): Promise<Failure> {
    // Most commands never need it.
    const { explain } = await import('../connect/explain.ts');
    const failure = await explain(error, { ...(this.#clusters.about(client) ?? noCluster), command: this.#asker(changes) });
    if (this.#flags.verbose >= 2 && error instanceof Error && !(error instanceof Failure)) this.#output.talk(error.stack ?? error.message);
    return failure;
  }

  #asker(changes = (this.#flags as { execute?: boolean }).execute === true): Pick<Asker, 'needs' | 'needsOfGroup' | 'changes'> {
    const { needs, needsToChange } = this.#command;
    const { topic, group } = changes ? needsToChange : {};
    return { needs: topic ?? needs, needsOfGroup: group ?? 'read', changes };
  }

  close(): Promise<void> {
    return this.#clusters.close();
  }

  #settings(other?: ConnectionFlags): ReadonlyMap<Key, Setting> {
    return other === undefined ? settingsOf(this.#flags, this.#world) : settingsElsewhere(other, this.#world);
  }

  /** That there is nothing is known only where nothing has failed. */
  #tellEmpty(text: string | undefined): void {
    if (text !== undefined && this.exitCode === exitCodes.done) this.context.talk(text);
  }

  async #rows<Row>(
    mode: OutputMode,
    columns: readonly Column<Row>[],
    rows: Iterable<Row> | AsyncIterable<Row>,
    { empty }: { empty?: string } = {},
  ): Promise<void> {
    const output = this.#output;
    if (mode === 'ndjson' || mode === 'tsv') {
      let printed = 0;
      for await (const row of rows) {
        const full = output.data(renderRow(columns, row, mode));
        if (full !== undefined) await full;
        printed++;
      }
      if (printed === 0) this.#tellEmpty(empty);
      return;
    }
    const all: Row[] = [];
    for await (const row of rows) all.push(row);
    if (all.length === 0) this.#tellEmpty(empty);
    if (all.length === 0 && mode === 'table') return;
    const style = { headings: !this.#flags.quiet, terminalWidth: output.terminalWidth, bold: (text: string) => output.style('bold', text) };
    await output.data(renderRows(columns, all, mode, style));
  }
}

/** Says an error on standard error: its lines for a person, or one of JSON beside data in JSON. */
export function say(failure: Failure, mode: OutputMode, output: Output): void {
  const asJson = mode === 'json' || mode === 'ndjson';
  const text = failureText(failure, asJson);
  output.talk(asJson ? text : printable(text).replace(/^error:/, output.style('red', 'error:', 'talk')));
}

export function modeOf({ output, json, tsv }: GlobalFlags): OutputMode {
  if (output !== undefined && !outputModes.includes(output))
    throw new UsageError(`--output ${output as string} is not known`, `it may be ${outputModes.join(', ')}`);
  return output ?? (json ? 'ndjson' : tsv ? 'tsv' : 'table');
}

function loggerTo(line: (line: string) => void, verbosity: number): Logger {
  const say =
    (level: string, from: number) =>
    (fields: object, message: string): void => {
      if (verbosity < from) return;
      const details = Object.entries(fields).map(
        ([name, value]) => ` ${name}=${oneLine(value instanceof Error ? value.message : String(value))}`,
      );
      line(`${level}: ${oneLine(message)}${details.join('')}`);
    };
  return { error: say('log error', 1), warn: say('log warning', 1), info: say('log', 1), debug: say('log debug', 2) };
}
