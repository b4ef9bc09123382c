import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheFolder } from '../../tools/real-kafka/jars.ts';
import { run } from '../../tools/real-kafka/programs.ts';

const peersFolder = join(cacheFolder, 'bench-peers');

/** What is compared with, and how it is asked to be built where it has native code. */
const peers: Readonly<Record<string, { readonly version: string; readonly env?: Readonly<Record<string, string>> }>> = {
  kafkajs: { version: '2.2.4' },
  '@platformatic/kafka': { version: '2.12.1' },
  // Its checksum; without it, it computes one in WebAssembly.
  '@node-rs/crc32': { version: '1.10.8' },
  'node-rdkafka': { version: '3.6.1' },
  // Dynamic: with the machine's libraries, where the default fetches the sources of four more.
  '@confluentinc/kafka-javascript': { version: '1.10.1', env: { CKJS_LINKING: 'dynamic' } },
};

/** Installs whatever is not there yet. Returns why a peer could not be installed, by its name; native ones are compiled for minutes. */
export async function installPeers(names: readonly string[]): Promise<Map<string, string>> {
  mkdirSync(peersFolder, { recursive: true });
  const failures = new Map<string, string>();
  for (const name of names) {
    const { version, env } = peers[name]!;
    if (installedVersion(name) === version) continue;
    process.stderr.write(`installing ${name} ${version}…\n`);
    const args = ['install', '--no-audit', '--no-fund', '--prefix', peersFolder, `${name}@${version}`];
    const { code, stderr } = await run('npm', args, { cwd: peersFolder, env: { ...machineEnv, ...env } });
    if (code !== 0) failures.set(name, stderr.split('\n').find((line) => /error/i.test(line)) ?? 'npm install failed');
  }
  return failures;
}

function installedVersion(name: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(peersFolder, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/**
 * The machine's own Node.js and npm instead of the workspace's: npm compiles native code with the headers that are installed, and those are
 * the machine's.
 */
export const machineEnv: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: process.env['PATH']!.split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter),
  TSKAFKA_PEERS: join(peersFolder, 'package.json'),
};

/**
 * Both benchmarks' files without their types, and ours as it is published. To strip types while a client is measured would be measured too: it
 * takes 30 MiB, and threads that go on compiling the stripper. And native code runs on the Node.js that npm compiled it for, which may read no TypeScript.
 */
export function withoutTypes(): string {
  const folder = join(peersFolder, 'programs');
  for (const part of ['producers', 'consumers']) {
    const from = join(import.meta.dirname, '..', part);
    mkdirSync(join(folder, part), { recursive: true });
    for (const file of readdirSync(from)) {
      const code = stripTypeScriptTypes(readFileSync(join(from, file), 'utf8'));
      const published = code.replaceAll(/'(\.\.\/\.\.\/packages\/\w+)\/src\/(\w+)\.ts'/g, (_, path: string, entry: string) => {
        return `'${pathToFileURL(join(from, path, 'dist', entry)).href}.js'`;
      });
      writeFileSync(join(folder, part, file.replace(/ts$/, 'js')), published.replaceAll(/'(\.\.?\/[\w/-]+)\.ts'/g, "'$1.js'"));
    }
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}
