import { apis } from '@tskafka/core/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { commit } from '../requests.ts';
import { versionsOf } from '../versions.ts';
import { type OffsetFields, type Protocol, stableOffset, TransactionalProducer, visibleOffset } from './transactional-producer.ts';

const topic = await broker.createTopic({ partitions: 2 });
afterAll(() => broker.closeWires());

const unstable = `error ${code.unstableOffsetCommit}`;

async function scene(protocol: Protocol) {
  const group = broker.freshName('group');
  const producer = await TransactionalProducer.start(protocol);
  if (protocol === 1) expect(await producer.addOffsets(group)).toBe(code.none);
  return { group, producer };
}

describe.each(versionsOf(apis.addOffsetsToTxn))('AddOffsetsToTxn version %i', (version) => {
  it('adds the group’s partition of the internal topic', async () => {
    const producer = await TransactionalProducer.start(1);
    expect(await producer.addOffsets(broker.freshName('group'), version)).toBe(code.none);
    const { transactionState, topics } = await producer.describe();
    expect(transactionState).toBe('Ongoing');
    expect(topics).toMatchObject([{ topic: '__consumer_offsets' }]);
    expect(topics[0]!.partitions).toHaveLength(1);
    await producer.end(false);
  });

  const fenced = version >= 2 ? code.producerFenced : code.invalidProducerEpoch;
  it.each<[string, object, number]>([
    ['an empty transactional id', { transactionalId: '' }, code.invalidRequest],
    ['another producer id', { producerId: 1_000_000_000 }, code.invalidProducerIdMapping],
    ['an old epoch', { producerEpoch: 0 }, fenced],
  ])('refuses %s', async (_what, changes, errorCode) => {
    const producer = await TransactionalProducer.start(1);
    await producer.initialize();
    const request = { transactionalId: producer.transactionalId, ...producer.identity, groupId: 'g', ...changes };
    expect(await producer.coordinator.send(apis.addOffsetsToTxn, version, request)).toMatchObject({ errorCode });
  });
});

describe.each(versionsOf(apis.txnOffsetCommit))('TxnOffsetCommit version %i', (version) => {
  const protocol: Protocol = version >= 5 ? 2 : 1;

  it('an offset is there with the commit, and unstable until then (KIP-447)', async () => {
    const { group, producer } = await scene(protocol);
    expect(await producer.commitOffset(group, topic, 5, { version })).toBe(code.none);
    expect([await visibleOffset(group, topic), await stableOffset(group, topic)]).toEqual([-1, unstable]);
    await producer.end(true);
    expect([await visibleOffset(group, topic), await stableOffset(group, topic)]).toEqual([5, 5]);
  });

  it('an offset never was with the abort', async () => {
    const { group, producer } = await scene(protocol);
    await producer.commitOffset(group, topic, 5, { version });
    await producer.end(false);
    expect(await stableOffset(group, topic)).toBe(-1);
  });

  it('the later commit counts, in a transaction or not', async () => {
    const { group, producer } = await scene(protocol);
    const coordinator = await broker.coordinatorWire(group);
    expect(await commit(coordinator, 7, group, topic, 3)).toBe(code.none);
    await producer.commitOffset(group, topic, 5, { version });
    expect([await visibleOffset(group, topic), await stableOffset(group, topic)]).toEqual([3, unstable]);
    expect(await commit(coordinator, 7, group, topic, 4)).toBe(code.none);
    await producer.end(true);
    expect(await stableOffset(group, topic)).toBe(4);
  });

  if (protocol === 1)
    it('needs the group’s offsets in the transaction', async () => {
      const group = broker.freshName('group');
      const producer = await TransactionalProducer.start(1);
      const error = version >= 4 ? code.transactionAbortable : code.invalidTxnState;
      expect(await producer.commitOffset(group, topic, 5, { version })).toBe(error);
    });
  else
    it('adds the group’s offsets to the transaction', async () => {
      const { group, producer } = await scene(2);
      await producer.commitOffset(group, topic, 5, { version });
      expect(await producer.describe()).toMatchObject({ transactionState: 'Ongoing', topics: [{ topic: '__consumer_offsets' }] });
      await producer.end(false);
    });

  it.each<[string, { producerId?: number; producerEpoch?: number }, number]>([
    ['another producer id', { producerId: 1_000_000_000 }, code.invalidProducerIdMapping],
    ['an old epoch', { producerEpoch: 0 }, code.invalidProducerEpoch],
    ['an epoch of the future', { producerEpoch: 9 }, code.invalidProducerEpoch],
  ])('refuses %s', async (_what, changes, errorCode) => {
    const producer = await TransactionalProducer.start(protocol);
    await producer.initialize();
    const group = broker.freshName('group');
    if (protocol === 1) await producer.addOffsets(group);
    producer.identity = { ...producer.identity, ...changes };
    expect(await producer.commitOffset(group, topic, 5, { version })).toBe(errorCode);
  });

  it('refuses a topic or partition that is not there, and takes the others', async () => {
    const { group, producer } = await scene(protocol);
    expect(await producer.commitOffset(group, topic, 5, { version, partition: 9 })).toBe(code.unknownTopicOrPartition);
    expect(await producer.commitOffset(group, { name: 'none', id: '' }, 5, { version })).toBe(code.unknownTopicOrPartition);
    expect(await producer.commitOffset(group, topic, 5, { version, metadata: 'x'.repeat(5000) })).toBe(code.offsetMetadataTooLarge);
    expect(await producer.commitOffset(group, topic, 5, { version, metadata: null })).toBe(code.none);
    await producer.end(true);
    expect(await stableOffset(group, topic)).toBe(5);
  });

  if (version >= 3)
    it.each<[string, OffsetFields, before: number, after: number]>([
      ['a generation', { generationId: 1, memberId: 'm' }, code.illegalGeneration, code.unknownMemberId],
      ['a member without a generation', { memberId: 'm' }, code.none, code.none],
    ])('%s of a group without members', async (_what, fields, before, after) => {
      const { group, producer } = await scene(protocol);
      expect(await producer.commitOffset(group, topic, 5, { version, ...fields })).toBe(before);
      expect(await producer.commitOffset(group, topic, 5, { version })).toBe(code.none);
      expect(await producer.commitOffset(group, topic, 5, { version, ...fields })).toBe(after);
      await producer.end(false);
    });

  it('refuses a group without a name', async () => {
    const producer = await TransactionalProducer.start(protocol);
    const wire = await broker.coordinatorWire('');
    const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }];
    const request = {
      transactionalId: producer.transactionalId,
      ...producer.identity,
      groupId: '',
      topics: [{ name: topic.name, partitions }],
    };
    const answer = await wire.send(apis.txnOffsetCommit, version, request);
    expect(answer.topics[0]!.partitions[0]!.errorCode).toBe(code.invalidGroupId);
  });
});

