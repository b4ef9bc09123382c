import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/from-kafkajs.md'), 'utf8');
const types = readFileSync(createRequire(join(root, 'packages/producer/package.json')).resolve('kafkajs/types/index.d.ts'), 'utf8');

/** What kafkajs' types have as fields and methods of this one. */
function membersOf(name: string): string[] {
  const body = new RegExp(`^(?:export )?(?:interface|type) ${name}\\b[^{]*{(.*?)^}`, 'ms').exec(types);
  if (body === null) throw new Error(`kafkajs has no type ${name}`);
  return [...new Set([...body[1]!.matchAll(/^ {2}(?:readonly )?(\w+)\??[(:]/gm)].map((member) => member[1]!))];
}

it.each([
  'KafkaConfig',
  'RetryOptions',
  'ProducerConfig',
  'ProducerRecord',
  'ProducerBatch',
  'RecordMetadata',
  'Message',
  'Transaction',
  'ProducerEvents',
  'ConsumerConfig',
  'ConsumerSubscribeTopics',
  'Consumer',
  'ConsumerRunConfig',
  'ConsumerEvents',
  'EachMessagePayload',
  'EachBatchPayload',
  'Batch',
  'Admin',
])("docs/from-kafkajs.md says what stands for each name of kafkajs' %s", (name) => {
  const members = membersOf(name);
  expect(members.length).toBeGreaterThan(1);
  expect(members.filter((member) => !new RegExp(`\`[^\`]*\\b${member}\\b[^\`]*\``).test(page))).toEqual([]);
});
