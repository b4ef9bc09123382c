import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { errorCodes } from '../packages/core/src/protocol/error-codes.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Names, numbers and what code puts in are all one, so that a message can be found in the code that makes it. */
const plain = (text: string): string => text.replaceAll(/'[^' ]*'|\d[\d.]*|\$\{[^}]*\}|\b(key|value|Metadata|KafkaClient|SASL)\b/g, '#');

const files = globSync('packages/{core,producer,consumer}/src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
const sources = plain(files.map(read).join('\n'));

/** What the first column of the tables of symptoms quotes. */
const quoted = read('docs/troubleshooting.md')
  .split('\n\n')
  .filter((block) => block.startsWith('| What you see'))
  .flatMap((table) => table.split('\n').slice(2))
  .flatMap((row) => [...row.split(' | ')[0]!.matchAll(/`([^`]+)`/g)].map(([, text]) => text!));

it.each(quoted.filter((text) => text.includes(' ') && !text.startsWith('<')))('an error says: %s', (message) => {
  const parts = message.split(/ ?\.\.\. ?|; |: (?=[A-Z]+_)|\w+Error: /).map((part) => plain(part.trim()));
  expect(parts.filter((part) => !sources.includes(part))).toEqual([]);
});

it.each(quoted.filter((text) => /^[A-Z]+(_[A-Z]+)+$/.test(text)))('Kafka has the error %s', (name) => {
  expect(errorCodes).toHaveProperty(name);
});
