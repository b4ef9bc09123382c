import { apis } from '@tskafka/core/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { valuesOf } from '../requests.ts';
import { until } from '../until.ts';
import { fetchAll, lastStableOffset, type Protocol, TransactionalProducer } from './transactional-producer.ts';

afterAll(() => broker.closeWires());

const protocols: Protocol[] = [1, 2];

describe.each(protocols)('a producer of protocol %i', (protocol) => {
  it('P20: is fenced by the next one with its transactional id, and its open transaction is aborted', async () => {
    const topic = await broker.createTopic();
    const old = await TransactionalProducer.start(protocol);
    await old.write(topic, ['a']);
    const { producerId, producerEpoch } = old.identity;
    const request = { transactionalId: old.transactionalId, transactionTimeoutMs: 60_000 };
    // The first to ask is told to come again, and sets the abort in motion.
    const first = await old.coordinator.send(apis.initProducerId, 5, request);
    expect(first).toMatchObject({ errorCode: code.concurrentTransactions, producerId: -1, producerEpoch: -1 });
    const next = await TransactionalProducer.start(protocol, { transactionalId: old.transactionalId });
    expect(next.identity).toEqual({ producerId, producerEpoch: producerEpoch + 2 });
    expect(await fetchAll(topic)).toMatchObject({ lastStableOffset: 2, abortedTransactions: [{ producerId, firstOffset: 0 }] });

    expect((await old.produce(topic, ['b'])).errorCode).toBe(code.invalidProducerEpoch);
    expect((await old.tryEnd(true)).errorCode).toBe(code.producerFenced);
    expect((await old.tryEnd(false)).errorCode).toBe(code.producerFenced);
    if (protocol === 1) expect(await old.add(topic, 0)).toBe(code.producerFenced);
    await next.write(topic, ['c']);
    await next.end(true);
    expect(valuesOf(await fetchAll(topic))).toEqual(['a', 'c']); // 'a' is in the list of the aborted
    expect((await fetchAll(topic)).abortedTransactions).toEqual([{ producerId, firstOffset: 0 }]);
  });

  it('bumps its own epoch, goes on, and may ask for it again (KIP-360)', async () => {
    const topic = await broker.createTopic();
    const producer = await TransactionalProducer.start(protocol);
    await producer.write(topic, ['a']);
    await producer.end(true);
    const before = producer.identity;
    await producer.initialize(before);
    const bumped = producer.identity;
    expect(bumped).toEqual({ producerId: before.producerId, producerEpoch: before.producerEpoch + 1 });
    await producer.initialize(before);
    expect(producer.identity).toEqual(bumped);
    await producer.write(topic, ['b']);
    await producer.end(true);
    expect(valuesOf(await fetchAll(topic))).toEqual(['a', 'b']);
  });

  it('bumps its epoch in an open transaction: it is aborted first', async () => {
    const topic = await broker.createTopic();
    const producer = await TransactionalProducer.start(protocol);
    await producer.write(topic, ['a']);
    const before = producer.identity;
    const request = { transactionalId: producer.transactionalId, transactionTimeoutMs: 60_000, ...before };
    const first = await producer.coordinator.send(apis.initProducerId, 5, request);
    expect(first.errorCode).toBe(code.concurrentTransactions);
    await producer.settled();
    const again = await producer.coordinator.send(apis.initProducerId, 5, request);
    // With protocol 2 the broker knows the producer by its last epoch. That was the broker's own protocol here, whatever the client's is.
    expect(again).toMatchObject({ errorCode: code.none, producerId: before.producerId, producerEpoch: before.producerEpoch + 1 });
    expect((await fetchAll(topic)).abortedTransactions).toHaveLength(1);
  });

  it('is left alone by a request of a stranger', async () => {
    const topic = await broker.createTopic();
    const producer = await TransactionalProducer.start(protocol);
    await producer.write(topic, ['a']);
    const { transactionalId, identity, coordinator } = producer;
    const stranger = { transactionalId, transactionTimeoutMs: 60_000, producerId: identity.producerId + 1_000_000, producerEpoch: 0 };
    expect((await coordinator.send(apis.initProducerId, 4, stranger)).errorCode).toBe(code.producerFenced);
    expect((await coordinator.send(apis.initProducerId, 3, stranger)).errorCode).toBe(code.invalidProducerEpoch);
    await producer.end(true);
    expect(valuesOf(await fetchAll(topic))).toEqual(['a']);
  });

  it('P21: is too late when its transaction’s time is over (KIP-588)', async () => {
    const topic = await broker.createTopic();
    const producer = await TransactionalProducer.start(protocol, { timeoutMs: 3000 });
    await producer.write(topic, ['a']);
    const { producerId, producerEpoch } = producer.identity;
    await until('the transaction is aborted', async () => (await producer.describe()).transactionState === 'CompleteAbort');
    expect(await producer.describe()).toMatchObject({ producerId, producerEpoch: producerEpoch + 1, topics: [] });
    expect(await lastStableOffset(topic)).toBe(2);
    expect((await producer.produce(topic, ['b'])).errorCode).toBe(code.invalidProducerEpoch);
    expect((await producer.tryEnd(true)).errorCode).toBe(protocol === 2 ? code.invalidTxnState : code.producerFenced);
    if (protocol === 2) {
      // The abort that it sends when it notices is taken for one that it sent before, and tells the epoch.
      expect(await producer.tryEnd(false)).toMatchObject({ errorCode: code.none, producerId, producerEpoch: producerEpoch + 1 });
    } else {
      expect((await producer.tryEnd(false)).errorCode).toBe(code.producerFenced);
      await producer.initialize(producer.identity);
    }
    expect(producer.identity).toEqual({ producerId, producerEpoch: producerEpoch + 1 });
    await producer.write(topic, ['c']);
    expect((await producer.tryEnd(true)).errorCode).toBe(code.none);
    await until('the marker is there', async () => (await lastStableOffset(topic)) === 4);
  });
});

describe('from one protocol to the other', () => {
  it('a producer may go on with the second, and back', async () => {
    const topic = await broker.createTopic();
    const one = await TransactionalProducer.start(1);
    await one.write(topic, ['a']);
    await one.end(true);
    const two = await TransactionalProducer.start(2, { transactionalId: one.transactionalId });
    await two.write(topic, ['b']);
    await two.end(true);
    const back = await TransactionalProducer.start(1, { transactionalId: one.transactionalId });
    expect(back.identity).toEqual({ producerId: one.identity.producerId, producerEpoch: two.identity.producerEpoch + 1 });
    await back.write(topic, ['c']);
    await back.end(true);
    expect(valuesOf(await fetchAll(topic))).toEqual(['a', 'b', 'c']);
  });

  it('what was begun by the first is ended by the second', async () => {
    const topic = await broker.createTopic();
    const producer = await TransactionalProducer.start(1);
    await producer.write(topic, ['a']);
    const { producerEpoch } = producer.identity;
    expect(await producer.tryEnd(true, 5)).toMatchObject({ errorCode: code.none, producerEpoch: producerEpoch + 1 });
    await producer.settled();
    expect(valuesOf(await fetchAll(topic))).toEqual(['a']);
  });
});
