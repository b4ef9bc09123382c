import { apis } from '@tskafka/core/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { moveCoordinator } from '../coordinators.ts';
import { code } from '../error-code.ts';
import { valuesOf } from '../requests.ts';
import { until } from '../until.ts';
import { fetchAll, type Protocol, TransactionalProducer, whenReady } from './transactional-producer.ts';

afterAll(() => broker.closeWires());

describe.runIf(broker.nodes > 1)('a coordinator that moves', () => {
  it.each<Protocol>([1, 2])('takes its transactions with it (protocol %i)', async (protocol) => {
    const topic = await broker.createTopic();
    const producer = await TransactionalProducer.start(protocol);
    const { transactionalId, identity } = producer;
    await producer.write(topic, ['a']);
    const before = await moveCoordinator(transactionalId, 'transaction');
    const request = { transactionalId, ...identity, committed: true };
    const version = protocol === 2 ? 5 : 4;

    await until('the old coordinator has resigned', async () => {
      const { errorCode } = await producer.coordinator.send(apis.addOffsetsToTxn, 3, { transactionalId, ...identity, groupId: 'g' });
      return errorCode === code.notCoordinator;
    });
    expect(await producer.coordinator.send(apis.endTxn, version, request)).toMatchObject({ errorCode: code.notCoordinator });
    const found = await producer.coordinator.send(apis.findCoordinator, 2, { key: transactionalId, keyType: 1 });
    expect(found.nodeId).not.toBe(before);
    const next = await broker.wire(found.nodeId);
    const ended = await whenReady(
      () => next.send(apis.endTxn, version, request),
      ({ errorCode }) => errorCode,
    );
    expect(ended.errorCode).toBe(code.none);
    await until('the transaction is complete', async () => {
      const { transactionStates } = await next.send(apis.describeTransactions, 0, { transactionalIds: [transactionalId] });
      return transactionStates[0]!.transactionState === 'CompleteCommit';
    });
    const fetched = await fetchAll(topic);
    expect([valuesOf(fetched), fetched.lastStableOffset, fetched.abortedTransactions]).toEqual([['a'], 2, []]);
  });

  it('fences as before', async () => {
    const topic = await broker.createTopic();
    const old = await TransactionalProducer.start(2);
    await old.write(topic, ['a']);
    await moveCoordinator(old.transactionalId, 'transaction');
    const next = await TransactionalProducer.start(2, { transactionalId: old.transactionalId });
    expect(next.identity).toEqual({ ...old.identity, producerEpoch: old.identity.producerEpoch + 2 });
    expect((await old.produce(topic, ['b'])).errorCode).toBe(code.invalidProducerEpoch);
    expect((await fetchAll(topic)).abortedTransactions).toHaveLength(1);
  });
});
