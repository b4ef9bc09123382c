/**
 * The conformance suite on a real Kafka. A broker waits more than it works, so its three projects run at the same time, each on a cluster of its own.
 *
 *   node tools/ci/test-kafka.ts [vitest's arguments]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const wanted = process.argv.slice(2);
/** Whoever names projects gets those, one after the other. */
const lanes: Readonly<Record<string, readonly string[]>> = wanted.some((argument) => argument.startsWith('--project'))
  ? { wanted: [] }
  : { failing: ['kafka with three nodes that fail'], one: ['kafka with one node'], three: ['kafka with three nodes'] };

/** Runs a lane to its end, and only then shows what it has said: two that talk at once are read by nobody. Gives its exit code. */
async function run(lane: string, projects: readonly string[]): Promise<number> {
  const args = ['run', '--config', 'conformance/vitest.config.ts', ...projects.flatMap((name) => ['--project', name])];
  args.push('--reporter=default', '--reporter=json', `--outputFile.json=../.reports/kafka/${lane}.json`);
  // A filter may leave a lane without a test.
  if (wanted.length > 0) args.push('--passWithNoTests', ...wanted);
  const child = spawn('vitest', args, { cwd: root, env: { ...process.env, TSKAFKA_BROKER: 'kafka' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  process.stdout.write(Buffer.concat(said));
  return code ?? 1;
}

const codes = await Promise.all(Object.entries(lanes).map(([lane, projects]) => run(lane, projects)));
process.exitCode = Math.max(...codes);
