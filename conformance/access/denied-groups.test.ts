import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { commit } from '../requests.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';
import type { Wire } from '../wire.ts';
import { type AclSpec, closeLogins, everybodyOnCluster, grant, loginAs, revoke } from './fixture.ts';

/** A group and a transactional id that the user may not touch, a topic likewise, and the cluster. */
const user = broker.freshName('user');
const principal = `User:${user}`;
const group = broker.freshName('denied-group');
const open = broker.freshName('open-group');
const transactionalId = broker.freshName('denied-id');
const denied = await broker.createTopic({ prefix: 'denied' });
const free = await broker.createTopic({ prefix: 'free' });
const entries: AclSpec[] = [
  { type: 'cluster', name: 'kafka-cluster', principal, permission: 'deny' },
  { type: 'group', name: group, principal, permission: 'deny' },
  { type: 'transactionalId', name: transactionalId, principal, permission: 'deny' },
  { name: denied.name, principal, permission: 'deny' },
];
let wire: Wire;
/** At the coordinator of the open group. */
let coordinator: Wire;

beforeAll(async () => {
  await grant(...everybodyOnCluster, ...entries);
  wire = await loginAs(user);
  const { nodeId } = await findCoordinator(await broker.wire(), open, 0);
  coordinator = await loginAs(user, nodeId);
});

afterAll(async () => {
  await revoke(...entries, ...everybodyOnCluster);
  closeLogins();
});

async function findCoordinator(from: Wire, key: string, keyType: number) {
  const own = await broker.coordinatorWire(key, keyType === 0 ? 'group' : 'transaction');
  own.close();
  return from.send(apis.findCoordinator, 2, { key, keyType });
}

const noGroup = { errorCode: code.groupAuthorizationFailed };
const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }];

describe('the classic protocol', () => {
  it.each(versionsOf(apis.joinGroup))('JoinGroup version %i', async (version) => {
    const request = { groupId: group, sessionTimeoutMs: 10_000, memberId: '', protocolType: 'consumer', protocols: [] };
    const answer = await wire.send(apis.joinGroup, version, request);
    expect(answer).toMatchObject({
      ...noGroup,
      generationId: -1,
      protocolName: version >= 7 ? null : '',
      leader: '',
      memberId: '',
      members: [],
    });
  });

  it.each(versionsOf(apis.syncGroup))('SyncGroup version %i', async (version) => {
    const protocol = version >= 5 ? { protocolType: 'consumer', protocolName: 'range' } : {};
    const answer = await wire.send(apis.syncGroup, version, {
      groupId: group,
      generationId: 1,
      memberId: 'x',
      ...protocol,
      assignments: [],
    });
    expect(answer).toMatchObject(noGroup);
  });

  it.each(versionsOf(apis.heartbeat))('Heartbeat version %i', async (version) => {
    expect(await wire.send(apis.heartbeat, version, { groupId: group, generationId: 1, memberId: 'x' })).toMatchObject(noGroup);
  });

  it.each(versionsOf(apis.leaveGroup))('LeaveGroup version %i', async (version) => {
    const who = version >= 3 ? { members: [{ memberId: 'x' }] } : { memberId: 'x' };
    expect(await wire.send(apis.leaveGroup, version, { groupId: group, ...who })).toMatchObject(noGroup);
  });
});

describe('the new protocol', () => {
  const heartbeat = { memberId: 'AAAAAAAAAAAAAAAAAAAAAA', memberEpoch: 0, rebalanceTimeoutMs: 1000, topicPartitions: [] };

  it.each(versionsOf(apis.consumerGroupHeartbeat))('ConsumerGroupHeartbeat version %i', async (version) => {
    const request = { ...heartbeat, groupId: group, subscribedTopicNames: [free.name] };
    expect(await wire.send(apis.consumerGroupHeartbeat, version, request)).toMatchObject(noGroup);
    const topics = { ...heartbeat, groupId: open, subscribedTopicNames: [free.name, denied.name] };
    expect(await wire.send(apis.consumerGroupHeartbeat, version, topics)).toMatchObject({ errorCode: code.topicAuthorizationFailed });
  });

  it.each(versionsOf(apis.consumerGroupDescribe))('ConsumerGroupDescribe version %i', async (version) => {
    const answer = await wire.send(apis.consumerGroupDescribe, version, { groupIds: [group], includeAuthorizedOperations: true });
    expect(answer.groups).toMatchObject([{ ...noGroup, groupId: group, groupState: '', members: [], authorizedOperations: -0x80000000 }]);
  });
});

