import { join } from 'node:path';
import { host, listenersOf, portOf, proxyPortOf } from './ports.ts';

/** What a cluster is made of. It is kept in the run folder, so that any program can pick the cluster up from there. */
export interface ClusterPlan {
  readonly folder: string;
  readonly version: string;
  readonly clusterId: string;
  readonly nodes: number;
  readonly secure: boolean;
  readonly portBase: number;
  /** Full just-in-time compilation and 1 GiB of heap, for measurements; else a quick start and a small process. */
  readonly benchmark: boolean;
  /** Broker properties that are added to the tool's own, or replace them. */
  readonly properties: Readonly<Record<string, string>>;
}

/** The SASL user of a secure cluster, known to PLAIN and both SCRAM mechanisms. */
export const saslUser = { username: 'test', password: 'test-secret' } as const;

/** With which the brokers of a secure cluster sign delegation tokens. */
export const delegationTokenKey = 'token-secret';

export const saslMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;

export const nodeFolder = (plan: ClusterPlan, node: number): string => join(plan.folder, `node${node}`);

export const tlsFolder = (plan: ClusterPlan): string => join(plan.folder, 'tls');

/** The text of a node's server.properties. */
export function serverProperties(plan: ClusterPlan, node: number): string {
  const properties = { ...common(plan, node), ...(plan.secure ? security(plan) : {}), ...plan.properties };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function common(plan: ClusterPlan, node: number): Record<string, string | number> {
  const { nodes, portBase, secure } = plan;
  const address = (port: number): string => `${host}:${port}`;
  const listeners = listenersOf(secure);
  const voters = Array.from({ length: nodes }, (_, i) => `${i + 1}@${address(portOf('CONTROLLER', portBase, i + 1))}`);
  const protocolOf = { PROXIED: 'PLAINTEXT', CONTROLLER: 'PLAINTEXT', MTLS: 'SSL' } as Record<string, string>;
  return {
    'process.roles': 'broker,controller',
    'node.id': node,
    'broker.rack': `r${node}`,
    'controller.quorum.voters': voters.join(','),
    listeners: listeners.map((name) => `${name}://${address(portOf(name, portBase, node))}`).join(','),
    'advertised.listeners': listeners
      .filter((name) => name !== 'CONTROLLER')
      .map((name) => `${name}://${address(name === 'PROXIED' ? proxyPortOf(portBase, node) : portOf(name, portBase, node))}`)
      .join(','),
    'listener.security.protocol.map': listeners.map((name) => `${name}:${protocolOf[name] ?? name}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(nodeFolder(plan, node), 'data'),
    ...testConfigs(nodes),
  };
}

/** What a cluster for tests sets besides its addresses, so that the mock can be set up alike. */
export function testConfigs(nodes: number): Record<string, string | number> {
  const minInSync = Math.ceil(nodes / 2);
  return {
    'num.partitions': 3,
    'default.replication.factor': nodes,
    'min.insync.replicas': minInSync,
    'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
    'offsets.topic.replication.factor': nodes,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': nodes,
    'transaction.state.log.min.isr': minInSync,
    'transaction.state.log.num.partitions': 5,
    'share.coordinator.state.topic.replication.factor': nodes,
    'share.coordinator.state.topic.min.isr': minInSync,
    'share.coordinator.state.topic.num.partitions': 5,
    // A test waits for none of these: they are as short as a busy machine allows.
    'broker.session.timeout.ms': 4000,
    'broker.heartbeat.interval.ms': 500,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'group.consumer.min.session.timeout.ms': 1000,
    'group.consumer.session.timeout.ms': 10000,
    'group.consumer.min.heartbeat.interval.ms': 500,
    'group.consumer.heartbeat.interval.ms': 1000,
    'group.share.min.record.lock.duration.ms': 1000,
    'log.retention.check.interval.ms': 500,
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': 1000,
    // A controller waits so long for more to write: with each topic that a test creates, and each that goes.
    'controller.quorum.append.linger.ms': 0,
    // Every consumer of every test leaves a session behind, and each stays for two minutes at least.
    'max.incremental.fetch.session.cache.slots': 10_000,
    // Tests write records of 1970; a topic whose retention is tested says so itself.
    'log.retention.ms': -1,
  };
}

function security(plan: ClusterPlan): Record<string, string> {
  const tls = tlsFolder(plan);
  const properties: Record<string, string> = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(tls, 'broker.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(tls, 'ca.crt'),
    'ssl.client.auth': 'requested',
    'listener.name.mtls.ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': saslMechanisms.join(','),
    // Access lists can be set, and until one is, everybody may do everything.
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'true',
    'super.users': 'User:ANONYMOUS;User:admin',
    // With a key brokers give out delegation tokens.
    'delegation.token.secret.key': delegationTokenKey,
  };
  const modules = 'org.apache.kafka.common.security';
  for (const listener of ['sasl_ssl', 'sasl_plaintext']) {
    const login = (mechanism: string, module: string): void => {
      properties[`listener.name.${listener}.${mechanism}.sasl.jaas.config`] = `${modules}.${module};`;
    };
    login('plain', `plain.PlainLoginModule required user_${saslUser.username}="${saslUser.password}"`);
    login('scram-sha-256', 'scram.ScramLoginModule required');
    login('scram-sha-512', 'scram.ScramLoginModule required');
    // Takes any unsecured token (RFC 7515, "alg": "none") that names a subject and has not expired.
    login('oauthbearer', 'oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker"');
  }
  return properties;
}
