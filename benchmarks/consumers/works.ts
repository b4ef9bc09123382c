import type { Reading } from './reading.ts';

export interface Work extends Pick<Reading, 'work' | 'size' | 'count'> {
  readonly name: string;
  readonly title: string;
  readonly compression: 'none' | 'gzip';
  readonly rounds?: number;
  readonly clients: readonly string[];
}

interface Client {
  readonly name: string;
  readonly packages?: readonly string[];
  readonly isNative?: boolean;
}

const confluent = { packages: ['@confluentinc/kafka-javascript'], isNative: true };

/** Whom we compare; those with packages are other clients for Node.js. */
export const clients: readonly Client[] = [
  { name: 'limit' },
  { name: 'plain limit' },
  { name: 'tskafka batches' },
  { name: 'tskafka messages' },
  { name: 'tskafka run' },
  { name: '@platformatic/kafka', packages: ['@platformatic/kafka', '@node-rs/crc32'] },
  { name: 'kafkajs eachBatch', packages: ['kafkajs'] },
  { name: 'kafkajs eachMessage', packages: ['kafkajs'] },
  { name: '@confluentinc', ...confluent },
  { name: 'node-rdkafka', packages: ['node-rdkafka'], isNative: true },
  { name: 'kcat' },
  { name: 'java' },
];

/** The Node.js clients that ours is compared with. */
export const peers = clients.filter(({ packages }) => packages !== undefined).map(({ name }) => name);

const all = clients.map(({ name }) => name);
const without = (...names: string[]): string[] => all.filter((name) => !names.includes(name));

export const works: readonly Work[] = [
  { name: '100', title: 'Reading 100 B', work: 'stored', size: 100, count: 1_000_000, compression: 'none', clients: all },
  { name: '1024', title: 'Reading 1 KiB', work: 'stored', size: 1024, count: 200_000, compression: 'none', clients: all },
  {
    ...{ name: 'gzip', title: 'Reading 100 B, gzip', work: 'stored', size: 100, count: 500_000, compression: 'gzip' },
    clients: without('limit', 'plain limit', 'kafkajs eachMessage'),
  },
  {
    ...{ name: 'latency', title: 'From send to reader, one message at a time, 100 B', work: 'latency', size: 100, count: 2000 },
    ...{
      compression: 'none',
      rounds: 5,
      clients: without('limit', 'plain limit', 'tskafka batches', 'kafkajs eachBatch', 'kcat', 'java'),
    },
  },
];