describe('what groups have', () => {
  it.each(versionsOf(apis.describeGroups))('DescribeGroups version %i', async (version) => {
    const { groups } = await coordinator.send(apis.describeGroups, version, { groups: [open, group] });
    expect(groups[0]).toMatchObject({ ...noGroup, groupId: group, groupState: '', members: [] });
    expect(groups[1]).toMatchObject({ groupId: open });
    expect(groups[1]!.errorCode).not.toBe(code.groupAuthorizationFailed);
  });

  it.each(versionsOf(apis.deleteGroups))('DeleteGroups version %i', async (version) => {
    const { results } = await wire.send(apis.deleteGroups, version, { groupsNames: [group] });
    expect(results).toEqual([{ groupId: group, ...noGroup }]);
  });

  it.each(versionsOf(apis.listGroups))('ListGroups version %i', async (version) => {
    const admin = await broker.coordinatorWire(group);
    await commit(admin, 5, group, free, 1);
    const everywhere = await Promise.all(Array.from({ length: broker.nodes }, (_, i) => loginAs(user, i + 1)));
    for (const own of everywhere) {
      const { errorCode, groups } = await own.send(apis.listGroups, version, {});
      expect(errorCode).toBe(code.none);
      expect(groups.map(({ groupId }) => groupId)).not.toContain(group);
    }
  });

  it.each(versionsOf(apis.offsetCommit))('OffsetCommit version %i', async (version) => {
    const topics = [denied, free].map(({ name, id }) => ({ name, topicId: id, partitions }));
    const refused = await wire.send(apis.offsetCommit, version, { groupId: group, memberId: '', topics });
    for (const topic of refused.topics) expect(topic.partitions).toMatchObject([{ partitionIndex: 0, ...noGroup }]);
    const answer = await coordinator.send(apis.offsetCommit, version, { groupId: open, memberId: '', topics });
    const of = ({ name, id }: typeof denied) => answer.topics.find((one) => one.name === name || one.topicId === id)!.partitions;
    expect(of(denied)).toMatchObject([{ errorCode: code.topicAuthorizationFailed }]);
    expect(of(free)).toMatchObject([{ errorCode: code.none }]);
  });

  it.each(versionsOf(apis.offsetFetch))('OffsetFetch version %i', async (version) => {
    const topics = [denied, free].map(({ name, id }) => ({ name, topicId: id, partitionIndexes: [0] }));
    const ask = async (own: Wire, groupId: string) => {
      if (version < 8) return own.send(apis.offsetFetch, version, { groupId, topics });
      return (await own.send(apis.offsetFetch, version, { groups: [{ groupId, topics }] })).groups[0]!;
    };
    const refused = await ask(wire, group);
    if (version >= 2) expect(refused).toMatchObject({ ...noGroup, topics: [] });
    else for (const topic of refused.topics!) expect(topic.partitions).toMatchObject([{ committedOffset: -1, ...noGroup }]);
    const answer = await ask(coordinator, open);
    const of = ({ name, id }: typeof denied) =>
      answer.topics!.find((one) => one.name === name || ('topicId' in one && one.topicId === id))!.partitions;
    expect(of(denied)).toMatchObject([{ committedOffset: -1, metadata: '', errorCode: code.topicAuthorizationFailed }]);
    expect(of(free)).toMatchObject([{ errorCode: code.none }]);
  });

  it.each(versionsOf(apis.offsetDelete))('OffsetDelete version %i', async (version) => {
    const topics = [denied, free].map(({ name }) => ({ name, partitions: [{ partitionIndex: 0 }] }));
    expect(await wire.send(apis.offsetDelete, version, { groupId: group, topics })).toMatchObject({ ...noGroup, topics: [] });
    const answer = await coordinator.send(apis.offsetDelete, version, { groupId: open, topics });
    expect(answer.topics.find(({ name }) => name === denied.name)!.partitions).toMatchObject([
      { errorCode: code.topicAuthorizationFailed },
    ]);
  });
});

