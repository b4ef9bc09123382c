import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
const withoutCode = (page: string): string => page.replaceAll(/^```[\s\S]*?^```/gm, '');

/** The anchors that GitHub gives to the headings of a page. */
const anchorsOf = (page: string): string[] =>
  [...withoutCode(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Where the links of a page lead within the repository: a path from its root, and perhaps an anchor. */
function linksOf(file: string): string[] {
  const targets = [...withoutCode(read(file)).matchAll(/\]\(([^)\s]+)\)/g)].map((link) => link[1]!);
  return targets.flatMap((target) => {
    const onGitHub = /^https:\/\/github\.com\/tskafka\/tskafka\/(?:blob|tree)\/main\/(.*)/.exec(target);
    if (onGitHub !== null) return [onGitHub[1]!];
    if (/^\w+:/.test(target)) return [];
    return [target.startsWith('#') ? file + target : normalize(join(dirname(file), target))];
  });
}

it.each(pages)('every link of %s leads somewhere', (file) => {
  const broken = linksOf(file).filter((link) => {
    const [path, anchor] = link.split('#') as [string, string?];
    return !existsSync(join(root, path)) || (anchor !== undefined && !anchorsOf(read(path)).includes(anchor));
  });
  expect(broken).toEqual([]);
});
