import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
const none = { transactionalId: null, transactionTimeoutMs: 60_000 };
await until('producer ids are given', async () => (await wire.send(apis.initProducerId, 0, none)).errorCode === 0);
afterAll(() => broker.closeWires());

describe.each(versionsOf(apis.initProducerId))('InitProducerId version %i', (version) => {
  it('gives every producer without a transactional id an id of its own, with epoch 0', async () => {
    const first = await wire.send(apis.initProducerId, version, none);
    const second = await wire.send(apis.initProducerId, version, none);
    expect([first, second]).toMatchObject([
      { errorCode: code.none, producerEpoch: 0 },
      { errorCode: code.none, producerEpoch: 0 },
    ]);
    expect(first.producerId).toBeGreaterThanOrEqual(0);
    expect(second.producerId).not.toBe(first.producerId);
  });
});
