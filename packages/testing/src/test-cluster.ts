import { afterEach } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import type { MockClusterOptions } from './options.ts';
import { TestClient } from './test-client.ts';

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A cluster that lives as long as the test. */
export async function startCluster(options?: MockClusterOptions): Promise<MockCluster> {
  const cluster = await MockCluster.start(options);
  open.push(() => cluster.close());
  return cluster;
}

/** A client of one of its brokers, without a port. */
export async function connect(cluster: MockCluster, broker = cluster.brokerIds[0]!, clientId?: string | null): Promise<TestClient> {
  const client = await TestClient.connect(cluster.transport, `mock-${broker}:9092`, clientId);
  open.push(() => client.close());
  return client;
}
