import { MockCluster, type MockClusterOptions } from '@tskafka/testing';

/** A mock that listens on loopback. */
export interface Served extends AsyncDisposable {
  readonly cluster: MockCluster;
  readonly brokers: string[];
  /** What clients call the bootstrap servers. */
  readonly bootstrap: string;
}

/** Starts a mock with three brokers; groups wait for nobody before their first assignment. */
export async function serve(options: MockClusterOptions = {}): Promise<Served> {
  const cluster = await MockCluster.start({ ...options, configs: { 'group.initial.rebalance.delay.ms': '0', ...options.configs } });
  const { brokers } = await cluster.listen();
  return { cluster, brokers, bootstrap: brokers.join(','), [Symbol.asyncDispose]: () => cluster.close() };
}

/** The values of a topic's records, in the order of partitions and offsets. */
export function valuesOf({ cluster }: Served, topic: string): string[] {
  return cluster
    .topic(topic)
    .records()
    .map(({ value }) => String(value));
}

/** Puts records with these values into the topic's first partition. */
export function append({ cluster }: Served, topic: string, ...values: string[]): void {
  for (const value of values) cluster.topic(topic).append({ value });
}

/** `prefix-0`, `prefix-1`, ... */
export const numbered = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
