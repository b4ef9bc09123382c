import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, kafkaClassPath } from './jars.ts';

/**
 * Where a broker has left its classes as the virtual machine holds them: whoever starts from there needs half of the processor time. Another Java
 * than the one that wrote it takes no notice of it.
 */
export const classArchive = (version: string): string => join(cacheFolder, `kafka-${version}.jsa`);

/** How Java is called for a program of Kafka's that is to start quickly, up to the name of its class. */
export async function quickJava(version: string): Promise<string[]> {
  const archive = classArchive(version);
  // Without a log, since a warning of the virtual machine would stand among what the program prints.
  const classes = existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`, '-Xlog:disable'] : [];
  return ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...classes, '-cp', await kafkaClassPath(version)];
}
