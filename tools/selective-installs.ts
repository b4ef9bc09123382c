/**
 * Packs the packages as they are built now, and tries each of them alone: by npm and by pnpm, as ESM and as CJS, on every Node that is here.
 *
 *   npm run build && node tools/selective-installs.ts
 */
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Checks } from './release/checks.ts';
import { packPackages } from './release/packages.ts';
import { checkInstalls } from './selective-installs/installs.ts';

const workspace = path.resolve(import.meta.dirname, '..');
const scratch = mkdtempSync(path.join(tmpdir(), 'tskafka-installs-'));
const checks = new Checks();
try {
  const folder = path.join(scratch, 'tarballs');
  mkdirSync(folder);
  await checkInstalls(checks, await packPackages(workspace, folder), scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
checks.summary();
