import { apis, errorCodes, zeroUuid } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect } from '../test-client.ts';
import { VirtualClock } from '../virtual-clock.ts';

it('the controller moves when the test says so, or when its broker fails', async () => {
  const cluster = await MockCluster.start();
  const client = await connect(cluster, 2);
  const controller = async () => {
    const { controllerId } = await client.send(apis.metadata, 12, { topics: [] });
    expect((await client.send(apis.describeCluster, 2, { includeClusterAuthorizedOperations: false })).controllerId).toBe(controllerId);
    const quorum = await client.send(apis.describeQuorum, 2, {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    });
    const { leaderId, leaderEpoch } = quorum.topics[0]!.partitions[0]!;
    expect(leaderId).toBe(controllerId);
    return [controllerId, leaderEpoch];
  };
  expect(await controller()).toEqual([1, 1]);
  cluster.moveController(3);
  expect(await controller()).toEqual([3, 2]);
  await cluster.broker(3).down();
  expect(await controller()).toEqual([1, 2]);
  expect(() => cluster.moveController(9)).toThrow(RangeError);
});

it('a broker that is unregistered is forgotten, until it starts again', async () => {
  const cluster = await MockCluster.start({ topics: { orders: { replicationFactor: 2 } }, racks: ['a', 'b', 'c'] });
  const client = await connect(cluster, 3);
  await cluster.broker(2).down();
  const fenced = async () => {
    const { brokers } = await client.send(apis.describeCluster, 2, {
      includeClusterAuthorizedOperations: false,
      includeFencedBrokers: true,
    });
    return brokers.map(({ brokerId, isFenced }) => [brokerId, isFenced]);
  };
  expect(await fenced()).toEqual([
    [1, false],
    [3, false],
    [2, true],
  ]);
  expect(await client.send(apis.unregisterBroker, 0, { brokerId: 2 })).toMatchObject({ errorCode: errorCodes.NONE });
  expect(await fenced()).toEqual([
    [1, false],
    [3, false],
  ]);
  expect(cluster.topic('orders').partition(0)).toMatchObject({ replicas: [1, 2], inSync: [1] });
  await cluster.broker(2).up();
  expect(cluster.topic('orders').partition(0)).toMatchObject({ replicas: [1, 2], inSync: [1, 2] });
  expect(cluster.broker(2).rack).toBe('b');
});

it('without eligible leader replicas the last one in sync stays in the list', async () => {
  const cluster = await MockCluster.start({ topics: { orders: { replicationFactor: 1 } } });
  const client = await connect(cluster, 2);
  const featureUpdates = [{ feature: 'eligible.leader.replicas.version', maxVersionLevel: 0, upgradeType: 2 }];
  expect(await client.send(apis.updateFeatures, 2, { featureUpdates })).toMatchObject({ errorCode: errorCodes.NONE });
  const { finalizedFeatures, finalizedFeaturesEpoch } = await client.send(apis.apiVersions, 4, {
    clientSoftwareName: 'a',
    clientSoftwareVersion: '1',
  });
  expect(finalizedFeatures?.map(({ name }) => name)).not.toContain('eligible.leader.replicas.version');
  expect(finalizedFeaturesEpoch).toBe(2);
  await cluster.broker(1).down();
  expect(cluster.topic('orders').partition(0)).toMatchObject({ leader: -1, inSync: [1] });
});

describe('telemetry (KIP-714)', () => {
  const subscribe = (name: string, configs: Record<string, string>) => ({
    resourceType: 16,
    resourceName: name,
    configs: Object.entries(configs).map(([config, value]) => ({ name: config, configOperation: 0, value })),
  });

  it('is not there unless a test asks for it', async () => {
    const client = await connect(await MockCluster.start());
    const { apiKeys } = await client.send(apis.apiVersions, 0, {});
    expect(apiKeys.filter(({ apiKey }) => apiKey === 71 || apiKey === 72)).toEqual([]);
  });

  it('gives clients the subscriptions that fit them, and keeps what they push', async () => {
    const clock = new VirtualClock();
    const cluster = await MockCluster.start({ telemetry: true, clock });
    const client = await connect(cluster, 1, 'app-7');
    await client.send(apis.apiVersions, 4, { clientSoftwareName: 'mine', clientSoftwareVersion: '1.2' });
    const resources = [
      subscribe('all', { metrics: 'org.a,org.b', 'interval.ms': '5000' }),
      subscribe('mine', { metrics: 'org.b,org.c', 'interval.ms': '9000', match: 'client_software_name=mine, client_id=app-[0-9]' }),
      subscribe('others', { metrics: '*', match: 'client_id=other' }),
    ];
    await client.send(apis.incrementalAlterConfigs, 1, { resources, validateOnly: false });
    const asked = await client.send(apis.getTelemetrySubscriptions, 0, { clientInstanceId: zeroUuid });
    expect(asked).toMatchObject({ errorCode: errorCodes.NONE, pushIntervalMs: 5000, deltaTemporality: true });
    expect(asked.requestedMetrics).toEqual(['org.a', 'org.b', 'org.c']);
    const { clientInstanceId, subscriptionId } = asked;
    const push = async (more: object) => {
      const request = { clientInstanceId, subscriptionId, terminating: false, compressionType: 0, metrics: Buffer.from('m'), ...more };
      return (await client.send(apis.pushTelemetry, 0, request)).errorCode;
    };
    expect(await push({})).toBe(errorCodes.NONE);
    expect(await push({})).toBe(errorCodes.THROTTLING_QUOTA_EXCEEDED);
    await clock.advance(5000);
    expect(await push({ subscriptionId: subscriptionId + 1 })).toBe(errorCodes.UNKNOWN_SUBSCRIPTION_ID);
    await clock.advance(5000);
    expect(await push({ compressionType: 9 })).toBe(errorCodes.UNSUPPORTED_COMPRESSION_TYPE);
    await clock.advance(5000);
    expect(await push({ metrics: Buffer.alloc(2 ** 20 + 1) })).toBe(errorCodes.TELEMETRY_TOO_LARGE);
    expect(await push({ terminating: true, metrics: Buffer.from('last') })).toBe(errorCodes.NONE);
    expect(await push({})).toBe(errorCodes.INVALID_REQUEST);
    expect(await push({ clientInstanceId: zeroUuid })).toBe(errorCodes.INVALID_REQUEST);
    expect(cluster.pushedMetrics.map(({ clientId, terminating, metrics }) => [clientId, terminating, String(metrics)])).toEqual([
      ['app-7', false, 'm'],
      ['app-7', true, 'last'],
    ]);
  });

  it('gives a client a new subscription as soon as there is one', async () => {
    const cluster = await MockCluster.start({ telemetry: true });
    const client = await connect(cluster);
    const get = (clientInstanceId: string) => client.send(apis.getTelemetrySubscriptions, 0, { clientInstanceId });
    const first = await get(zeroUuid);
    expect(first).toMatchObject({ requestedMetrics: [], pushIntervalMs: 300_000 });
    expect(await get(first.clientInstanceId)).toMatchObject({
      errorCode: errorCodes.THROTTLING_QUOTA_EXCEEDED,
      clientInstanceId: zeroUuid,
    });
    await client.send(apis.incrementalAlterConfigs, 1, {
      resources: [subscribe('all', { metrics: '*' })],
      validateOnly: false,
    });
    const second = await get(first.clientInstanceId);
    expect(second).toMatchObject({ errorCode: errorCodes.NONE, requestedMetrics: ['*'] });
    expect(second.subscriptionId).not.toBe(first.subscriptionId);
  });
});
