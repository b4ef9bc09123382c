import { apis, decompressSync, readBatches, readRecords } from '@tskafka/core/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { valuesOf } from '../requests.ts';
import { versionsOf } from '../versions.ts';
import { fetchAll, lastStableOffset, type Protocol, TransactionalProducer } from './transactional-producer.ts';

const topic = await broker.createTopic({ partitions: 1 });
afterAll(() => broker.closeWires());

const protocols: Protocol[] = [1, 2];

async function markersOf(of: TestTopic) {
  const { records } = await fetchAll(of, { readCommitted: false });
  return readBatches(records!)
    .filter((batch) => batch.isControl)
    .map((batch) => {
      const [record] = readRecords(batch, decompressSync(batch));
      const { producerEpoch, isTransactional, baseSequence } = batch;
      return { key: record!.key!.toString('hex'), value: record!.value!, producerEpoch, isTransactional, baseSequence };
    });
}

describe.each(protocols)('a transaction of protocol %i', (protocol) => {
  it('F10: keeps what is behind its start back from who reads what is committed, until it is committed', async () => {
    const own = await broker.createTopic();
    const producer = await TransactionalProducer.start(protocol);
    await producer.write(own, ['a', 'b']);
    expect(await lastStableOffset(own)).toBe(0);
    expect(await fetchAll(own)).toMatchObject({ highWatermark: 2, lastStableOffset: 0, abortedTransactions: [] });
    expect(valuesOf(await fetchAll(own, { readCommitted: false }))).toEqual(['a', 'b']);
    await producer.end(true);
    expect(await lastStableOffset(own)).toBe(3);
    const fetched = await fetchAll(own);
    expect(fetched).toMatchObject({ highWatermark: 3, lastStableOffset: 3, abortedTransactions: [] });
    expect(valuesOf(fetched)).toEqual(['a', 'b']);
  });

  it('F9: is in the list of the aborted when it is aborted', async () => {
    const own = await broker.createTopic();
    const producer = await TransactionalProducer.start(protocol);
    await producer.write(own, ['a']);
    await producer.end(false);
    const { producerId } = producer.identity;
    expect(await fetchAll(own)).toMatchObject({ lastStableOffset: 2, abortedTransactions: [{ producerId, firstOffset: 0 }] });
    expect((await fetchAll(own, { readCommitted: false })).abortedTransactions).toBeNull();
  });

  it.each([true, false])(
    'ends with a marker that has a version and the coordinator’s epoch as its value (commit: %s)',
    async (committed) => {
      const own = await broker.createTopic();
      const producer = await TransactionalProducer.start(protocol);
      const { producerEpoch } = producer.identity;
      await producer.write(own, ['a']);
      await producer.end(committed);
      const [marker, ...more] = await markersOf(own);
      expect(more).toEqual([]);
      expect(marker).toMatchObject({ key: committed ? '00000001' : '00000000', isTransactional: true, baseSequence: -1 });
      expect([marker!.value.length, marker!.value.readInt16BE(0)]).toEqual([6, 0]);
      expect(marker!.value.readInt32BE(2)).toBeGreaterThanOrEqual(0);
      expect(marker!.producerEpoch).toBe(protocol === 2 ? producerEpoch + 1 : producerEpoch);
    },
  );

  it('holds in all of its partitions or in none', async () => {
    const own = await broker.createTopic({ partitions: 3 });
    const producer = await TransactionalProducer.start(protocol);
    for (const partition of [0, 2]) await producer.write(own, [`p${partition}`], partition);
    await producer.end(true);
    for (const partition of [0, 2]) await producer.write(own, ['aborted'], partition);
    await producer.end(false);
    const seen = await Promise.all([0, 1, 2].map((partition) => fetchAll(own, { partition })));
    expect(seen.map(({ highWatermark }) => highWatermark)).toEqual([4, 0, 4]);
    expect(seen.map(({ abortedTransactions }) => abortedTransactions?.map(({ firstOffset }) => firstOffset))).toEqual([[2], [], [2]]);
  });
});

describe('several producers in one partition', () => {
  it('F9, F10: the oldest open transaction bounds what is stable, and each abort is listed', async () => {
    const own = await broker.createTopic();
    const [one, two, three] = await Promise.all([
      TransactionalProducer.start(1),
      TransactionalProducer.start(2),
      TransactionalProducer.start(2),
    ]);
    await one!.write(own, ['a']); // 0
    await two!.write(own, ['b']); // 1
    await three!.write(own, ['c']); // 2
    await two!.end(false); // 3
    expect(await lastStableOffset(own)).toBe(0);
    await three!.end(true); // 4
    expect(await lastStableOffset(own)).toBe(0);
    await one!.end(true); // 5
    expect(await lastStableOffset(own)).toBe(6);
    await two!.write(own, ['d']); // 6
    await one!.write(own, ['e']); // 7
    await one!.end(false); // 8
    expect(await lastStableOffset(own)).toBe(6);
    await two!.end(true);
    const { abortedTransactions } = await fetchAll(own);
    expect(abortedTransactions!.toSorted((a, b) => a.firstOffset - b.firstOffset)).toEqual([
      { producerId: two!.identity.producerId, firstOffset: 1 },
      { producerId: one!.identity.producerId, firstOffset: 7 },
    ]);
  });
});

