import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
afterAll(() => broker.closeWires());

const ids = Array.from({ length: broker.nodes }, (_, i) => i + 1);
const notAsked = -2_147_483_648;

describe.each(versionsOf(apis.describeCluster))('DescribeCluster version %i', (version) => {
  it('tells of the brokers', async () => {
    const answer = await wire.send(apis.describeCluster, version, { includeClusterAuthorizedOperations: false });
    expect(answer).toMatchObject({ errorCode: code.none, errorMessage: null, clusterAuthorizedOperations: notAsked });
    expect(ids).toContain(answer.controllerId);
    const metadata = await wire.send(apis.metadata, 12, { topics: [] });
    expect(answer.clusterId).toBe(metadata.clusterId);
    const brokers = answer.brokers.toSorted((a, b) => a.brokerId - b.brokerId);
    expect(brokers.map(({ brokerId, rack }) => [brokerId, rack])).toEqual(ids.map((id) => [id, `r${id}`]));
    expect(answer.endpointType).toBe(1);
    expect(brokers.every(({ isFenced }) => !isFenced)).toBe(true);
  });

  it('tells what one may do, when it is asked', async () => {
    const answer = await wire.send(apis.describeCluster, version, { includeClusterAuthorizedOperations: true });
    expect(answer.clusterAuthorizedOperations).toBeGreaterThan(0);
  });

  if (version >= 1)
    it.each([
      [2, code.mismatchedEndpointType, 'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER'],
      [3, code.unsupportedEndpointType, 'Unsupported endpoint type 3'],
    ])('refuses endpoints of type %i', async (endpointType, errorCode, errorMessage) => {
      const request = { includeClusterAuthorizedOperations: true, endpointType };
      expect(await wire.send(apis.describeCluster, version, request)).toMatchObject({
        ...{ errorCode, errorMessage, clusterId: '', controllerId: -1, brokers: [], clusterAuthorizedOperations: notAsked },
      });
    });
});
