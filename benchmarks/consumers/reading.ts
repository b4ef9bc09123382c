/** What one process is asked to read. */
export interface Reading {
  readonly client: string;
  readonly broker: string;
  readonly topic: string;
  readonly count: number;
  /** Of all values together: what was read is held against it. */
  readonly bytes: number;
}

/** What came of it. Processor time and memory are the process' own. */
export interface ReadResult {
  readonly perSecond?: number;
  readonly microsecondsPerMessage?: number;
  readonly peakMiB?: number;
  readonly error?: string;
}

/** Counts what a client reads. The clock starts when it has its partitions. */
export interface Sink {
  start(): void;
  add(count: number, bytes: number): void;
  /** Resolves when everything has been read. */
  readonly done: Promise<void>;
}

/** Reads all of a topic into the sink; resolves when that is done and everything is closed. */
export type Read = (reading: Reading, sink: Sink) => Promise<void>;

const platformatic = { packages: ['@platformatic/kafka', '@node-rs/crc32'] };

/** Whom we compare; those with packages are other clients for Node.js. */
export const readers: readonly { readonly name: string; readonly packages?: readonly string[] }[] = [
  { name: 'limit' },
  { name: 'tskafka batches' },
  { name: 'tskafka messages' },
  { name: 'tskafka run' },
  { name: '@platformatic/kafka', ...platformatic },
  { name: 'kafkajs eachBatch', packages: ['kafkajs'] },
  { name: 'kafkajs eachMessage', packages: ['kafkajs'] },
];
