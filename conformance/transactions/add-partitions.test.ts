import { apis } from '@tskafka/core/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';
import { type Adding, addPartitions, type Identity, TransactionalProducer } from './transactional-producer.ts';

const topic = await broker.createTopic({ partitions: 3 });
afterAll(() => broker.closeWires());

const changed = (producer: TransactionalProducer, changes: Partial<Identity & { transactionalId: string }>): Adding => ({
  transactionalId: changes.transactionalId ?? producer.transactionalId,
  identity: { ...producer.identity, ...changes },
});

describe.each(versionsOf(apis.addPartitionsToTxn))('AddPartitionsToTxn version %i', (version) => {
  it('begins a transaction, and adds to it', async () => {
    const producer = await TransactionalProducer.start(1);
    const { coordinator } = producer;
    expect(await addPartitions(coordinator, version, producer, topic, [0, 1])).toEqual([code.none, code.none]);
    expect(await addPartitions(coordinator, version, producer, topic, [1, 2])).toEqual([code.none, code.none]);
    const { topics, ...state } = await producer.describe();
    expect(state).toMatchObject({ errorCode: 0, transactionState: 'Ongoing', transactionTimeoutMs: 60_000, ...producer.identity });
    expect(topics.map(({ topic: name, partitions }) => [name, partitions.toSorted()])).toEqual([[topic.name, [0, 1, 2]]]);
    await producer.end(false);
  });

  it('adds nothing when one partition is unknown', async () => {
    const producer = await TransactionalProducer.start(1);
    const answer = await addPartitions(producer.coordinator, version, producer, topic, [0, 9]);
    expect(answer).toEqual([code.operationNotAttempted, code.unknownTopicOrPartition]);
    const unknown = await addPartitions(producer.coordinator, version, producer, { name: broker.freshName('none') }, [0]);
    expect(unknown).toEqual([code.unknownTopicOrPartition]);
    expect((await producer.describe()).transactionState).toBe('Empty');
  });

  const fenced = version >= 2 ? code.producerFenced : code.invalidProducerEpoch;
  it.each<[string, Partial<Identity & { transactionalId: string }>, number]>([
    ['an empty transactional id', { transactionalId: '' }, code.invalidRequest],
    ['another producer id', { producerId: 1_000_000_000 }, code.invalidProducerIdMapping],
    ['an old epoch', { producerEpoch: 0 }, fenced],
    ['an epoch of the future', { producerEpoch: 9 }, fenced],
  ])('refuses %s', async (_what, changes, errorCode) => {
    const producer = await TransactionalProducer.start(1);
    await producer.initialize();
    const answer = await addPartitions(producer.coordinator, version, changed(producer, changes), topic, [0, 1]);
    // An empty id belongs to a coordinator too, but nobody looks for it.
    expect(answer).toEqual([errorCode, errorCode]);
    expect((await producer.describe()).transactionState).toBe('Empty');
  });

  it('does not know a transactional id that was never initialized', async () => {
    const transactionalId = broker.freshName('unknown');
    const coordinator = await broker.coordinatorWire(transactionalId, 'transaction');
    const who = { transactionalId, identity: { producerId: 1, producerEpoch: 0 } };
    expect(await addPartitions(coordinator, version, who, topic, [0])).toEqual([code.invalidProducerIdMapping]);
  });

  if (broker.nodes > 1)
    it('is the coordinator’s to answer', async () => {
      const producer = await TransactionalProducer.start(1);
      const found = await producer.coordinator.send(apis.findCoordinator, 2, { key: producer.transactionalId, keyType: 1 });
      const other = await broker.wire((found.nodeId % broker.nodes) + 1);
      expect(await addPartitions(other, version, producer, topic, [0])).toEqual([code.notCoordinator]);
    });

  if (version >= 4) {
    it('asks only, and adds nothing', async () => {
      const producer = await TransactionalProducer.start(1);
      await producer.add(topic, 0);
      const verify = (who: Adding) => addPartitions(producer.coordinator, version, who, topic, [0, 1], true);
      expect(await verify(producer)).toEqual([code.none, code.transactionAbortable]);
      expect(await verify(changed(producer, { producerEpoch: 9 }))).toEqual([code.producerFenced, code.producerFenced]);
      expect(await verify(changed(producer, { producerId: 1_000_000_000 }))).toEqual([
        code.invalidProducerIdMapping,
        code.invalidProducerIdMapping,
      ]);
      await producer.end(true);
      expect(await verify(producer)).toEqual([code.transactionAbortable, code.transactionAbortable]);
    });

    it('answers for several transactions, each by itself', async () => {
      const one = await TransactionalProducer.start(1);
      const transactions = [
        { transactionalId: one.transactionalId, ...one.identity, topics: [{ name: topic.name, partitions: [0] }] },
        { transactionalId: '', producerId: 1, producerEpoch: 0, topics: [{ name: topic.name, partitions: [1] }] },
        { transactionalId: one.transactionalId + '-2', producerId: 1, producerEpoch: 0, topics: [{ name: 'none', partitions: [1] }] },
      ];
      const { errorCode, resultsByTransaction } = await one.coordinator.send(apis.addPartitionsToTxn, version, { transactions });
      expect(errorCode).toBe(0);
      const codes = resultsByTransaction.map(({ transactionalId, topicResults }) => [
        transactionalId,
        topicResults[0]!.resultsByPartition[0]!.partitionErrorCode,
      ]);
      expect(new Map(codes as [string, number][])).toEqual(
        new Map([
          [one.transactionalId, code.none],
          ['', code.invalidRequest],
          [one.transactionalId + '-2', code.unknownTopicOrPartition],
        ]),
      );
      await one.end(false);
    });
  }
});
