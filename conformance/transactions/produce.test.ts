import { apis } from '@tskafka/core/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { batchOf, type ProduceFields, produceTo, valuesOf } from '../requests.ts';
import { versionsOf } from '../versions.ts';
import { fetchAll, type Identity, lastStableOffset, type Protocol, TransactionalProducer } from './transactional-producer.ts';

afterAll(() => broker.closeWires());

const batch = (values: string[], fields: Partial<Identity> & { baseSequence?: number; isTransactional?: boolean } = {}) =>
  batchOf(
    values.map((value) => ({ value })),
    { baseSequence: 0, isTransactional: true, ...fields },
  );

/** Producing as one likes, to a topic of its own. */
async function scene(protocol: Protocol) {
  const topic = await broker.createTopic({ partitions: 2 });
  const producer = await TransactionalProducer.start(protocol);
  const leader = await producer.leaderOf(topic);
  const { transactionalId } = producer;
  const send = (version: number, records: Buffer, fields: ProduceFields = {}) =>
    produceTo(leader, version, topic, records, { transactionalId, ...fields });
  return { topic, producer, leader, send };
}

const values = async (topic: TestTopic) => valuesOf(await fetchAll(topic, { readCommitted: false }));

describe.each(versionsOf(apis.produce).filter((version) => version >= 3))('Produce version %i in a transaction', (version) => {
  const protocol: Protocol = version >= 12 ? 2 : 1;

  it('appends, in sequence, and a batch again only once', async () => {
    const { topic, producer, send } = await scene(protocol);
    if (protocol === 1) await producer.add(topic, 0);
    for (const _again of [1, 2]) {
      const answer = await send(version, batch(['a', 'b'], producer.identity));
      expect(answer).toMatchObject({ errorCode: code.none, baseOffset: 0 });
    }
    const gap = await send(version, batch(['d'], { ...producer.identity, baseSequence: 3 }));
    expect(gap).toMatchObject({ errorCode: code.outOfOrderSequence });
    const next = await send(version, batch(['c'], { ...producer.identity, baseSequence: 2 }));
    expect(next).toMatchObject({ errorCode: code.none, baseOffset: 2 });
    expect(await values(topic)).toEqual(['a', 'b', 'c']);
    await producer.end(false);
  });

  if (version < 12) {
    it('P28: does not append to a partition that was not added (KIP-890)', async () => {
      const { topic, producer, send } = await scene(protocol);
      const error = version >= 11 ? code.transactionAbortable : code.invalidTxnState;
      expect(await send(version, batch(['a'], producer.identity))).toMatchObject({ errorCode: error, baseOffset: -1 });
      await producer.add(topic, 1);
      expect((await send(version, batch(['a'], producer.identity))).errorCode).toBe(error);
      await producer.add(topic, 0);
      expect((await send(version, batch(['a'], producer.identity))).errorCode).toBe(code.none);
      await producer.end(true);
      // The transaction is over, and the next one does not have it.
      expect((await send(version, batch(['b'], { ...producer.identity, baseSequence: 1 }))).errorCode).toBe(error);
      expect(await values(topic)).toEqual(['a']);
    });
  } else {
    it('adds the partition to the transaction', async () => {
      const { topic, producer, send } = await scene(protocol);
      expect((await send(version, batch(['a'], producer.identity))).errorCode).toBe(code.none);
      const { transactionState, topics } = await producer.describe();
      expect([transactionState, topics]).toEqual(['Ongoing', [{ topic: topic.name, partitions: [0] }]]);
      await producer.end(true);
      const old = { producerEpoch: producer.identity.producerEpoch - 1, producerId: producer.identity.producerId };
      expect((await send(version, batch(['b'], { ...old, baseSequence: 1 }))).errorCode).toBe(code.invalidProducerEpoch);
      expect((await send(version, batch(['c'], producer.identity))).errorCode).toBe(code.none);
      await producer.end(true);
      expect(await values(topic)).toEqual(['a', 'c']);
    });

    it('begins each transaction at sequence 0', async () => {
      const { producer, send } = await scene(protocol);
      expect((await send(version, batch(['a'], { ...producer.identity, baseSequence: 5 }))).errorCode).toBe(code.outOfOrderSequence);
      expect((await send(version, batch(['a'], producer.identity))).errorCode).toBe(code.none);
      await producer.end(false);
    });
  }

  it.each<[string, (producer: TransactionalProducer) => [Partial<Identity>, ProduceFields?], number]>([
    ['an old epoch', () => [{ producerEpoch: 0 }], code.invalidProducerEpoch],
    ['an epoch of the future', () => [{ producerEpoch: 9 }], code.invalidProducerEpoch],
    ['another producer id', () => [{ producerId: 1_000_000_000 }], code.invalidProducerIdMapping],
    ['a transactional id that nobody has', () => [{}, { transactionalId: broker.freshName('none') }], code.invalidProducerIdMapping],
    ['an empty transactional id', () => [{}, { transactionalId: '' }], code.invalidRequest],
  ])('refuses %s', async (_what, changes, errorCode) => {
    const { topic, producer, send } = await scene(protocol);
    await producer.initialize();
    if (protocol === 1) await producer.add(topic, 0);
    const [identity, fields] = changes(producer);
    expect(await send(version, batch(['a'], { ...producer.identity, ...identity }), fields)).toMatchObject({ errorCode, baseOffset: -1 });
    expect(await values(topic)).toEqual([]);
  });

  it('refuses whoever does not say its transactional id', async () => {
    const { producer, leader, topic } = await scene(protocol);
    const answer = await produceTo(leader, version, topic, batch(['a'], producer.identity));
    expect(answer).toMatchObject({ errorCode: code.transactionalIdAuthorizationFailed });
  });

  it('takes nothing outside of the transaction from its producer while it is open', async () => {
    const { topic, producer, send } = await scene(protocol);
    await producer.write(topic, ['a']);
    const outside = batch(['b'], { ...producer.identity, baseSequence: 1, isTransactional: false });
    expect(await send(version, outside)).toMatchObject({ errorCode: code.invalidTxnState });
    await producer.end(true);
    expect(await values(topic)).toEqual(['a']);
  });

  it('leaves alone what is not transactional', async () => {
    const { topic, producer, send } = await scene(protocol);
    const plain = await send(version, batchOf([{ value: 'plain' }]));
    const idempotent = await send(version, batch(['idempotent'], { ...producer.identity, isTransactional: false }));
    expect([plain.errorCode, idempotent.errorCode]).toEqual([code.none, code.none]);
    expect([await lastStableOffset(topic), (await producer.describe()).transactionState]).toEqual([2, 'Empty']);
  });
});

