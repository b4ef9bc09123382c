import { spawnSync } from 'node:child_process';

/** Texts are UTF-8 for Java too, whatever the locale: for what it reads and prints, and for the sources that it compiles. */
const utf8 = ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8'];

/** Runs `java`; gives what it prints. */
export function java(args: readonly string[], input = ''): string {
  return run('java', [...utf8, '-XX:TieredStopAtLevel=1', ...args], input);
}

export function javac(args: readonly string[]): string {
  return run('javac', ['-encoding', 'UTF-8', '-nowarn', '-proc:none', ...args], '');
}

function run(command: string, args: readonly string[], input: string): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} failed:\n${stderr}`);
  return stdout;
}
