import { createInterface } from 'node:readline/promises';
import type { Key } from '../connect/keys.ts';
import type { Setting } from '../connect/settings.ts';
import { exitCodes, Failure, UsageError } from './failure.ts';
import type { Context } from './context.ts';
import type { Column } from './rows.ts';

/** A change of the cluster: what would become of what, and how it is done. */
export interface Change<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** What it would do, after "would": `delete 3 topics`. */
  readonly would: string;
  /** What stands in place of a plan without rows. */
  readonly empty?: string;
  /** Whether the user wants it done: the flag `--execute`. */
  readonly execute: boolean | undefined;
  /** What must be typed before a protected cluster is changed. Default: `yes`. */
  readonly confirm?: string;
  /** Asks the brokers what they would say to it, where they can be asked: a plan that would fail is told now. */
  check?(rows: readonly Row[]): Promise<Iterable<Error | undefined>>;
  /** Does it. Gives an error for each row that failed, and undefined for the others, in the rows' order; or rejects when nothing was done. */
  apply(rows: readonly Row[]): Promise<Iterable<Error | undefined>>;
}

interface Outcome<Row> {
  readonly row: Row;
  readonly status: 'planned' | 'done' | 'failed';
  readonly error?: string | undefined;
}

/** Shows the plan; with `--execute` does it, and shows what became of each row. */
export async function change<Row>(given: Change<Row>, context: Context, settings: ReadonlyMap<Key, Setting>): Promise<void> {
  const { columns, rows, would, empty = 'nothing to do', execute } = given;
  const { talk } = context;
  const wide: Column<Outcome<Row>>[] = [
    ...columns.map(({ value, text, ...column }): Column<Outcome<Row>> => {
      return { ...column, value: ({ row }) => value(row), ...(text && { text: ({ row }) => text(row) }) };
    }),
    { name: 'status', value: ({ status }) => status },
    { name: 'error', value: ({ error }) => error, only: 'data' },
  ];
  if (rows.length === 0) return context.rows(wide, [], { empty });
  if (!execute) {
    const errors = [...((await given.check?.(rows)) ?? [])];
    await show('planned', errors);
    const isPossible = !rows.every((_, i) => errors[i] !== undefined);
    talk(isPossible ? `plan only, nothing was changed; this would ${would}\nadd --execute to do it` : 'plan only, nothing was changed');
    return;
  }
  mayWrite(settings);
  await confirmed(given.confirm ?? 'yes', would, context, settings);
  await show('done', [...(await given.apply(rows))]);

  async function show(status: 'planned' | 'done', errors: readonly (Error | undefined)[]): Promise<void> {
    const outcomes = rows.map((row, i) => ({
      row,
      status: errors[i] === undefined ? status : ('failed' as const),
      error: errors[i]?.message,
    }));
    await context.rows(wide, outcomes);
    await context.output.flush();
    // Several rows may be one request, and have failed together.
    for (const error of new Set(errors)) if (error !== undefined) await context.fail(error, { changes: true });
  }
}

/** Throws where the profile says that nothing may be written. */
export function mayWrite(settings: ReadonlyMap<Key, Setting>): void {
  const readonly = settings.get('tskafka.readonly');
  if (readonly?.value !== 'true') return;
  throw new Failure('this cluster is read-only', {
    code: 'READONLY',
    cause: `tskafka.readonly=true in ${readonly.origin}`,
    hint: 'use another profile: -C NAME',
  });
}

/** A protected cluster is changed only by somebody who types its name, or says `--yes`. */
async function confirmed(word: string, would: string, { flags, output }: Context, settings: ReadonlyMap<Key, Setting>): Promise<void> {
  const guard = settings.get('tskafka.protected');
  if (guard?.value !== 'true' || flags.yes) return;
  if (process.stdin.isTTY !== true || !output.talksToTerminal) {
    throw new UsageError(`this cluster is protected (${guard.origin}), so this needs --yes`, 'add --yes');
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await reader.question(`this will ${would} on a protected cluster; type ${word} to go on: `);
  reader.close();
  if (answer.trim() !== word) throw new Failure('nothing was changed', { code: 'NOT_CONFIRMED', exitCode: exitCodes.unmet });
}
