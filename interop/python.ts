import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../tools/real-kafka/jars.ts';
import { runOrThrow } from '../tools/real-kafka/programs.ts';

const folder = join(import.meta.dirname, 'python');

/** Runs a program of ./python, and gives the values that it printed as JSON, one a line. */
export async function runPython(program: string, args: readonly string[]): Promise<unknown[]> {
  const python = join(await environment(), 'bin', 'python');
  const printed = await runOrThrow(python, [join(folder, program), ...args], { timeoutMs: 240_000 });
  return printed
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}

/** The virtual environment that has what ./python/requirements.txt names: made once, and again when that file has changed. */
export async function environment(): Promise<string> {
  const requirements = join(folder, 'requirements.txt');
  const version = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12);
  const home = join(cacheFolder, `python-${version}`);
  const complete = join(home, 'complete');
  if (existsSync(complete)) return home;
  await rm(home, { recursive: true, force: true }); // one that was begun and not finished
  await mkdir(cacheFolder, { recursive: true });
  process.stderr.write('installing the Python clients…\n');
  await runOrThrow('python3', ['-m', 'venv', home]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'];
  await runOrThrow(join(home, 'bin', 'python'), [...pip, '-r', requirements]);
  await writeFile(complete, '');
  return home;
}
