/**
 * Gives mutated messages both to our codecs and to Kafka's own classes, and lists where they differ. Needs a JDK and mvn.
 *
 *   node scripts/compare-with-java.ts [COUNT] [--seed N]     COUNT messages (default 100,000)
 */
import { parseArgs } from 'node:util';
import { compareWithJava } from './fuzz/compare-with-java.ts';

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string' } } });
const seed = Number(options.seed ?? Date.now() % 2 ** 31);
console.log(`seed ${seed}`);
const { frames, values, refused, onPurpose, findings } = compareWithJava(Number(positionals[0] ?? 100_000), seed);
console.log(`${frames} messages: both read the same value from ${values}, both refuse ${refused}`);
for (const [why, count] of onPurpose) console.log(`${count} differ on purpose: ${why}`);
console.log(`${findings.length} differ without a reason`);
for (const finding of findings.slice(0, 10)) console.log(finding);
if (findings.length > 0) process.exitCode = 1;
