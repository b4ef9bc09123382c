import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kafkaVersion } from '../kafka-version.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const page = read('docs/admin.md');
const java = JSON.parse(read('scripts/admin/java-methods.json')) as { kafkaVersion: string; methods: string[] };
const rows = [...page.matchAll(/^\| `(\w+)` +\| ([^|]*) \|/gm)].map((row) => ({ method: row[1]!, ours: row[2]!.trim() }));

it("docs/admin.md has a row for each method of Java's Admin, and no other", () => {
  expect(java.kafkaVersion).toBe(kafkaVersion);
  expect(rows.map(({ method }) => method).toSorted()).toEqual(java.methods);
});

it.each(rows)('$method: what it names is exported, or it says why there is none', ({ ours }) => {
  const exported = read('packages/core/src/index.ts');
  const names = [...ours.matchAll(/`(\w+)`/g)].map((name) => name[1]!);
  if (names.length === 0) expect(ours).toMatch(/^none: ./);
  for (const name of names) expect(exported).toMatch(new RegExp(`\\b${name}\\b`));
});
