/**
 * Feeds hostile bytes to everything that decodes bytes.
 *
 *   node scripts/fuzz.ts [COUNT] [--seed N]     COUNT mutated frames (default 1,000,000)
 *   node scripts/fuzz.ts --bits                 every golden frame with every bit flipped
 *
 * It ends with the first input that is neither decoded nor refused with a ProtocolError, or that takes longer than 50 ms;
 * and fails when memory is kept.
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type FuzzResult, flipEveryBit, fuzz } from './fuzz/run.ts';
import { allTargets } from './fuzz/targets.ts';

const maxGrowthMiB = 64;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, bits: { type: 'boolean', default: false } },
});
const targets = allTargets();
const heapBefore = heapInUse();
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (!values.bits) console.log(`${targets.length} targets, seed ${seed}`);
const result = values.bits ? flipEveryBit(targets) : fuzz(targets, Number(positionals[0] ?? 1_000_000), seed);
report(result);

function report({ frames, values: decoded, refused, slowestMillis, millis }: FuzzResult): void {
  const growth = (heapInUse() - heapBefore) / 2 ** 20;
  console.log(`${frames} frames: ${decoded} values, ${refused} refused, nothing else`);
  console.log(`${Math.round(frames / (millis / 1000))} frames/s, the slowest took ${slowestMillis.toFixed(1)} ms`);
  const largest = process.resourceUsage().maxRSS / 1024;
  console.log(`the heap grew by ${growth.toFixed(0)} MiB, the process was at most ${largest.toFixed(0)} MiB large`);
  if (growth > maxGrowthMiB) {
    console.error(`more than ${maxGrowthMiB} MiB were kept`);
    process.exitCode = 1;
  }
}

/** What is left after a collection; `gc` is there for those who ask. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
