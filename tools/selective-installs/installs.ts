/** Each tarball alone in an empty project, as a user installs it, and programs that need nothing else. */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Checks, equal } from '../release/checks.ts';
import { packageNames, type PackageName, type Tarballs } from '../release/packages.ts';
import { pnpm, run } from '../release/run.ts';
import { nodes } from './nodes.ts';
import { serveMock } from './served-mock.ts';

const programs = path.join(import.meta.dirname, 'programs');
const workspace = path.resolve(import.meta.dirname, '../..');
const managers = ['npm', 'pnpm'] as const;
type Manager = (typeof managers)[number];

/** What is installed together, and the entries that can be imported then. */
const installs: readonly { readonly packages: readonly PackageName[]; readonly entries: readonly string[] }[] = [
  // The testing package comes first: its installed copy is the broker of the programs after it.
  { packages: ['testing'], entries: ['@tskafka/testing'] },
  { packages: ['producer'], entries: ['@tskafka/producer'] },
  { packages: ['consumer'], entries: ['@tskafka/consumer'] },
  { packages: ['core'], entries: ['@tskafka/core', '@tskafka/core/protocol', '@tskafka/core/internal'] },
  { packages: ['cli'], entries: [] },
  { packages: packageNames, entries: ['@tskafka/core', '@tskafka/producer', '@tskafka/consumer', '@tskafka/testing'] },
];

/** Adds one check for each install, each set of declarations, and each program on each Node. */
export async function checkInstalls(checks: Checks, tarballs: Tarballs, scratch: string): Promise<void> {
  const versions = await nodes();
  await using broker = { address: '', close: async () => {}, [Symbol.asyncDispose]: () => broker.close() };
  for (const manager of managers) {
    for (const { packages, entries } of installs) {
      const label = packages.length > 1 ? 'all five' : packages[0]!;
      const project = path.join(scratch, `${manager}-${label.replace(' ', '-')}`);
      const installed = await checks.check(`${label} by ${manager}: installs without a registry`, async () => {
        await install(manager, project, packages, tarballs);
        return true;
      });
      if (installed === undefined) continue;
      // pnpm's folders are the stricter ones: a declaration sees only what its package depends on.
      if (manager === 'pnpm' && entries.length > 0)
        await checks.check(`${label} by ${manager}: declarations are complete`, () => checkDeclarations(project, entries));
      if (label === 'testing' && broker.address === '') {
        await checks.check('a mock serves TCP from a process of its own', async () => Object.assign(broker, await serveMock(project)));
      }
      for (const program of readdirSync(programs).filter((file) => belongsTo(file, label))) {
        for (const { version, executable } of versions) {
          await checks.check(`${label} by ${manager}: ${program} on Node ${version}`, async () => {
            copyFileSync(path.join(programs, program), path.join(project, program));
            const env = { ...process.env, BOOTSTRAP: broker.address, TOPIC: 'selective' };
            const output = await run(executable, [program], { cwd: project, env, timeoutMs: 120_000 });
            equal(output.trim(), 'ok', 'its output');
          });
        }
      }
    }
  }
}

/** `producer.mjs` and `producer.cjs` belong to producer, `all-five.*.mjs` to the install of all. */
function belongsTo(file: string, label: string): boolean {
  return file.startsWith(`${label.replace(' ', '-')}.`);
}

async function install(manager: Manager, project: string, packages: readonly PackageName[], tarballs: Tarballs): Promise<void> {
  mkdirSync(project);
  const fromFile = (name: PackageName): [string, string] => [`@tskafka/${name}`, `file:${tarballs.get(name)}`];
  // No registry holds this version of core yet, so both managers are told where it is.
  const overrides = Object.fromEntries([fromFile('core')]);
  const dependencies = Object.fromEntries(packages.map(fromFile));
  const manifest = { name: 'empty', private: true, dependencies, ...(manager === 'npm' && !packages.includes('core') && { overrides }) };
  writeFileSync(path.join(project, 'package.json'), JSON.stringify(manifest));
  if (manager === 'npm') {
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund'], { cwd: project });
  } else {
    writeFileSync(path.join(project, 'pnpm-workspace.yaml'), JSON.stringify({ hoist: false, overrides }));
    await pnpm(['install', '--offline'], { cwd: project });
  }
}

/** Compiles an import of each entry, as ESM and as CJS, with the declarations themselves checked. */
async function checkDeclarations(project: string, entries: readonly string[]): Promise<void> {
  const source = entries.map((entry, at) => `import * as entry${at} from '${entry}';\nexport const used${at} = entry${at};\n`).join('');
  for (const file of ['declarations.mts', 'declarations.cts']) writeFileSync(path.join(project, file), source);
  const compilerOptions = {
    target: 'ES2023',
    lib: ['ES2023', 'ESNext.Disposable'],
    module: 'node16',
    types: ['node'],
    typeRoots: [path.join(workspace, 'packages/core/node_modules/@types')],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  };
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['declarations.mts', 'declarations.cts'] }));
  await run(process.execPath, [path.join(workspace, 'node_modules/typescript/bin/tsc'), '-p', project], { cwd: project });
}
