/**
 * Writes packages/core/src/protocol/golden/*.jsonl: what Kafka's own Java classes put on the wire. Needs a JDK and mvn.
 *
 *   node scripts/golden-vectors/generate.ts            writes
 *   node scripts/golden-vectors/generate.ts --check    fails when what is there differs from what it would write
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaLibs } from '../kafka-jars.ts';

const golden = join(import.meta.dirname, '../../packages/core/src/protocol/golden');
const output = mkdtempSync(join(tmpdir(), 'golden-vectors-'));
try {
  runJava(output);
  for (const name of readdirSync(output)) {
    const path = join(golden, name);
    const text = readFileSync(join(output, name), 'utf8');
    if (!process.argv.includes('--check')) writeFileSync(path, text);
    else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
      console.error(`${path} is not what Kafka's classes print: run npm run vectors`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(output, { recursive: true });
}

function runJava(folder: string): void {
  const program = join(import.meta.dirname, 'Vectors.java');
  const java = spawnSync('java', ['-XX:TieredStopAtLevel=1', '-cp', join(kafkaLibs(), '*'), program, folder], { encoding: 'utf8' });
  if (java.error) throw java.error;
  if (java.status !== 0) throw new Error(`java failed:\n${java.stderr}`);
  process.stdout.write(java.stdout);
}
