import { defineConfig } from 'vitest/config';

/**
 * One suite, two brokers: the mock in this process (default), or with TSKAFKA_BROKER=kafka a real Apache Kafka that is started for the run.
 *
 * `protocol`, `groups`, `client`, `producer`, `consumer` and `transactions` hold on either broker, with one node and with three; `faults` need three. What only a real Kafka can witness (its own tools,
 * kcat, TLS and SASL as Java speaks them, faults of the network between) is in `interop`, `security` and `chaos`, and runs on three secure nodes.
 * `fidelity` asks both, and compares.
 * `access` (logins, access lists, quotas) needs the secure cluster that three nodes are.
 * Brokers are killed, and logins expire, on a cluster of their own: the other files leave thousands of partitions behind, whose replicas
 * a broker that comes back has to catch up with first.
 * Faults that only the mock can make, on demand and at the same place each time, are in `failures`.
 */
const kind = process.env['TSKAFKA_BROKER'] ?? 'mock';
if (kind !== 'mock' && kind !== 'kafka') throw new Error(`TSKAFKA_BROKER is 'mock' or 'kafka', not '${kind}'`);

const either = [
  'groups/**/*.test.ts',
  'kit/**/*.test.ts',
  'admin/**/*.test.ts',
  'protocol/**/*.test.ts',
  'client/**/*.test.ts',
  'consumer/**/*.test.ts',
  'producer/**/*.test.ts',
  'transactions/**/*.test.ts',
];
const oneNode = ['programs/**/*.test.ts'];
const severalNodes = ['access/**/*.test.ts'];
const faults = ['faults/**/*.test.ts'];
const mockOnly = ['failures/**/*.test.ts'];
const kafkaOnly = ['interop/**/*.test.ts', 'fidelity/three-nodes.test.ts', 'fidelity/walks/three-nodes.test.ts'];
const kafkaThatFails = ['real-kafka/**/*.test.ts', 'security/**/*.test.ts', 'chaos/**/*.test.ts'];

const project = (name: string, nodes: number, include: string[]) => ({
  extends: true as const,
  test: {
    name,
    include,
    exclude: ['**/node_modules/**'],
    provide: { broker: { kind, nodes, secure: nodes > 1, folder: '' } as const },
    globalSetup: kind === 'kafka' ? ['./real-cluster.ts'] : [],
  },
});

export default defineConfig({
  root: import.meta.dirname,
  resolve: { tsconfigPaths: true },
  test: {
    setupFiles: ['../tools/vitest/fail-on-warnings.ts'],
    // A real broker is killed by one file at a time; each file has a mock of its own, and waits more than it works.
    fileParallelism: kind === 'mock',
    maxWorkers: kind === 'mock' ? 2 : 1,
    isolate: false,
    // No failure is tried again: a flaky rule is a wrong rule.
    retry: 0,
    maxConcurrency: 10,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    slowTestThreshold: 3000,
    // A second, vitest's own, is what a busy broker may hesitate for.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      project(`${kind} with one node`, 1, [
        ...either,
        ...oneNode,
        ...(kind === 'kafka' ? ['fidelity/one-node.test.ts', 'fidelity/walks/one-node.test.ts'] : ['fidelity/normalise.test.ts']),
      ]),
      project(`${kind} with three nodes`, 3, [...either, ...severalNodes, ...(kind === 'kafka' ? kafkaOnly : [])]),
      project(`${kind} with three nodes that fail`, 3, [...faults, ...(kind === 'kafka' ? kafkaThatFails : mockOnly)]),
    ],
  },
});
