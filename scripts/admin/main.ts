/**
 * Keeps the list of the methods of Java's Admin, which docs/admin.md has to speak of, one and all. Needs Maven the first time.
 *
 *   node scripts/admin/main.ts [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaClientsJar } from '../kafka-jars.ts';
import { kafkaVersion } from '../kafka-version.ts';
import { javaAdminMethods } from './java-methods.ts';

const path = join(import.meta.dirname, 'java-methods.json');
const text = `${JSON.stringify({ kafkaVersion, methods: javaAdminMethods(kafkaClientsJar()) }, null, 2)}\n`;
if (!process.argv.includes('--check')) writeFileSync(path, text);
else if (readFileSync(path, 'utf8') !== text) {
  console.error(`the methods of Java's Admin ${kafkaVersion} are others than in ${path}: run node scripts/admin/main.ts`);
  process.exit(1);
}
