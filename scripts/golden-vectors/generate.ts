/**
 * Writes packages/core/src/protocol/golden/*.jsonl: what Kafka's own Java classes put on the wire. Needs a JDK and mvn.
 *
 *   node scripts/golden-vectors/generate.ts            writes
 *   node scripts/golden-vectors/generate.ts --check    fails when what is there differs from what it would write
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runJava } from './java-program.ts';

const golden = join(import.meta.dirname, '../../packages/core/src/protocol/golden');
const output = mkdtempSync(join(tmpdir(), 'golden-vectors-'));
try {
  process.stdout.write(runJava('Vectors', [output]));
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