describe.each(versionsOf(apis.endTxn))('EndTxn version %i', (version) => {
  const protocol: Protocol = version >= 5 ? 2 : 1;
  const end = async (producer: TransactionalProducer, committed: boolean, changes: object = {}) => {
    const request = { transactionalId: producer.transactionalId, ...producer.identity, committed, ...changes };
    return producer.coordinator.send(apis.endTxn, version, request);
  };
  const started = async (): Promise<TransactionalProducer> => {
    const producer = await TransactionalProducer.start(protocol);
    await producer.write(topic, ['x']);
    return producer;
  };

  it(version >= 5 ? 'bumps the epoch, and tells it' : 'tells nothing about the producer', async () => {
    const producer = await started();
    const { producerId, producerEpoch } = producer.identity;
    const answer = await producer.tryEnd(true, version);
    const bumped = { producerId, producerEpoch: producerEpoch + 1 };
    expect(answer).toMatchObject({ errorCode: code.none, ...(version >= 5 ? bumped : { producerId: -1, producerEpoch: -1 }) });
    await producer.settled();
    expect(await producer.describe()).toMatchObject({ transactionState: 'CompleteCommit', ...producer.identity, topics: [] });
  });

  it.each([
    ['commit', true],
    ['abort', false],
  ] as const)('takes the same %s again', async (_what, committed) => {
    const producer = await started();
    const { producerId, producerEpoch } = producer.identity;
    const first = await producer.tryEnd(committed, version);
    await producer.settled();
    const again = await end(producer, committed, { producerId, producerEpoch });
    expect(again).toMatchObject({ errorCode: code.none, producerId: first.producerId, producerEpoch: first.producerEpoch });
    const other = await end(producer, !committed, { producerId, producerEpoch });
    expect(other).toMatchObject({ errorCode: code.invalidTxnState, producerId: -1, producerEpoch: -1 });
  });

  it('has nothing to commit where nothing was begun', async () => {
    const producer = await TransactionalProducer.start(protocol);
    expect(await end(producer, true)).toMatchObject({ errorCode: code.invalidTxnState });
  });

  it(version >= 5 ? 'may abort where nothing was begun' : 'has nothing to abort where nothing was begun', async () => {
    const producer = await TransactionalProducer.start(protocol);
    const { producerEpoch } = producer.identity;
    const answer = await end(producer, false);
    if (version < 5) return expect(answer).toMatchObject({ errorCode: code.invalidTxnState });
    expect(answer).toMatchObject({ errorCode: code.none, producerEpoch: producerEpoch + 1 });
    await producer.settled();
    expect(await producer.describe()).toMatchObject({ transactionState: 'CompleteAbort' });
  });

  it.each<[string, (producer: TransactionalProducer) => object, number]>([
    ['an empty transactional id', () => ({ transactionalId: '' }), code.invalidRequest],
    ['another producer id', ({ identity }) => ({ producerId: identity.producerId + 1_000_000 }), code.invalidProducerIdMapping],
    ['an old epoch', () => ({ producerEpoch: 0 }), version >= 2 ? code.producerFenced : code.invalidProducerEpoch],
    ['an epoch of the future', () => ({ producerEpoch: 99 }), version >= 2 ? code.producerFenced : code.invalidProducerEpoch],
  ])('refuses %s', async (_what, changes, errorCode) => {
    const producer = await started();
    await producer.tryEnd(true);
    await producer.initialize();
    await producer.write(topic, ['y']);
    expect(await end(producer, true, changes(producer))).toMatchObject({ errorCode });
    expect((await producer.describe()).transactionState).toBe('Ongoing');
    await producer.end(false);
  });

  it('does not know a transactional id that was never initialized', async () => {
    const transactionalId = broker.freshName('unknown');
    const coordinator = await broker.coordinatorWire(transactionalId, 'transaction');
    const answer = await coordinator.send(apis.endTxn, version, { transactionalId, producerId: 1, producerEpoch: 0, committed: true });
    expect(answer).toMatchObject({ errorCode: code.invalidProducerIdMapping });
  });

  if (broker.nodes > 1)
    it('is the coordinator’s to answer', async () => {
      const producer = await started();
      const found = await producer.coordinator.send(apis.findCoordinator, 2, { key: producer.transactionalId, keyType: 1 });
      const other = await broker.wire((found.nodeId % broker.nodes) + 1);
      const request = { transactionalId: producer.transactionalId, ...producer.identity, committed: true };
      expect(await other.send(apis.endTxn, version, request)).toMatchObject({ errorCode: code.notCoordinator });
      await producer.end(false);
    });
});
