import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { titlesOf } from './titles.ts';

const root = join(import.meta.dirname, '../..');

/** A test that names a row. */
export interface TestOfRow {
  readonly file: string;
  readonly title: string;
}

/** The tests that name each row, of all files that git knows or would take. */
export function testsByRow(): Map<string, TestOfRow[]> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts', ':!scripts/reliability'];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean).sort();
  const tests = new Map<string, TestOfRow[]>();
  for (const file of files) {
    for (const { rows, title } of titlesOf(readFileSync(join(root, file), 'utf8'))) {
      for (const row of rows) tests.set(row, [...(tests.get(row) ?? []), { file, title }]);
    }
  }
  return tests;
}
