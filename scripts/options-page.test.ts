import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/options.md'), 'utf8');

/** The names of the optional fields of an interface, as its source has them. */
function optionsOf(file: string, ...interfaces: string[]): string[] {
  const source = readFileSync(join(root, file), 'utf8');
  return interfaces.flatMap((name) => {
    const body = new RegExp(`export interface ${name}\\b[^{]*{(.*?)^}`, 'ms').exec(source);
    if (body === null) throw new Error(`${file} has no interface ${name}`);
    return [...body[1]!.matchAll(/^ {2}readonly (\w+)\??:/gm)].map((field) => field[1]!);
  });
}

it.each([
  ['KafkaClient.connect', optionsOf('packages/core/src/options.ts', 'ClientOptions')],
  ['Producer', optionsOf('packages/producer/src/options.ts', 'ProducerOptions')],
  ['BalancedConsumer', optionsOf('packages/consumer/src/balanced-options.ts', 'BalancedConsumerOptions')],
  ['SimpleConsumer', optionsOf('packages/consumer/src/options.ts', 'ConsumerOptions', 'SimpleConsumerOptions')],
  [
    'consumer.process',
    ['ordered', 'concurrency', 'retry', ...optionsOf('packages/consumer/src/processor/process-options.ts', 'ProcessOptions')],
  ],
])('docs/options.md has exactly the options of %s', (heading, names) => {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`))!;
  const listed = [...section.matchAll(/^\| (`[^|]+) \|/gm)].flatMap((row) => [...row[1]!.matchAll(/`(\w+)`/g)].map((name) => name[1]!));
  expect(listed.toSorted()).toEqual(names.toSorted());
});
