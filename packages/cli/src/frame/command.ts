/**
 * How a command is written.
 *
 * A command is a file in `commands/` that exports one `command(...)`, and a line in `commands.ts` with its name, what it does in a
 * few words, and how to load it: a file is loaded only when its command is called, so `tskafka --version` reads none of them.
 *
 *     export const groups = command<{ state?: string }, [pattern?: string]>({
 *       arguments: [['[pattern]', 'only groups whose name matches, such as billing-*']],
 *       options: [{ flags: '--state <state>', text: 'only groups in this state', choices: ['Stable', 'Empty'] }],
 *       examples: ['tskafka groups', "tskafka groups 'billing-*' --json"],
 *       async run({ connect, rows, signal }, { state }, pattern) {
 *         const client = await connect();
 *         const found = await listGroups(client, { signal });
 *         await rows(columns, found, { empty: 'there are no groups' });
 *       },
 *     });
 *
 * **Rows** are given once, as columns: `{ name: 'logEnd', value: (row) => row.end }` is LOG-END in a table and `logEnd` in JSON. The
 * frame renders them as `--output` asks for, escapes control characters on a terminal, puts numbers to the right and thousands
 * separators into tables only. `text` gives a table's cell where that should read differently. What is no list of rows is `show(object, text)`.
 *
 * **Changes.** A command that changes anything says `changes: true`, which gives it `--execute`, and does it in `change(...)`: that
 * shows the plan, and calls `apply` only with `--execute`; with `check` the brokers say beforehand what would fail. Each row ends as `planned`, `done` or `failed`; one that failed makes the exit code 1.
 *
 * **Errors** are thrown. `UsageError` (exit 2) is for what cannot be meant, `Failure` for the rest: what and where, the cause, and a hint
 * that is a command or a named option. Errors of the library are explained by the frame (`failure.ts`), also those of a connection. An item that failed
 * while others did not: `fail(error)`, and go on; `told(results)` does so for all of a Map of results. Text that comes from elsewhere needs no escaping here: `talk` and `rows` do it.
 *
 * **Talk** goes to standard error (`talk(line)`), data to standard output (`data(bytes)`); `--quiet` silences talk but not errors.
 *
 * **The end.** Whatever waits takes `signal`, which SIGINT and SIGTERM abort. By default the frame ends the command then. One with a
 * summary to give, or a transaction to abort, says `endsItself: true`, and returns when it is done. Clients of `connect()` are closed by the frame.
 */
import type { Context } from './context.ts';

/** What a command can be asked for. */
export interface CommandOption {
  /** As commander writes it: `-n, --lines <number>`; `<...>` has a value, none is a switch. */
  readonly flags: string;
  readonly text: string;
  /** Reads the value; throws a UsageError for one that cannot be meant. `parse.ts` has the usual ones. Default: the text itself. */
  readonly parse?: (text: string, option: string) => unknown;
  readonly default?: unknown;
  /** What the default is called in the help, where the value would not read well. */
  readonly defaultText?: string;
  readonly choices?: readonly string[];
  /** May be given again: the values come as a list. */
  readonly repeat?: boolean;
  /** Accepted, but not shown. */
  readonly hidden?: boolean;
}

/** What is to be allowed before a topic, or a group, can be changed, as access lists call it. */
export interface NeedsToChange {
  readonly topic?: 'read' | 'write' | 'create' | 'delete' | 'alter';
  readonly group?: 'read' | 'delete';
}

export interface Command {
  /** Each as commander writes it (`<topic>`, `[pattern]`, `<topic...>`), and what it is. */
  readonly arguments: readonly (readonly [name: string, text: string])[];
  readonly options: readonly CommandOption[];
  /** Whole lines, as they are typed. */
  readonly examples: readonly string[];
  /** What else the help should say, behind the options. */
  readonly notes: string | undefined;
  /** It has `--execute`, and does nothing without it. */
  readonly changes: boolean;
  /** What it does with the topics that it is given, as access lists call it: for the hint of an error. */
  readonly needs: 'describe' | 'read' | 'write';
  /** And with `--execute` what it does with topics and with groups, where that is more. */
  readonly needsToChange: NeedsToChange;
  /** It looks at the signal itself, and returns when it is done. */
  readonly endsItself: boolean;
  run(context: Context, flags: object, args: readonly unknown[]): Promise<void>;
}

/** A command; `Flags` and `Args` are what its options and arguments come as. */
export function command<Flags = object, Args extends readonly unknown[] = []>(
  given: Partial<Omit<Command, 'run'>> & {
    readonly examples: readonly string[];
    run(context: Context, flags: Readonly<Flags>, ...args: Args): Promise<void>;
  },
): Command {
  const {
    arguments: names = [],
    options = [],
    examples,
    notes,
    changes = false,
    needs = 'describe',
    needsToChange = {},
    endsItself = false,
  } = given;
  const run: Command['run'] = (context, flags, args) => given.run(context, flags as Flags, ...(args as unknown as Args));
  return { arguments: names, options, examples, notes, changes, needs, needsToChange, endsItself, run };
}
