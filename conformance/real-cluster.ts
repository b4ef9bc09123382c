import type { TestProject } from 'vitest/node';
import { sessionMs } from './session-ms.ts';
import { openKafka, startKafka } from '../tools/real-kafka/cluster.ts';

/**
 * Logins by this mechanism must be renewed every six seconds (KIP-368): a test waits for that. A client renews them in the last tenths of the time, in
 * which a broker that hesitates must not have its session end.
 */
const shortSessions = { 'listener.name.sasl_plaintext.scram-sha-512.connections.max.reauth.ms': `${sessionMs}` };

/**
 * Starts the real cluster of a vitest project, and ends it after the project's last test.
 *
 * While you write a test, `npm run kafka -- start` keeps a cluster running and TSKAFKA_CLUSTER, the folder that it prints, uses that one.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const wanted = project.getProvidedContext().broker;
  const running = process.env['TSKAFKA_CLUSTER'];
  const cluster =
    running === undefined
      ? await startKafka({ nodes: wanted.nodes, secure: wanted.secure, properties: wanted.secure ? shortSessions : {} })
      : await openKafka(running);
  const { nodes, secure, folder } = cluster.plan;
  if (nodes !== wanted.nodes)
    throw new Error(`${folder} has ${nodes} nodes, and this project wants ${wanted.nodes}: choose it with --project`);
  project.provide('broker', { kind: 'kafka', nodes, secure, folder });
  return running === undefined ? () => cluster.stop() : () => Promise.resolve();
}
