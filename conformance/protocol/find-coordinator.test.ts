import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
await broker.coordinatorWire('warm-up'); // the first question creates the internal topics
await broker.coordinatorWire('warm-up', 'transaction');
const addresses = broker.bootstrap.split(',');
afterAll(() => broker.closeWires());

interface Found {
  readonly errorCode: number;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

describe.each(versionsOf(apis.findCoordinator))('FindCoordinator version %i', (version) => {
  const find = async (key: string, keyType = 0): Promise<Found> => {
    if (version < 4) return wire.send(apis.findCoordinator, version, { key, keyType });
    const { coordinators } = await wire.send(apis.findCoordinator, version, { coordinatorKeys: [key], keyType });
    expect(coordinators).toMatchObject([{ key }]);
    return coordinators[0]!;
  };

  it('names one of the brokers for a group, and always the same', async () => {
    const first = await find('warm-up');
    expect(first.errorCode).toBe(code.none);
    expect(addresses).toContain(`${first.host}:${first.port}`);
    expect(await find('warm-up')).toEqual(first);
  });

  if (version >= 1)
    it('names one of the brokers for a transactional id', async () => {
      const found = await find('warm-up', 1);
      expect(found.errorCode).toBe(code.none);
      expect(addresses).toContain(`${found.host}:${found.port}`);
    });

  if (version >= 1)
    it('refuses a kind of key that there is not', async () => {
      expect(await find('warm-up', 9)).toMatchObject({ errorCode: code.invalidRequest, nodeId: -1, host: '', port: -1 });
    });

  if (version >= 4)
    it('finds several coordinators with one question', async () => {
      const keys = ['warm-up', 'warm-up-2', 'warm-up-3'];
      const { coordinators } = await wire.send(apis.findCoordinator, version, { coordinatorKeys: keys, keyType: 0 });
      expect(coordinators.map(({ key }) => key)).toEqual(keys);
      for (const { errorCode, host, port } of coordinators) {
        expect(errorCode).toBe(code.none);
        expect(addresses).toContain(`${host}:${port}`);
      }
    });
});
