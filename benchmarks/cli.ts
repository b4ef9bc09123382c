/**
 * How quick the command line is: its start, and a million lines in and out, beside kcat where that is installed. The least of some runs, since everything that
 * disturbs a run makes it slower; and the processor time beside it, which other work on the machine disturbs less. Needs bash, a built packages/cli and a broker:
 *
 *   BOOTSTRAP=host:9092 node benchmarks/cli.ts
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bootstrap = process.env['BOOTSTRAP'] ?? 'localhost:9092';
const tskafka = join(import.meta.dirname, '../packages/cli/dist/main.js');
const folder = mkdtempSync(join(tmpdir(), 'tskafka-bench-'));
const topic = `tskafka-bench-cli-${Date.now()}`;
const lines = join(folder, 'lines');
const nothing = join(folder, 'nothing.mjs');
const eleven = `${topic}-eleven`;
writeFileSync(nothing, '');
writeFileSync(lines, Array.from({ length: 1_000_000 }, (_, i) => `line ${i} ${'x'.repeat(80)}\n`).join(''));

interface Took {
  readonly ms: number;
  readonly processorMs: number;
}

/** The shell knows what a program and all its threads cost. */
const timed = ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash'];

/** The least of some runs; undefined where the program is missing. */
function least(runs: number, program: string, args: readonly string[], input?: string): Took | undefined {
  let [ms, processorMs] = [Infinity, Infinity];
  for (let run = 0; run < runs; run++) {
    const stdin = input === undefined ? 'ignore' : openSync(input, 'r');
    const started = performance.now();
    const { status, stderr } = spawnSync('bash', [...timed, program, ...args], { stdio: [stdin, 'ignore', 'pipe'], encoding: 'utf8' });
    ms = Math.min(ms, performance.now() - started);
    if (typeof stdin === 'number') closeSync(stdin);
    if (status === 127) return undefined;
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
    const [user, system] = stderr.trimEnd().split('\n').at(-1)!.split(' ').map(Number);
    processorMs = Math.min(processorMs, (user! + system!) * 1000);
  }
  return { ms, processorMs };
}

const node = (...args: string[]): [string, string[]] => [process.execPath, args];
const ours = (...args: string[]): [string, string[]] => node(tskafka, '-b', bootstrap, ...args);
const measure = (what: string, runs: number, [program, args]: [string, string[]], input?: string): void => {
  const took = least(runs, program, args, input);
  const figures =
    took === undefined ? 'not installed' : `${took.ms.toFixed(0).padStart(6)} ms ${took.processorMs.toFixed(0).padStart(6)} ms`;
  console.log(`${what.padEnd(40)} ${figures}`);
};

console.log(`${''.padEnd(40)}   took   processor`);
measure('an empty script', 20, node(nothing));
measure('tskafka --version', 20, node(tskafka, '--version'));
measure('tskafka --help', 10, node(tskafka, '--help'));
measure('tskafka topics', 10, ours('topics'));
writeFileSync(join(folder, 'eleven'), '1\n'.repeat(11));
least(1, ...ours('produce', eleven, '--create'), join(folder, 'eleven'));
measure('tskafka consume, 11 messages', 10, ours('consume', eleven));
measure('kcat -C -e, 11 messages', 5, ['kcat', ['-b', bootstrap, '-C', '-q', '-e', '-t', eleven]]);
measure('tskafka produce, 1,000,000 lines', 3, ours('produce', topic, '--create'), lines);
measure('kcat -P, 1,000,000 lines', 3, ['kcat', ['-b', bootstrap, '-P', '-t', topic]], lines);
measure('tskafka consume, 1,000,000 lines', 3, ours('consume', topic, '-c', '1000000'));
measure('kcat -C -e, 1,000,000 lines', 3, ['kcat', ['-b', bootstrap, '-C', '-q', '-e', '-t', topic, '-c', '1000000']]);
least(1, ...ours('topic', 'delete', topic, eleven, '--execute'));
rmSync(folder, { recursive: true });
