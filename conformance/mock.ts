import { MockCluster } from '@tskafka/testing';
import { delegationTokenKey, saslUser } from '../tools/real-kafka/properties.ts';
import type { Cluster } from './broker.ts';

/** The mock, set up as tools/real-kafka sets up a real cluster, so that one suite fits both. */
export async function openMock(nodes: number): Promise<Cluster> {
  const racks = Array.from({ length: nodes }, (_, i) => `r${i + 1}`);
  const configs = {
    'num.partitions': '3',
    'log.retention.ms': '-1',
    'group.min.session.timeout.ms': '1000',
    'log.retention.check.interval.ms': '500',
    'log.cleaner.backoff.ms': '500',
    'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
    'group.consumer.min.session.timeout.ms': '1000',
    'group.consumer.min.heartbeat.interval.ms': '500',
    'group.share.min.record.lock.duration.ms': '1000',
    'group.consumer.session.timeout.ms': '10000',
    'group.consumer.heartbeat.interval.ms': '1000',
  };
  const mock = await MockCluster.start({
    brokers: nodes,
    racks,
    configs: { ...configs, ...(nodes > 1 && { 'delegation.token.secret.key': delegationTokenKey }) },
    // Access lists can be set, and until one is, everybody may do everything.
    ...(nodes > 1 && { authorizer: { superUsers: ['User:ANONYMOUS', 'User:admin'], allowEveryoneIfNoAcl: true } }),
  });
  let listening: Promise<string> | undefined;
  let listeningWithSasl: Promise<string> | undefined;
  const sasl = { users: { [saslUser.username]: saslUser.password }, oauthbearer: true } as const;
  return {
    bootstrap: mock.brokers.join(','),
    transport: mock.transport,
    withSasl: () => (listeningWithSasl ??= mock.listen({ sasl }).then(({ brokers }) => brokers.join(','))),
    overTcp: () => (listening ??= mock.listen().then(({ brokers }) => brokers.join(','))),
    kill: (node) => mock.broker(node).down(),
    restart: (node) => mock.broker(node).up(),
    moveLeader: (topic, partition, node) => Promise.resolve(mock.topic(topic).moveLeader(partition, node)),
  };
}