describe('offsets of several groups and producers', () => {
  it.each<Protocol>([1, 2])('hold or fall with their own transaction (protocol %i)', async (protocol) => {
    const { group, producer: one } = await scene(protocol);
    const other = broker.freshName('group');
    const two = await TransactionalProducer.start(protocol);
    if (protocol === 1) {
      await one.addOffsets(other);
      await two.addOffsets(group);
    }
    await one.commitOffset(group, topic, 5);
    await one.commitOffset(other, topic, 6);
    await two.commitOffset(group, topic, 7);
    await one.end(true);
    expect([await stableOffset(other, topic), await stableOffset(group, topic), await visibleOffset(group, topic)]).toEqual([
      6,
      unstable,
      5,
    ]);
    await two.end(false);
    expect(await stableOffset(group, topic)).toBe(5);
  });

  it('are all told when all are asked for', async () => {
    const { group, producer } = await scene(2);
    const coordinator = await broker.coordinatorWire(group);
    await commit(coordinator, 7, group, topic, 3);
    await commit(coordinator, 7, group, topic, 4, { partition: 1 });
    await producer.commitOffset(group, topic, 5);
    const { groups } = await coordinator.send(apis.offsetFetch, 9, { groups: [{ groupId: group, topics: null }], requireStable: true });
    const told = groups[0]!.topics[0]!.partitions.map(({ partitionIndex, errorCode, committedOffset }) => [
      ...[partitionIndex, errorCode, committedOffset],
    ]);
    expect(told.toSorted()).toEqual([
      [0, code.unstableOffsetCommit, -1],
      [1, code.none, 4],
    ]);
    await producer.end(true);
  });

  it('a deleted offset does not come back with the commit', async () => {
    const { group, producer } = await scene(2);
    await producer.commitOffset(group, topic, 5);
    const coordinator = await broker.coordinatorWire(group);
    const topics = [{ name: topic.name, partitions: [{ partitionIndex: 0 }] }];
    const deleted = await coordinator.send(apis.offsetDelete, 0, { groupId: group, topics });
    expect(deleted).toMatchObject({ errorCode: code.none, topics: [{ partitions: [{ errorCode: code.none }] }] });
    await producer.end(true);
    expect(await stableOffset(group, topic)).toBe(-1);
  });
});
