/**
 * Writes packages/core/src/protocol/apis/ and messages/ from the message definitions inside kafka-clients.
 *
 *   node scripts/generate-protocol.ts            writes
 *   node scripts/generate-protocol.ts --check    fails when what is there differs from what it would write
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { kafkaClientsJar } from './kafka-jars.ts';
import { readDefinitions } from './protocol-generator/definitions.ts';
import { emitProtocol } from './protocol-generator/emit-protocol.ts';

const protocolFolder = join(import.meta.dirname, '../packages/core/src/protocol');
const folders = ['apis', 'messages'].map((name) => join(protocolFolder, name));

const options = await resolveConfig(join(protocolFolder, 'apis/produce.ts'));
const files = new Map<string, string>();
for (const [path, code] of emitProtocol(readDefinitions(kafkaClientsJar()))) {
  files.set(join(protocolFolder, path), await format(code, { ...options, parser: 'typescript' }));
}
const stale = folders.filter(existsSync).flatMap((folder) =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => !files.has(path)),
);

if (process.argv.includes('--check')) {
  const different = [...files].filter(([path, code]) => !existsSync(path) || readFileSync(path, 'utf8') !== code).map(([path]) => path);
  for (const path of [...different, ...stale]) console.error(`${path} is not what the definitions give: run npm run generate`);
  if (different.length + stale.length > 0) process.exitCode = 1;
  else console.log(`${files.size} files are as the definitions give them`);
} else {
  for (const path of stale) rmSync(path);
  for (const [path, code] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  console.log(`${files.size} files written`);
}
