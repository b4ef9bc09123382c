import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { java, javac } from '../java.ts';
import { kafkaLibs } from '../kafka-jars.ts';

const sources = join(import.meta.dirname, 'java');

/** Compiles the programs in java/ against Kafka's classes and runs one of them; gives what it prints. */
export function runJava(mainClass: string, args: readonly string[], input = ''): string {
  const classes = mkdtempSync(join(tmpdir(), 'golden-vectors-'));
  try {
    const libs = join(kafkaLibs(), '*');
    javac(['-d', classes, '-cp', libs, ...readdirSync(sources).map((name) => join(sources, name))]);
    return java(['-cp', `${classes}${delimiter}${libs}`, mainClass, ...args], input);
  } finally {
    rmSync(classes, { recursive: true });
  }
}
