import { apis, errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect } from '../test-client.ts';
import { operation, patternType, permission, resourceType } from './acl.ts';

const users = { alice: 'secret', admin: 'secret' };
const everything = { resourceTypeFilter: 1, resourceNameFilter: null, patternTypeFilter: 1, principalFilter: null, hostFilter: null };

async function logIn(cluster: MockCluster, user: keyof typeof users) {
  const client = await connect(cluster);
  await client.send(apis.saslHandshake, 1, { mechanism: 'PLAIN' });
  await client.send(apis.saslAuthenticate, 2, { authBytes: Buffer.from(`\u0000${user}\u0000${users[user]}`) });
  return client;
}

describe('a cluster without an authorizer', () => {
  it('says so to whoever asks for access control lists, and lets everybody do everything', async () => {
    const client = await connect(await MockCluster.start({ topics: { orders: 1 } }));
    const described = await client.send(apis.describeAcls, 3, { ...everything, operation: 1, permissionType: 1 });
    expect(described).toMatchObject({ errorCode: errorCodes.SECURITY_DISABLED, errorMessage: 'No Authorizer is configured on the broker' });
    const deleted = await client.send(apis.deleteAcls, 3, { filters: [{ ...everything, operation: 1, permissionType: 1 }] });
    expect(deleted.filterResults).toMatchObject([
      { errorCode: errorCodes.SECURITY_DISABLED, errorMessage: 'No Authorizer is configured.' },
    ]);
    const { topics } = await client.send(apis.metadata, 12, { topics: null });
    expect(topics).toHaveLength(1);
  });
});

describe('a cluster with an authorizer', () => {
  it('lets nobody do anything but super users, until an entry allows it', async () => {
    const cluster = await MockCluster.start({ topics: { orders: 1 }, sasl: { users }, authorizer: { superUsers: ['User:admin'] } });
    const [alice, admin] = [await logIn(cluster, 'alice'), await logIn(cluster, 'admin')];
    const errorOf = async () => (await alice.send(apis.metadata, 12, { topics: [{ name: 'orders' }] })).topics[0]!.errorCode;
    expect(await errorOf()).toBe(errorCodes.TOPIC_AUTHORIZATION_FAILED);

    const entry = { resourceType: resourceType.topic, resourceName: 'orders', resourcePatternType: patternType.literal };
    const allowed = { principal: 'User:alice', host: '*', operation: operation.read, permissionType: permission.allow };
    await admin.send(apis.createAcls, 3, { creations: [{ ...entry, ...allowed }] });
    expect(await errorOf()).toBe(errorCodes.NONE);
  });

  it('tells who is connected', async () => {
    const cluster = await MockCluster.start({ brokers: 1, sasl: { users } });
    const client = await logIn(cluster, 'alice');
    await client.send(apis.metadata, 12, { topics: [] });
    expect(cluster.broker(1).connections).toEqual([{ id: 1, listener: 'in process', principal: 'User:alice' }]);
    expect(cluster.requests({ api: 'Metadata' })).toMatchObject([{ principal: 'User:alice' }]);
    expect(cluster.requests({ api: 'SaslHandshake' })).toMatchObject([{ principal: 'User:ANONYMOUS' }]);
  });

  it('wants super users by their whole name', async () => {
    await expect(MockCluster.start({ authorizer: { superUsers: ['admin'] } })).rejects.toThrow(/such as 'User:admin'/);
  });
});
