import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { commandTree } from '../packages/cli/src/frame/command-tree.ts';
import { cliPage } from './cli-page.ts';

const path = join(import.meta.dirname, '../docs/cli.md');

it('docs/cli.md is what the commands say of themselves (npm run docs writes it)', async () => {
  const page = await format(cliPage(await commandTree()), { ...(await resolveConfig(path)), parser: 'markdown' });
  if (process.env['TSKAFKA_DOCS'] === 'write') writeFileSync(path, page);
  expect(readFileSync(path, 'utf8')).toBe(page);
});
