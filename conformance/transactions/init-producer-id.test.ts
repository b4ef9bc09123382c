import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
const transactionalId = broker.freshName('txn');
const coordinator = await broker.coordinatorWire(transactionalId, 'transaction');
const transactional = { transactionalId, transactionTimeoutMs: 60_000 };
await until('transactions are coordinated', async () => (await coordinator.send(apis.initProducerId, 0, transactional)).errorCode === 0);
afterAll(() => broker.closeWires());

describe.each(versionsOf(apis.initProducerId))('InitProducerId version %i for a transactional id', (version) => {
  it('gives the same transactional id the same producer id, with a higher epoch: the older producer is fenced', async () => {
    const first = await coordinator.send(apis.initProducerId, version, transactional);
    const second = await coordinator.send(apis.initProducerId, version, transactional);
    expect(first.errorCode).toBe(code.none);
    expect(second).toMatchObject({ errorCode: code.none, producerId: first.producerId, producerEpoch: first.producerEpoch + 1 });
  });

  it('refuses an empty transactional id', async () => {
    const answer = await wire.send(apis.initProducerId, version, { ...transactional, transactionalId: '' });
    expect(answer).toMatchObject({ errorCode: code.invalidRequest, producerId: -1, producerEpoch: -1 });
  });

  it.each([0, -1, 24 * 3600 * 1000])('refuses a transaction timeout of %i ms', async (transactionTimeoutMs) => {
    const answer = await coordinator.send(apis.initProducerId, version, { ...transactional, transactionTimeoutMs });
    expect(answer).toMatchObject({ errorCode: code.invalidTransactionTimeout });
  });

  if (version >= 3)
    it('bumps the epoch of the producer that names itself, and refuses the one that it replaced (KIP-360)', async () => {
      const { producerId, producerEpoch } = await coordinator.send(apis.initProducerId, version, transactional);
      const bumped = await coordinator.send(apis.initProducerId, version, { ...transactional, producerId, producerEpoch });
      expect(bumped).toMatchObject({ errorCode: code.none, producerId, producerEpoch: producerEpoch + 1 });
      const again = await coordinator.send(apis.initProducerId, version, transactional);
      expect(again).toMatchObject({ errorCode: code.none, producerEpoch: producerEpoch + 2 });
      const old = await coordinator.send(apis.initProducerId, version, { ...transactional, producerId, producerEpoch });
      expect(old.errorCode).toBe(version >= 4 ? 90 : code.invalidProducerEpoch);
    });
});
