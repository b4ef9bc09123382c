import type { Measurement } from './measurement.ts';

export interface Work extends Pick<Measurement, 'work' | 'size' | 'compression'> {
  readonly name: string;
  readonly title: string;
  readonly count: number;
  /** Fewer messages where a client would take minutes. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly clients: readonly string[];
}

interface Client {
  readonly name: string;
  readonly packages?: readonly string[];
  readonly isNative?: boolean;
  /** Not one of the Node.js clients that ours is compared with. */
  readonly isYardstick?: boolean;
}

const confluent = { packages: ['@confluentinc/kafka-javascript'], isNative: true };
const platformatic = { packages: ['@platformatic/kafka', '@node-rs/crc32'] };

export const clients: readonly Client[] = [
  { name: 'limit', isYardstick: true },
  { name: 'tskafka' },
  { name: 'tskafka sendBatch' },
  { name: 'kafkajs', packages: ['kafkajs'] },
  { name: '@platformatic/kafka send', ...platformatic },
  { name: '@platformatic/kafka stream', ...platformatic },
  { name: 'node-rdkafka', packages: ['node-rdkafka'], isNative: true },
  { name: '@confluentinc callbacks', ...confluent },
  { name: '@confluentinc promises', ...confluent },
  { name: 'kcat', isYardstick: true },
  { name: 'java', isYardstick: true },
];

/** The Node.js clients that ours is compared with. */
export const peers = clients.filter(({ name, isYardstick }) => !isYardstick && !name.startsWith('tskafka')).map(({ name }) => name);

const all = clients.map(({ name }) => name);
const without = (...names: string[]): string[] => all.filter((name) => !names.includes(name));
const compressed = without('limit', 'tskafka sendBatch', '@confluentinc promises', 'kcat', 'java');
const oneByOne = without('tskafka sendBatch', '@platformatic/kafka stream', 'kcat', 'java');

export const works: readonly Work[] = [
  { name: 'batched-100', title: 'Batched, 100 B', work: 'batched', size: 100, count: 1_000_000, compression: 'none', clients: all },
  { name: 'batched-1024', title: 'Batched, 1 KiB', work: 'batched', size: 1024, count: 200_000, compression: 'none', clients: all },
  { name: 'gzip', title: 'Batched, 100 B, gzip', work: 'batched', size: 100, count: 300_000, compression: 'gzip', clients: compressed },
  { name: 'lz4', title: 'Batched, 100 B, lz4', work: 'batched', size: 100, count: 300_000, compression: 'lz4', clients: compressed },
  { name: 'zstd', title: 'Batched, 100 B, zstd', work: 'batched', size: 100, count: 300_000, compression: 'zstd', clients: compressed },
  {
    name: 'outstanding',
    title: 'A promise for each message, 10,000 outstanding, 100 B',
    work: 'outstanding',
    size: 100,
    count: 1_000_000,
    counts: { kafkajs: 15_000, '@platformatic/kafka send': 15_000 },
    compression: 'none',
    clients: without('limit', 'tskafka sendBatch', 'kcat', 'java'),
  },
  {
    name: 'awaited',
    title: 'One awaited message at a time, 100 B',
    work: 'awaited',
    size: 100,
    count: 3000,
    compression: 'none',
    clients: oneByOne,
  },
  {
    name: 'stopped',
    title: 'Memory while the broker is stopped, 100 B',
    work: 'stopped',
    size: 100,
    count: 10_000_000,
    compression: 'none',
    clients: ['tskafka'],
  },
];
