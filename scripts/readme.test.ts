import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '..', file), 'utf8');

/** The measured figures of a page: `2,229,718` and `0.157 ms`. */
const figuresOf = (page: string): string[] => page.match(/\d{1,3}(,\d{3})+|\d+\.\d+ ms/g) ?? [];

it("the README's figures are those of docs/performance.md", () => {
  const figures = figuresOf(read('README.md').split('## How fast it is')[1]!.split('\n## ')[0]!);
  expect(figures.length).toBeGreaterThan(10);
  const measured = new Set(figuresOf(read('docs/performance.md')));
  expect(figures.filter((figure) => !measured.has(figure))).toEqual([]);
});