describe('two partitions in one request', () => {
  it.each<[Protocol, number]>([
    [1, 11],
    [2, 12],
  ])('protocol %i', async (protocol, version) => {
    const topic = await broker.createTopic({ assignments: [[1], [1]] });
    const producer = await TransactionalProducer.start(protocol);
    const leader = await producer.leaderOf(topic);
    // The node hears of each partition by itself.
    await producer.leaderOf(topic, 1);
    if (protocol === 1) await producer.add(topic, 0);
    const partitionData = [0, 1].map((index) => ({ index, records: batch([`p${index}`], producer.identity) }));
    const answer = await leader.send(apis.produce, version, {
      ...{ transactionalId: producer.transactionalId, acks: -1, timeoutMs: 10_000 },
      topicData: [{ name: topic.name, partitionData }],
    });
    const codes = answer.responses[0]!.partitionResponses.toSorted((a, b) => a.index - b.index).map(({ errorCode }) => errorCode);
    expect(codes).toEqual(protocol === 1 ? [code.none, code.transactionAbortable] : [code.none, code.none]);
    await producer.end(true);
  });

  it('of two producers are refused', async () => {
    const topic = await broker.createTopic({ assignments: [[1], [1]] });
    const producer = await TransactionalProducer.start(2);
    const leader = await producer.leaderOf(topic);
    // The node hears of each partition by itself.
    await producer.leaderOf(topic, 1);
    const { producerId, producerEpoch } = producer.identity;
    const partitionData = [0, 1].map((index) => ({ index, records: batch(['x'], { producerId: producerId + index, producerEpoch }) }));
    const answer = await leader.send(apis.produce, 12, {
      ...{ transactionalId: producer.transactionalId, acks: -1, timeoutMs: 10_000 },
      topicData: [{ name: topic.name, partitionData }],
    });
    const codes = answer.responses[0]!.partitionResponses.map(({ errorCode }) => errorCode);
    expect(codes).toEqual([code.invalidProducerIdMapping, code.invalidProducerIdMapping]);
  });
});
