import { join } from 'node:path';
import { java } from '../java.ts';
import { kafkaLibs } from '../kafka-jars.ts';

/** Runs Batches.java, and returns what it prints. */
export function runBatches(mode: 'write' | 'read', input = ''): string {
  return java(['-cp', join(kafkaLibs(), '*'), join(import.meta.dirname, 'Batches.java'), mode], input);
}