describe('coordinators and producers', () => {
  it.each(versionsOf(apis.findCoordinator))('FindCoordinator version %i', async (version) => {
    const ask = async (key: string, keyType: number) => {
      if (version < 4) return wire.send(apis.findCoordinator, version, { key, keyType });
      return (await wire.send(apis.findCoordinator, version, { keyType, coordinatorKeys: [key] })).coordinators[0]!;
    };
    const nobody = { nodeId: -1, host: '', port: -1 };
    expect(await ask(group, 0)).toMatchObject({ ...noGroup, ...nobody });
    if (version >= 1)
      expect(await ask(transactionalId, 1)).toMatchObject({ errorCode: code.transactionalIdAuthorizationFailed, ...nobody });
  });

  it.each(versionsOf(apis.initProducerId))('InitProducerId version %i', async (version) => {
    const refused = { producerId: -1, producerEpoch: -1 };
    const named = await wire.send(apis.initProducerId, version, { transactionalId, transactionTimeoutMs: 1000 });
    expect(named).toMatchObject({ errorCode: code.transactionalIdAuthorizationFailed, ...refused });
    // To write to some topic is enough for an idempotent producer.
    await until('a producer id is given out', async () => {
      const idempotent = await wire.send(apis.initProducerId, version, { transactionalId: null, transactionTimeoutMs: 1000 });
      expect(idempotent.errorCode).not.toBe(code.clusterAuthorizationFailed);
      return idempotent.errorCode === code.none;
    });
  });
});

describe('the cluster', () => {
  const refused = { errorCode: code.clusterAuthorizationFailed };
  const filter = { resourceTypeFilter: 1, resourceNameFilter: null, patternTypeFilter: 1, principalFilter: null, hostFilter: null };

  it('its access control lists are neither shown nor changed', async () => {
    expect(await wire.send(apis.describeAcls, 3, { ...filter, operation: 1, permissionType: 1 })).toMatchObject({
      ...refused,
      resources: [],
    });
    const creation = { resourceType: 2, resourceName: 'x', principal, host: '*', operation: 2, permissionType: 3 };
    expect((await wire.send(apis.createAcls, 3, { creations: [creation] })).results).toMatchObject([refused]);
    const { filterResults } = await wire.send(apis.deleteAcls, 3, { filters: [{ ...filter, operation: 1, permissionType: 1 }] });
    expect(filterResults).toMatchObject([{ ...refused, matchingAcls: [] }]);
  });

  it('its users and quotas are neither shown nor changed', async () => {
    // Kafka 4.3.1 does not answer at all where it is asked for all users.
    const users = await wire.send(apis.describeUserScramCredentials, 0, { users: [{ name: 'x' }] });
    expect(users).toMatchObject({ ...refused, results: [{ user: '', ...refused, credentialInfos: [] }] });
    const alteration = { deletions: [{ name: 'x', mechanism: 1 }], upsertions: [] };
    expect((await wire.send(apis.alterUserScramCredentials, 0, alteration)).results).toMatchObject([{ user: 'x', ...refused }]);
    expect(await wire.send(apis.describeClientQuotas, 1, { components: [], strict: false })).toMatchObject({ ...refused, entries: null });
    const entity = [{ entityType: 'user', entityName: 'x' }];
    const changed = await wire.send(apis.alterClientQuotas, 1, { entries: [{ entity, ops: [] }], validateOnly: true });
    expect(changed.entries).toMatchObject([{ entity, ...refused }]);
  });

  it('its brokers are shown, but not their configurations, nor what may be done', async () => {
    const cluster = await wire.send(apis.describeCluster, 1, { includeClusterAuthorizedOperations: true });
    expect(cluster).toMatchObject({ errorCode: code.none, clusterAuthorizedOperations: 0 });
    const metadata = await wire.send(apis.metadata, 9, { topics: [], includeClusterAuthorizedOperations: true });
    expect(metadata.clusterAuthorizedOperations).toBe(0);
    const resources = [{ resourceType: 4, resourceName: '1', configurationKeys: null }];
    const { results } = await wire.send(apis.describeConfigs, 4, { resources });
    expect(results).toMatchObject([{ ...refused, errorMessage: 'Cluster authorization failed.', configs: [] }]);
  });
});
