import { openKafka, type RealKafka, startKafka } from '../real-kafka/cluster.ts';
import { seeded, turns } from './random.ts';

/** What the commands of all long runs have: their options, their cluster, and how they say what has come of it. */

interface LongRunValues {
  readonly minutes: string;
  readonly rate: string;
  readonly seed: string;
  readonly fault: readonly string[];
  readonly help: boolean;
}

export function longRunOptions(faults: Readonly<Record<string, unknown>>, { minutes = 3 }: { readonly minutes?: number } = {}) {
  return {
    minutes: { type: 'string', default: `${minutes}` },
    rate: { type: 'string', default: '1000' },
    seed: { type: 'string', default: `${Math.floor(Math.random() * 1e6)}` },
    fault: { type: 'string', multiple: true, default: Object.keys(faults) },
    help: { type: 'boolean', default: false },
  } as const satisfies Record<string, { type: 'string' | 'boolean'; multiple?: boolean; default: unknown }>;
}

/** The faults that there are, a line each. */
export function listOf(faults: Readonly<Record<string, unknown>>, indent: number): string {
  return Object.keys(faults)
    .map((name) => `${' '.repeat(indent)}${name}\n`)
    .join('');
}

/** Says what is wrong with the options, or how the command is used; false when they are good. */
export function refuses(
  { fault, help }: LongRunValues,
  faults: Readonly<Record<string, unknown>>,
  usage: string,
  isWrong = false,
): boolean {
  const unknown = fault.find((name) => !(name in faults));
  if (!help && !isWrong && unknown === undefined) return false;
  process.stderr.write(unknown === undefined ? usage : `there is no fault '${unknown}'\n${usage}`);
  return true;
}

/** Three nodes, which are started here unless TSKAFKA_CLUSTER names some that run, and the time for which they are to be troubled. */
export class LongRun implements AsyncDisposable {
  readonly kafka: RealKafka;
  readonly seed: number;
  readonly rate: number;
  /** The choices of the schedule. */
  readonly random: () => number;
  readonly #end: number;
  readonly #faults: readonly string[];
  readonly #started: RealKafka | undefined;

  static async begin(values: LongRunValues): Promise<LongRun> {
    const running = process.env['TSKAFKA_CLUSTER'];
    const started = running === undefined ? await startKafka({ nodes: 3 }) : undefined;
    return new LongRun(values, started ?? (await openKafka(running!)), started);
  }

  private constructor({ minutes, rate, seed, fault }: LongRunValues, kafka: RealKafka, started: RealKafka | undefined) {
    this.kafka = kafka;
    this.seed = Number(seed);
    this.rate = Number(rate);
    this.random = seeded(this.seed, 'schedule');
    this.#end = Date.now() + Number(minutes) * 60_000;
    this.#faults = fault;
    this.#started = started;
  }

  /** The faults in turn, as long as there is time. */
  inTurn(): Iterable<string> {
    return turns(this.#faults, this.random, () => Date.now() < this.#end);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#started?.[Symbol.asyncDispose]();
  }
}

/** Prints lines with the seconds since now before them. */
export function printer(): (line: string) => void {
  const began = Date.now();
  return (line) => void process.stdout.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
}

/** Prints what has come of a run; `good` is said when nothing was violated. Gives the exit code. */
export function printOutcome(
  rows: readonly (readonly [string, unknown])[],
  violations: readonly string[],
  { good = 'nothing is wrong', width = 44 }: { readonly good?: string; readonly width?: number } = {},
): 0 | 1 {
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(width)} ${String(value)}\n`);
  if (violations.length === 0) process.stdout.write(`${good}\n`);
  for (const violation of violations) process.stdout.write(`VIOLATION: ${violation}\n`);
  return violations.length === 0 ? 0 : 1;
}
