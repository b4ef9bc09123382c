import { MockCluster } from '@tskafka/testing';
import type { Cluster } from './broker.ts';

/** The mock, set up as tools/real-kafka sets up a real cluster, so that one suite fits both. */
export async function openMock(nodes: number): Promise<Cluster> {
  const mock = await MockCluster.start({ brokers: nodes, configs: { 'num.partitions': '3' } });
  return {
    bootstrap: mock.brokers.join(','),
    transport: mock.transport,
    kill: () => Promise.reject(new Error('the mock cannot kill a broker yet')),
    restart: () => Promise.reject(new Error('the mock cannot restart a broker yet')),
  };
}
