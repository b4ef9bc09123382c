import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { kafkaLibs } from '../kafka-jars.ts';

const sources = join(import.meta.dirname, 'java');

/** Compiles the programs in java/ against Kafka's classes and runs one of them; gives what it prints. */
export function runJava(mainClass: string, args: readonly string[], input = ''): string {
  const classes = mkdtempSync(join(tmpdir(), 'golden-vectors-'));
  try {
    const libs = join(kafkaLibs(), '*');
    const files = readdirSync(sources).map((name) => join(sources, name));
    run('javac', ['-nowarn', '-proc:none', '-d', classes, '-cp', libs, ...files]);
    return run('java', ['-XX:TieredStopAtLevel=1', '-cp', `${classes}${delimiter}${libs}`, mainClass, ...args], input);
  } finally {
    rmSync(classes, { recursive: true });
  }
}

function run(command: string, args: readonly string[], input = ''): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} failed:\n${stderr}`);
  return stdout;
}
