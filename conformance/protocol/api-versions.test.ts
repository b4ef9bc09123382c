import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
afterAll(() => broker.closeWires());

const client = { clientSoftwareName: 'conformance', clientSoftwareVersion: '1.0' };

describe.each(versionsOf(apis.apiVersions))('ApiVersions version %i', (version) => {
  it('lists every request that a client uses, each with a range that has its versions in order', async () => {
    const { errorCode, apiKeys } = await wire.send(apis.apiVersions, version, client);
    expect(errorCode).toBe(code.none);
    for (const range of apiKeys) expect(range.minVersion).toBeLessThanOrEqual(range.maxVersion);
    const { produce, fetch, listOffsets, metadata, offsetCommit, offsetFetch, findCoordinator, createTopics, initProducerId } = apis;
    for (const api of [produce, fetch, listOffsets, metadata, offsetCommit, offsetFetch, findCoordinator, createTopics, initProducerId]) {
      expect(apiKeys.map(({ apiKey }) => apiKey)).toContain(api.key);
    }
  });

  it('tells the features that the cluster has agreed on from version 3 on', async () => {
    const { finalizedFeatures, finalizedFeaturesEpoch } = await wire.send(apis.apiVersions, version, client);
    if (version < 3) return expect(finalizedFeatures).toEqual([]);
    expect(finalizedFeaturesEpoch).toBeGreaterThanOrEqual(0);
    expect(finalizedFeatures.map(({ name }) => name)).toContain('metadata.version');
    for (const { minVersionLevel, maxVersionLevel } of finalizedFeatures) expect(minVersionLevel).toBeLessThanOrEqual(maxVersionLevel);
  });
});

describe('ApiVersions', () => {
  it('says version 0 for Produce, which it no longer serves: released librdkafka turns compression off otherwise (KAFKA-18659)', async () => {
    const { apiKeys } = await wire.send(apis.apiVersions, 0, {});
    expect(apiKeys.find(({ apiKey }) => apiKey === apis.produce.key)).toMatchObject({ minVersion: 0 });
  });

  it('answers a version that it does not know with error 35 in the layout of version 0, holding its own range only', async () => {
    // Header and body of a later version: a broker that does not know it cannot read beyond the correlation id.
    const header = Buffer.from('0012 0063 00000007 ffff 00 02 61 02 61 00'.replaceAll(' ', ''), 'hex');
    const length = Buffer.alloc(4);
    length.writeInt32BE(header.length);
    const frame = await (await broker.wire()).sendBytes(7, Buffer.concat([length, header]));
    const answer = apis.apiVersions.readResponse(frame, 0);
    expect(frame.remaining).toBe(0);
    expect(answer.errorCode).toBe(code.unsupportedVersion);
    const { minVersion, maxVersion } = apis.apiVersions;
    expect(answer.apiKeys).toEqual([{ apiKey: apis.apiVersions.key, minVersion, maxVersion }]);
  });
});
