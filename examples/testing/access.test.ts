import {
  alterClientQuotas,
  alterUserScramCredentials,
  createAcls,
  createDelegationToken,
  deleteAcls,
  describeCluster,
  describeDelegationTokens,
  KafkaClient,
} from '@tskafka/core';
import { Producer } from '@tskafka/producer';
import { MockCluster, VirtualClock } from '@tskafka/testing';
import { TestAuthority } from '../../tools/test-certificates/index.ts';
import { expect, it } from 'vitest';

it('lets nobody do what no entry allows', async () => {
  // #region acls
  await using cluster = await MockCluster.start({
    sasl: { users: { admin: 'a', shop: 's' } },
    authorizer: { superUsers: ['User:admin'] },
    topics: { orders: 1 },
  });
  const connect = (username: string, password: string) =>
    KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, sasl: { mechanism: 'plain', username, password } });
  await using admin = await connect('admin', 'a');
  const entry = { resourceType: 'topic', resourceName: 'orders', principal: 'User:shop', operation: 'write', permission: 'allow' } as const;
  await createAcls(admin, [entry]);

  await using client = await connect('shop', 's');
  await using producer = await Producer.start(client, { idempotent: false });
  await producer.send({ topic: 'orders', partition: 0, value: 'a' });
  await deleteAcls(admin, [{ resourceType: 'topic', resourceName: 'orders' }]);
  await expect(producer.send({ topic: 'orders', partition: 0, value: 'b' })).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
  // #endregion
});

it('throttles who is over a quota', async () => {
  // #region quotas
  const clock = new VirtualClock();
  await using cluster = await MockCluster.start({ clock, topics: { orders: 1 } });
  const client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, clock, clientId: 'shop' });
  await alterClientQuotas(client, [{ entity: { clientId: 'shop' }, limits: { producer_byte_rate: 10 } }]);
  const producer = await Producer.start(client);
  await producer.send({ topic: 'orders', partition: 0, value: 'a' });
  const [request] = cluster.requests({ api: 'Produce' });
  expect(request!.response!.throttleTimeMs).toBeGreaterThan(0); // meanwhile the broker ignores the connection
  // #endregion
  const closed = Promise.all([producer.close(), client.close()]);
  await clock.advance(60_000);
  await closed;
});

it('knows users that are made while it runs, and tokens', async () => {
  // #region users
  await using cluster = await MockCluster.start({
    sasl: { users: { admin: 'a' } },
    configs: { 'delegation.token.secret.key': 'any' }, // brokers need a key to issue delegation tokens
  });
  const connect = (username: string, password: string) =>
    KafkaClient.connect({
      ...{ brokers: cluster.brokers, transport: cluster.transport },
      sasl: { mechanism: 'scram-sha-256', username, password },
    });
  await using admin = await connect('admin', 'a');
  await alterUserScramCredentials(admin, [{ user: 'alice', mechanism: 'SCRAM-SHA-256', password: 'secret' }]);
  await using alice = await connect('alice', 'secret');
  const { tokenId } = await createDelegationToken(alice); // log in with the token: its hmac is the password
  expect(await describeDelegationTokens(alice)).toMatchObject([{ tokenId, owner: 'User:alice' }]);
  expect(cluster.brokerIds.flatMap((id) => cluster.broker(id).connections).map(({ principal }) => principal)).toContain('User:alice');
  // #endregion
});

it('listens with TLS', async () => {
  const authority = new TestAuthority('tests');
  const { key, cert } = authority.issue('broker', { names: 'IP:127.0.0.1' });
  const { ca } = authority;
  // #region tls
  await using cluster = await MockCluster.start({ topics: { orders: 1 } });
  const { brokers } = await cluster.listen({ tls: { key, cert } }); // { requestCert: true, ca } asks clients for a certificate
  await using client = await KafkaClient.connect({ brokers, ssl: { ca } });
  expect((await describeCluster(client)).brokers).toHaveLength(3);
  // #endregion
});
