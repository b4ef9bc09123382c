import {
  addRaftVoter,
  describeCluster,
  describeFeatures,
  describeMetadataQuorum,
  type KafkaClient,
  removeRaftVoter,
  unregisterBroker,
  updateFeatures,
} from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

const ids = Array.from({ length: broker.nodes }, (_, i) => i + 1);

describe('describeCluster', () => {
  it('tells of the brokers and the controller', async () => {
    const cluster = await describeCluster(client);
    expect(cluster).toMatchObject({ clusterId: client.clusterId, authorizedOperations: undefined });
    expect(cluster.brokers.map(({ id }) => id)).toEqual(ids);
    expect(ids).toContain(cluster.controllerId);
    expect(cluster.brokers[0]).toMatchObject({ host: expect.any(String), port: expect.any(Number), isFenced: false });
  });

  it('tells what may be done, and of fenced brokers, when asked', async () => {
    const cluster = await describeCluster(client, { includeAuthorizedOperations: true, includeFencedBrokers: true });
    expect(cluster.authorizedOperations).toContain('clusterAction');
    expect(cluster.brokers.map(({ id }) => id)).toEqual(ids);
    await expect(describeCluster(client, { fenced: true } as never)).rejects.toThrow(/describeCluster has no option 'fenced'/);
  });
});

describe('features', () => {
  it('are told of the cluster, and of any broker', async () => {
    const features = await describeFeatures(client);
    expect(features.finalized.get('group.version')).toMatchObject({ max: 1 });
    expect(features.finalizedEpoch).toBeGreaterThanOrEqual(0);
    expect(features.supported.get('group.version')).toEqual({ min: 0, max: 1 });
    expect(await describeFeatures(client, { broker: broker.nodes })).toMatchObject({ finalized: features.finalized });
    await expect(describeFeatures(client, { broker: 99 })).rejects.toThrow(/broker 99 is not in the cluster/);
  });

  it('are only updated to levels that there are', async () => {
    const kept = [{ feature: 'group.version', maxLevel: 1 }];
    expect(await updateFeatures(client, kept, { validateOnly: true })).toEqual(new Map([['group.version', undefined]]));
    const results = await updateFeatures(client, [{ feature: 'group.version', maxLevel: 99 }], { validateOnly: true });
    expect(results.get('group.version')).toMatchObject({ errorName: 'INVALID_UPDATE_VERSION' });
    await expect(updateFeatures(client, [{ feature: 'x', maxLevel: -1 }])).rejects.toThrow(/the level of feature 'x'/);
    await expect(updateFeatures(client, [...kept, ...kept])).rejects.toThrow(/is named twice/);
    expect(await updateFeatures(client, [])).toEqual(new Map());
  });
});

describe('the quorum', () => {
  it('tells its leader, its voters and who follows', async () => {
    const quorum = await describeMetadataQuorum(client);
    expect(quorum.voters.map(({ id }) => id)).toContain(quorum.leaderId);
    expect(quorum.highWatermark).toBeGreaterThan(0);
    expect([...quorum.endpoints.keys()].sort()).toEqual(quorum.voters.map(({ id }) => id).sort());
    const leader = quorum.voters.find(({ id }) => id === quorum.leaderId)!;
    expect(leader.logEndOffset).toBeGreaterThanOrEqual(quorum.highWatermark);
  });

  it('takes no voters while it is a static one', async () => {
    const voter = { id: 9, directoryId: 'abcdefghijklmnopqrstuw' };
    const endpoints = [{ listener: 'CONTROLLER', host: '127.0.0.1', port: 1 }];
    await expect(addRaftVoter(client, { ...voter, endpoints })).rejects.toMatchObject({ errorName: 'UNSUPPORTED_VERSION' });
    await expect(removeRaftVoter(client, voter)).rejects.toMatchObject({ errorName: 'UNSUPPORTED_VERSION' });
    await expect(removeRaftVoter(client, voter, { clusterId: 'another' })).rejects.toMatchObject({ errorName: 'INCONSISTENT_CLUSTER_ID' });
    await expect(removeRaftVoter(client, { ...voter, directoryId: 'x' })).rejects.toThrow(TypeError);
    await expect(addRaftVoter(client, { ...voter, endpoints: [] })).rejects.toThrow(/at least one endpoint/);
  });
});

it('unregisterBroker says that there is no such broker', async () => {
  await expect(unregisterBroker(client, 99)).rejects.toMatchObject({
    errorName: 'BROKER_ID_NOT_REGISTERED',
    message: expect.stringMatching(/^unregistering broker 99: BROKER_ID_NOT_REGISTERED \(102\), Broker ID 99 is not/),
  });
  await expect(unregisterBroker(client, -1)).rejects.toThrow(TypeError);
});
