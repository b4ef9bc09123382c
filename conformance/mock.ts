import { MockCluster, type SaslOptions } from '@tskafka/testing';
import { delegationTokenKey, saslUser, testConfigs } from '../tools/real-kafka/properties.ts';
import type { Cluster } from './broker.ts';

/** The login that a real cluster of three nodes knows too; a token need not be signed. */
export const mockLogin: SaslOptions = { users: { [saslUser.username]: saslUser.password }, oauthbearer: true };

/** A mock, set up as tools/real-kafka sets up a real cluster. Three nodes are a secure one. */
export function startMock(nodes: number, configs: Readonly<Record<string, string>> = {}): Promise<MockCluster> {
  const alike = Object.fromEntries(Object.entries(testConfigs(nodes)).map(([name, value]) => [name, `${value}`]));
  const isSecure = nodes > 1;
  return MockCluster.start({
    brokers: nodes,
    racks: Array.from({ length: nodes }, (_, i) => `r${i + 1}`),
    configs: { ...alike, ...(isSecure && { 'delegation.token.secret.key': delegationTokenKey }), ...configs },
    // Access lists can be set, and until one is, everybody may do everything.
    ...(isSecure && { authorizer: { superUsers: ['User:ANONYMOUS', 'User:admin'], allowEveryoneIfNoAcl: true } }),
  });
}

/** The mock as the suites see it. */
export async function openMock(nodes: number): Promise<Cluster> {
  // The cleaner of a real cluster looks as rarely as ever: who waits for it has the patience.
  const mock = await startMock(nodes, { 'log.cleaner.backoff.ms': '500' });
  let listening: Promise<string> | undefined;
  let listeningWithSasl: Promise<string> | undefined;
  return {
    bootstrap: mock.brokers.join(','),
    transport: mock.transport,
    withSasl: () => (listeningWithSasl ??= mock.listen({ sasl: mockLogin }).then(({ brokers }) => brokers.join(','))),
    overTcp: () => (listening ??= mock.listen().then(({ brokers }) => brokers.join(','))),
    kill: (node) => mock.broker(node).down(),
    restart: async (node) => {
      const known = mock.broker(node);
      if (known.accepts) await known.shutDown();
      await known.up();
    },
    moveLeader: (topic, partition, node) => Promise.resolve(mock.topic(topic).moveLeader(partition, node)),
  };
}
