import { existsSync } from 'node:fs';
import path from 'node:path';
import { run } from '../release/run.ts';

export interface Node {
  readonly version: string;
  readonly executable: string;
}

/** The Node that this machine has by itself, and the one of the workspace's `node` package. */
export async function nodes(): Promise<Node[]> {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => !folder.includes('node_modules'));
  const host = folders.map((folder) => path.join(folder, 'node')).find(existsSync);
  const found = [...(host === undefined ? [] : [await describe(host)]), await describe(process.execPath)];
  return found.filter(({ version }, at) => found.findIndex((other) => other.version === version) === at);
}

async function describe(executable: string): Promise<Node> {
  const output = await run(executable, ['--version'], { cwd: process.cwd() });
  return { version: output.trim().slice(1), executable };
}
