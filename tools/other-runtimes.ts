/**
 * Runs all examples on Bun and on Deno, in memory and over the network, and compares what they print with what they print on Node.js.
 *
 *   npm run build && node tools/other-runtimes.ts [BOOTSTRAP]
 *
 * Both runtimes come from npm, into the cache. With the address of a real Kafka the examples run on that.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { equal, Checks } from './release/checks.ts';
import { cacheFolder } from './real-kafka/jars.ts';
import { run } from './real-kafka/programs.ts';

const runtimes = [
  { name: 'bun', version: '1.4.5', args: [] },
  { name: 'deno', version: '2.9.6', args: ['run', '-A'] },
];

const [bootstrap] = process.argv.slice(2);
const root = resolve(import.meta.dirname, '..');
const expected = readFileSync(join(root, 'examples/demo.expected.txt'), 'utf8');
const env = bootstrap === undefined ? process.env : { ...process.env, BOOTSTRAP: bootstrap };
const checks = new Checks();
for (const { name, version, args } of runtimes) {
  await checks.check(`${name} ${version}: all examples print what they print on Node.js`, async () => {
    const program = await install(name, version);
    const { stdout, stderr, code } = await run(program, [...args, 'examples/demo.ts'], { cwd: root, env, timeoutMs: 120_000 });
    equal(code, 0, `the exit code (${stderr.slice(-1000)})`);
    equal(stdout, expected, 'the output');
  });
}
checks.summary();

async function install(name: string, version: string): Promise<string> {
  const folder = join(cacheFolder, `${name}-${version}`);
  const program = join(folder, 'node_modules/.bin', name);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const { code, stderr } = await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${version}`], {
    cwd: folder,
  });
  equal(code, 0, `npm install (${stderr.slice(-500)})`);
  return program;
}
