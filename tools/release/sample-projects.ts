/** The sample projects of examples/, copied out of the workspace, with the packed tarballs and the test runners that they name. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { emptyProgram } from '../empty-program.ts';
import type { Checks } from './checks.ts';
import type { Tarballs } from './packages.ts';
import { run } from './run.ts';

const examples = path.resolve(import.meta.dirname, '../../examples');

const samples = [
  { folder: 'kafkajs-service', runner: 'vitest', command: ['vitest', 'run', '--testTimeout=60000'], packages: { vitest: '5.1.1' } },
  { folder: 'kafkajs-service-jest', runner: 'jest', command: ['jest', '--verbose', '--testTimeout=60000'], packages: { jest: '30.5.2' } },
] as const;

/** What the tests of a sample may take, as its runner counts it: whoever has many such files wants each to be quick. */
const limitMs = 2000;
const attempts = 5;

/** Adds a check for each sample: its tests pass, and take less than two seconds together, on a machine that has nothing else to do. */
export async function checkSamples(checks: Checks, tarballs: Tarballs, scratch: string): Promise<void> {
  for (const { folder, runner, command, packages } of samples) {
    await checks.check(`${folder}: its ${runner} tests pass with the packed tarball, in less than ${limitMs} ms`, async () => {
      const project = path.join(scratch, folder);
      mkdirSync(project);
      cpSync(path.join(examples, folder), project, { recursive: true });
      const tarball = (name: 'core' | 'testing'): string => `file:${tarballs.get(name)}`;
      const manifest = {
        ...{ name: folder, private: true, type: runner === 'jest' ? 'commonjs' : 'module' },
        dependencies: { kafkajs: '2.2.4' },
        devDependencies: { '@tskafka/testing': tarball('testing'), ...packages },
        overrides: { '@tskafka/core': tarball('core') },
      };
      writeFileSync(path.join(project, 'package.json'), JSON.stringify(manifest));
      await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: project });
      const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
      let least = Infinity;
      for (let attempt = 1; least >= limitMs; attempt++) {
        const { slowness } = await emptyProgram();
        const output = await run(process.execPath, ['node_modules/.bin/' + command[0], ...command.slice(1)], { cwd: project, env });
        least = Math.min(least, tookMs(output) / slowness);
        if (attempt === attempts && least >= limitMs) throw new Error(`the tests took ${least} ms:\n${output}`);
      }
    });
  }
}

/** How long the tests took together, as vitest (`(4 tests) 412ms`) or jest (`✓ … (12 ms)`, one a test) says. */
function tookMs(output: string): number {
  const vitest = /\(\d+ tests\)\s+(\d+)\s?ms/.exec(output);
  if (vitest !== null) return Number(vitest[1]);
  const times = [...output.matchAll(/✓ .*\((\d+) ms\)/g)].map(([, ms]) => Number(ms));
  if (times.length === 0) throw new Error(`no time in what the runner printed:\n${output}`);
  return times.reduce((sum, ms) => sum + ms, 0);
}
