/**
 * Does a release up to the moment of publishing, on a copy of the work tree: new version, build, five tarballs, and programs that use them.
 *
 *   node tools/release-rehearsal.ts
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Checks, equal } from './release/checks.ts';
import { type Manifest, packageNames, packPackages, readManifest, type Tarballs } from './release/packages.ts';
import { pnpm, run } from './release/run.ts';
import { checkSamples } from './release/sample-projects.ts';
import { contentsHash, readTarball, type TarballFile } from './release/tarball.ts';
import { checkInstalls } from './selective-installs/installs.ts';

const workspace = path.resolve(import.meta.dirname, '..');
const scratch = mkdtempSync(path.join(tmpdir(), 'tskafka-release-'));
const copy = path.join(scratch, 'workspace');
const checks = new Checks();

try {
  console.log('Release rehearsal');
  await checks.check('copy the work tree and install', copyWorkspace);
  await checks.check('changeset version', version);
  const first = await checks.check('build and pack', () => buildAndPack('first'));
  const second = await checks.check('build and pack again', () => buildAndPack('second'));
  if (first !== undefined && second !== undefined) {
    for (const name of packageNames) {
      const files = readTarball(first.get(name)!);
      await checks.check(`${name}: both builds are equal`, () => {
        equal(contentsHash(readTarball(second.get(name)!)), contentsHash(files), 'the second build');
      });
      await checks.check(`${name}: the tarball holds what it should`, () => checkContents(name, files));
      await checks.check(`${name}: its dependencies are exact and ours`, () => checkManifest(name, files));
    }
    await checkInstalls(checks, first, scratch);
    await checkSamples(checks, first, scratch);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
checks.summary();

/** A clone with what is not committed yet laid over it, so that a rehearsal tells about the tree in front of you. */
async function copyWorkspace(): Promise<void> {
  await run('git', ['clone', '--quiet', workspace, copy], { cwd: scratch });
  const changed = await run('git', ['ls-files', '-z', '--modified', '--others', '--exclude-standard', '--deduplicate'], { cwd: workspace });
  const deleted = new Set((await run('git', ['ls-files', '-z', '--deleted'], { cwd: workspace })).split('\0'));
  for (const file of changed.split('\0').filter(Boolean)) {
    if (deleted.has(file)) rmSync(path.join(copy, file), { force: true });
    else cpSync(path.join(workspace, file), path.join(copy, file));
  }
  await pnpm(['install', '--frozen-lockfile', '--prefer-offline'], { cwd: copy });
}

async function version(): Promise<void> {
  const before = readManifest(copy, 'core').version;
  await pnpm(['exec', 'changeset', 'version'], { cwd: copy });
  const after = readManifest(copy, 'core').version;
  for (const name of packageNames) equal(readManifest(copy, name).version, after, `the version of ${name}`);
  if (after === before) throw new Error(`the version is still ${before}: no changeset waits for a release`);
  const left = readdirSync(path.join(copy, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md');
  equal(left.join(), '', 'what is left of the changesets');
  // The workspace's own packages stand in the lock file without a version, so a release leaves it alone.
  await pnpm(['install', '--frozen-lockfile', '--offline'], { cwd: copy });
}

async function buildAndPack(folderName: string): Promise<Tarballs> {
  await run('node_modules/.bin/nx', ['run-many', '-t', 'build', '--skip-nx-cache'], { cwd: copy });
  const folder = path.join(scratch, folderName);
  mkdirSync(folder);
  return packPackages(copy, folder);
}

function checkContents(name: string, files: readonly TarballFile[]): void {
  const paths = files.map((file) => file.path);
  const documents = ['CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', 'package.json'];
  const missing = documents.filter((file) => !paths.includes(file));
  equal(missing.join(', '), '', 'what is missing');
  const built = name === 'cli' ? /^dist\/[\w-]+\.js$/ : /^dist\/[\w-]+\.(js|cjs|d\.ts|d\.cts)$/;
  equal(paths.filter((file) => !documents.includes(file) && !built.test(file)).join(', '), '', 'what does not belong there');
  const telling = files.filter(({ content }) => content.includes(copy) || content.includes(workspace)).map(({ path }) => path);
  equal(telling.join(', '), '', 'what names a path of this machine');
}

function checkManifest(name: string, files: readonly TarballFile[]): void {
  const manifest = JSON.parse(files.find((file) => file.path === 'package.json')!.content.toString()) as Manifest;
  const { version } = readManifest(copy, 'core');
  equal(manifest.version, version, 'the version');
  const expected = name === 'core' || name === 'cli' ? {} : { '@tskafka/core': version };
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  // An optional peer is not installed with the package: it is there or not.
  const peers = Object.entries(peerDependencies).filter(([peer]) => peerDependenciesMeta[peer]?.optional !== true);
  const all = { ...dependencies, ...optionalDependencies, ...Object.fromEntries(peers) };
  equal(JSON.stringify(all), JSON.stringify(expected), 'what it depends on');
  const installScripts = Object.keys(manifest.scripts ?? {}).filter((script) => /install|prepare/.test(script));
  equal(installScripts.join(), '', 'what runs on an install');
}
