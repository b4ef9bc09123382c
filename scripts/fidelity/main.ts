/**
 * Builds docs/fidelity.md from what the comparison of the mock with a real Kafka found out (conformance/fidelity/results).
 *
 *   node scripts/fidelity/main.ts [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../conformance/fidelity/report.ts';
import { pageOf } from './page.ts';

const root = join(import.meta.dirname, '../..');
const target = join(root, 'docs/fidelity.md');
const results = ['one-node', 'three-nodes'].map(
  (name) => JSON.parse(readFileSync(join(root, `conformance/fidelity/results/${name}.json`), 'utf8')) as Report,
);
const page = pageOf(results);

if (!process.argv.includes('--check')) {
  writeFileSync(target, page);
  console.log('wrote docs/fidelity.md');
} else if (readFileSync(target, 'utf8') === page) {
  console.log('docs/fidelity.md is what the comparison found out');
} else {
  console.error('docs/fidelity.md is not what the comparison found out: run `npm run fidelity`');
  process.exit(1);
}
