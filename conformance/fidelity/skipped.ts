import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = join(import.meta.dirname, '../../packages/testing/SKIPPED.md');

/** Finds the row of SKIPPED.md that says why an API is not offered. The rows shorten names: `Describe- and DeleteAcls`. */
export function reasonsOfSkipped(text = readFileSync(page, 'utf8')): (api: string) => string | undefined {
  const table = /## APIs that it does not offer\n([^]*?)\n## /.exec(text)?.[1];
  if (table === undefined) throw new Error('SKIPPED.md has no table of the APIs that the mock does not offer');
  const rows = [...table.matchAll(/^\| (.+?) *\| (.+?) *\|$/gm)].slice(2).map(([, reason, apis]) => ({ reason: reason!, apis: apis! }));
  return (api) => rows.find(({ apis }) => names(apis, api))?.reason;
}

function names(apis: string, api: string): boolean {
  const words = apis.split(/[^A-Za-z-]+/);
  if (api.endsWith('DelegationToken')) return apis.includes('delegation tokens');
  return words.some((word, i) => {
    if (word === api) return true;
    if (!word.endsWith('-') || !api.startsWith(word.slice(0, -1))) return false;
    const whole = words.slice(i).find((later) => later.length > 3 && !later.endsWith('-') && later !== 'and');
    return whole?.endsWith(api.slice(word.length - 1)) ?? false;
  });
}
