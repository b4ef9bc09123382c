import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { kafkaLibs } from '../kafka-jars.ts';

/** Runs Batches.java, and returns what it prints. */
export function runBatches(mode: 'write' | 'read', input = ''): string {
  const program = join(import.meta.dirname, 'Batches.java');
  const java = spawnSync('java', ['-XX:TieredStopAtLevel=1', '-cp', join(kafkaLibs(), '*'), program, mode], {
    encoding: 'utf8',
    input,
    maxBuffer: 2 ** 30,
  });
  if (java.error) throw java.error;
  if (java.status !== 0) throw new Error(`java failed:\n${java.stderr}`);
  return java.stdout;
}
