import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
/** The first column of each row: what PyKafka calls it. */
const theirs = [...readFileSync(join(root, 'docs/from-pykafka.md'), 'utf8').matchAll(/^\|([^|]*)\|/gm)].map((row) => row[1]!);

const names = readFileSync(join(root, 'scripts/pykafka-names.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(': ') as [of: string, list: string]);

it.each(names)('docs/from-pykafka.md has a row for each name of %s: %s', (_of, list) => {
  const missing = list.split(' ').filter((name) => !theirs.some((cell) => new RegExp(`\`[^\`]*(?<!\\w)${name}(?!\\w)[^\`]*\``).test(cell)));
  expect(missing).toEqual([]);
});
