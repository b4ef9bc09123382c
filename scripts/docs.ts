/**
 * Fills the code blocks of the documents from the programs that CI runs. A block names its file, and perhaps a region of it, after
 * its language: `ts examples/many-topics.ts#send`. A region stands between `// #region NAME` and `// #endregion`.
 *
 *   node scripts/docs.ts [--check]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const problems: string[] = [];

const list = execFileSync('git', ['ls-files', 'README.md', 'docs/*.md', 'packages/*/README.md'], { cwd: root, encoding: 'utf8' });
for (const document of list.split('\n').filter(Boolean)) {
  const path = join(root, document);
  const text = readFileSync(path, 'utf8');
  const filled = text.replace(/^```ts(?: (\S+))?\n([\s\S]*?)^```$/gm, (block, source: string | undefined, code: string) => {
    if (source === undefined) {
      problems.push(`${document}: a block of code that no file stands behind:\n${code}`);
      return block;
    }
    return `\`\`\`ts ${source}\n${excerpt(source)}\`\`\``;
  });
  if (filled === text) continue;
  if (check) problems.push(`${document}: a block differs from its file: run \`npm run docs\``);
  else writeFileSync(path, filled);
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}

/** The whole file, or the lines of a region of it, without the indentation that they share. */
function excerpt(source: string): string {
  const [file, region] = source.split('#');
  const lines = readFileSync(join(root, file!), 'utf8').split('\n');
  if (region === undefined) return withoutMarks(lines);
  const start = lines.findIndex((line) => line.trim() === `// #region ${region}`);
  if (start === -1) throw new Error(`${file} has no region '${region}'`);
  const end = lines.findIndex((line, i) => i > start && line.trim() === '// #endregion');
  const inside = lines.slice(start + 1, end);
  const indent = Math.min(...inside.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  return withoutMarks([...inside.map((line) => line.slice(indent)), '']);
}

function withoutMarks(lines: readonly string[]): string {
  return lines.filter((line) => !/^\s*\/\/ #(region|endregion)/.test(line)).join('\n');
}
