/**
 * Writes packages/core/src/records/golden/batches.jsonl: record batches by Kafka's own Java classes, in all codecs. Needs a JDK and mvn.
 *
 *   node scripts/golden-batches/generate.ts            writes
 *   node scripts/golden-batches/generate.ts --check    fails when Java writes something else today,
 *                                                      or reads something else than was written in batches of ours
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { batchesForJava } from './batches-for-java.ts';
import { runBatches } from './run-java.ts';

const golden = join(import.meta.dirname, '../../packages/core/src/records/golden/batches.jsonl');

const written = runBatches('write');
if (process.argv.includes('--check')) check();
else writeFileSync(golden, written);

function check(): void {
  const kept = readFileSync(golden, 'utf8').trim().split('\n');
  const today = written.trim().split('\n');
  const ours = batchesForJava();
  const seen = runBatches('read', ours.map(({ bytes }) => bytes.toString('base64')).join('\n'))
    .trim()
    .split('\n');
  const failed = [
    ...today.flatMap((line, i) => (isSame(line, kept[i]) ? [] : [`Java writes another line ${i + 1} than ${golden} has`])),
    ...(kept.length === today.length ? [] : [`${golden} has ${kept.length} lines, and Java writes ${today.length}`]),
    ...ours.flatMap(({ name, value }, i) =>
      isDeepStrictEqual(JSON.parse(seen[i] ?? 'null'), value) ? [] : [`Java reads another ${name}`],
    ),
  ];
  for (const failure of failed) console.error(failure);
  console.log(`${today.length + ours.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) process.exitCode = 1;
}

/** What gzip writes depends on the JDK's zlib; what it means must be the same. */
function isSame(line: string, kept = '{}'): boolean {
  const [today, before] = [JSON.parse(line) as Line, JSON.parse(kept) as Line];
  if (today.value[0]?.compression === 'gzip') today.bytes = before.bytes;
  return isDeepStrictEqual(today, before);
}

interface Line {
  case: string;
  bytes: string;
  value: { compression: string }[];
}
