import { afterAll, describe, expect, it } from 'vitest';
import { apis, zeroUuid } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
afterAll(() => broker.closeWires());

const ids = Array.from({ length: broker.nodes }, (_, i) => i + 1);

describe.each(versionsOf(apis.describeQuorum))('DescribeQuorum version %i', (version) => {
  const ask = (topicName: string, ...partitions: number[]) =>
    wire.send(apis.describeQuorum, version, {
      topics: [{ topicName, partitions: partitions.map((partitionIndex) => ({ partitionIndex })) }],
    });

  it('tells of the controllers', async () => {
    const { errorCode, topics, nodes } = await ask('__cluster_metadata', 0);
    expect(errorCode).toBe(code.none);
    expect(topics).toMatchObject([
      { topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0, errorCode: code.none, observers: [] }] },
    ]);
    const { leaderId, leaderEpoch, highWatermark, currentVoters } = topics[0]!.partitions[0]!;
    expect(ids).toContain(leaderId);
    expect(leaderEpoch).toBeGreaterThan(0);
    expect(highWatermark).toBeGreaterThan(0);
    expect(currentVoters.map(({ replicaId }) => replicaId).sort()).toEqual(ids);
    for (const { replicaDirectoryId, logEndOffset, lastFetchTimestamp } of currentVoters) {
      expect(replicaDirectoryId).toBe(zeroUuid);
      expect(logEndOffset).toBeGreaterThan(0);
      if (version === 0) expect(lastFetchTimestamp).toBe(-1);
      else expect(Math.abs(lastFetchTimestamp! - Date.now())).toBeLessThan(60_000);
    }
    if (version < 2) expect(nodes).toEqual([]);
    else
      expect(nodes?.map(({ nodeId, listeners }) => [nodeId, listeners.map(({ name }) => name)])).toEqual(
        ids.map((id) => [id, ['CONTROLLER']]),
      );
  });

  it.each<[string, string, number[]]>([
    ['another topic', 'topic', [0]],
    ['another partition', '__cluster_metadata', [1]],
    ['more than one partition', '__cluster_metadata', [0, 1]],
  ])('knows nothing of %s', async (_, topic, partitions) => {
    const { errorCode, topics, nodes } = await ask(topic, ...partitions);
    expect({ errorCode, nodes }).toEqual({ errorCode: code.none, nodes: [] });
    expect(topics).toMatchObject([
      {
        topicName: topic,
        partitions: partitions.map((partitionIndex) => ({
          ...{ partitionIndex, errorCode: code.unknownTopicOrPartition, currentVoters: [] },
          errorMessage: version < 2 ? '' : 'This server does not host this topic-partition.',
        })),
      },
    ]);
  });
});

const voter = { voterDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAQ' };
const controller = { name: 'CONTROLLER', host: 'localhost', port: 1 };

describe('a static quorum keeps its voters (KIP-853)', () => {
  it.each(versionsOf(apis.addRaftVoter))('AddRaftVoter version %i', async (version) => {
    const add = (more: object) => {
      const request = { clusterId: null, timeoutMs: 1000, voterId: 9, ...voter, listeners: [controller], ...more };
      return wire.send(apis.addRaftVoter, version, request);
    };
    expect(await add({})).toMatchObject({
      errorCode: code.unsupportedVersion,
      errorMessage: "Cluster doesn't support adding voter because the kraft.version feature is 0",
    });
    expect(await add({ clusterId: 'another' })).toMatchObject({
      errorCode: code.inconsistentClusterId,
      errorMessage: expect.stringContaining('The given id "another" doesn\'t match the cluster id'),
    });
    const errorCode = code.invalidRequest;
    expect(await add({ voterId: -1 })).toMatchObject({ errorCode, errorMessage: "Add voter request didn't include a valid voter" });
    expect(await add({ listeners: [] })).toMatchObject({
      errorCode,
      errorMessage:
        "Add voter request didn't include the endpoint (Endpoints(endpoints={})) for the default listener ListenerName(CONTROLLER)",
    });
  });

  it.each(versionsOf(apis.removeRaftVoter))('RemoveRaftVoter version %i', async (version) => {
    const remove = (more: object) => wire.send(apis.removeRaftVoter, version, { clusterId: null, voterId: 9, ...voter, ...more });
    expect(await remove({})).toMatchObject({
      errorCode: code.unsupportedVersion,
      errorMessage: "Cluster doesn't support removing voter because the kraft.version feature is 0",
    });
    expect(await remove({ clusterId: 'another' })).toMatchObject({ errorCode: code.inconsistentClusterId });
    expect(await remove({ voterId: -1 })).toMatchObject({ errorCode: code.invalidRequest });
  });
});

it.each([99, -1])('UnregisterBroker knows no broker %i', async (brokerId) => {
  expect(await wire.send(apis.unregisterBroker, 0, { brokerId })).toMatchObject({
    errorCode: code.brokerIdNotRegistered,
    errorMessage: `Broker ID ${brokerId} is not currently registered`,
  });
});
