import { apis } from '@tskafka/core/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { valuesOf } from '../requests.ts';
import { versionsOf } from '../versions.ts';
import type { Wire } from '../wire.ts';
import { fetchAll, lastStableOffset, type Protocol, TransactionalProducer } from './transactional-producer.ts';

/**
 * How an administrator gets rid of a transaction that hangs in a partition (KIP-664). Here the coordinator still has it: the partition
 * cannot tell.
 */

afterAll(() => broker.closeWires());

interface Marker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch?: number;
  readonly committed?: boolean;
  readonly transactionVersion?: number;
}

async function write(wire: Wire, version: number, topic: Pick<TestTopic, 'name'>, marker: Marker, partition = 0): Promise<number> {
  const { committed = false, coordinatorEpoch = 0, transactionVersion, ...producer } = marker;
  const topics = [{ name: topic.name, partitionIndexes: [partition] }];
  const versioned = version >= 2 && transactionVersion !== undefined ? { transactionVersion } : {};
  const markers = [{ ...producer, transactionResult: committed, coordinatorEpoch, topics, ...versioned }];
  const answer = await wire.send(apis.writeTxnMarkers, version, { markers });
  expect(answer.markers.map(({ producerId }) => producerId)).toEqual([producer.producerId]);
  return answer.markers[0]!.topics[0]!.partitions[0]!.errorCode;
}

describe.each(versionsOf(apis.writeTxnMarkers))('WriteTxnMarkers version %i', (version) => {
  async function scene(protocol: Protocol) {
    const topic = await broker.createTopic({ partitions: 1 });
    const producer = await TransactionalProducer.start(protocol);
    await producer.initialize(); // epoch 1
    await producer.write(topic, ['a']);
    return { topic, producer, leader: await producer.leaderOf(topic) };
  }

  it.each([
    ['aborts', false, []],
    ['commits', true, ['a']],
  ] as const)('%s a transaction in one partition', async (_what, committed, values) => {
    const { topic, producer, leader } = await scene(1);
    expect(await write(leader, version, topic, { ...producer.identity, committed })).toBe(code.none);
    expect(await lastStableOffset(topic)).toBe(2);
    const { abortedTransactions, ...fetched } = await fetchAll(topic);
    expect(abortedTransactions).toHaveLength(committed ? 0 : 1);
    if (committed) expect(valuesOf(fetched as Parameters<typeof valuesOf>[0])).toEqual(values);
    // The coordinator does not know of it, and ends it once more.
    expect((await producer.describe()).transactionState).toBe('Ongoing');
    await producer.end(true);
    expect(await lastStableOffset(topic)).toBe(3);
  });

  it('refuses an epoch that is too old', async () => {
    const { topic, producer, leader } = await scene(1);
    expect(await write(leader, version, topic, { ...producer.identity, producerEpoch: 0 })).toBe(code.invalidProducerEpoch);
    expect(await lastStableOffset(topic)).toBe(0);
    await producer.end(false);
  });

  it('refuses a coordinator that another one has followed', async () => {
    const { topic, producer, leader } = await scene(1);
    const { identity } = producer;
    expect(await write(leader, version, topic, { ...identity, coordinatorEpoch: 1000 })).toBe(code.none);
    expect(await write(leader, version, topic, { ...identity, coordinatorEpoch: 999 })).toBe(code.transactionCoordinatorFenced);
    expect(await write(leader, version, topic, { ...identity, coordinatorEpoch: 1000 })).toBe(code.none);
    // The coordinator itself is fenced here now: its transaction stays prepared, until it would be loaded anew.
  });

  if (version >= 2)
    it('wants a higher epoch for the second protocol, and takes the same marker again (KIP-890)', async () => {
      const { topic, producer, leader } = await scene(2);
      const { producerId, producerEpoch } = producer.identity;
      const bumped = { producerId, producerEpoch: producerEpoch + 1, transactionVersion: 2 };
      expect(await write(leader, version, topic, { producerId, producerEpoch, transactionVersion: 2 })).toBe(code.invalidProducerEpoch);
      expect(await write(leader, version, topic, bumped)).toBe(code.none);
      expect(await write(leader, version, topic, bumped)).toBe(code.none);
      expect(await write(leader, version, topic, { producerId, producerEpoch, transactionVersion: 2 })).toBe(code.invalidProducerEpoch);
      await producer.end(false);
    });

  it('writes a marker of a producer that is unknown, which ends nothing', async () => {
    const topic = await broker.createTopic();
    const leader = await broker.leaderWire(topic);
    expect(await write(leader, version, topic, { producerId: 1_000_000_000, producerEpoch: 3 })).toBe(code.none);
    expect(await fetchAll(topic)).toMatchObject({ highWatermark: 1, lastStableOffset: 1, abortedTransactions: [] });
  });

  it('ends the transaction of offsets in their partition', async () => {
    const producer = await TransactionalProducer.start(1);
    const group = broker.freshName('group');
    const topic = await broker.createTopic();
    await producer.addOffsets(group);
    expect(await producer.commitOffset(group, topic, 5)).toBe(code.none);
    const [offsets] = (await producer.describe()).topics;
    const partition = offsets!.partitions[0]!;
    const coordinator = await broker.coordinatorWire(group);
    const marker = { ...producer.identity, committed: true };
    expect(await write(coordinator, version, { name: '__consumer_offsets' }, marker, partition)).toBe(code.none);
    const topics = [{ name: topic.name, partitionIndexes: [0] }];
    const { groups } = await coordinator.send(apis.offsetFetch, 9, { groups: [{ groupId: group, topics }], requireStable: true });
    expect(groups[0]!.topics[0]!.partitions[0]).toMatchObject({ errorCode: code.none, committedOffset: 5 });
    await producer.end(false);
  });

  it('refuses partitions that are not there', async () => {
    const topic = await broker.createTopic({ partitions: 1 });
    const leader = await broker.leaderWire(topic);
    const marker = { producerId: 1_000_000_000, producerEpoch: 3 };
    expect(await write(leader, version, topic, marker, 9)).toBe(code.unknownTopicOrPartition);
    expect(await write(leader, version, { name: broker.freshName('none') }, marker)).toBe(code.unknownTopicOrPartition);
  });

  if (broker.nodes > 1)
    it('is the leader’s to write', async () => {
      const topic = await broker.createTopic({ assignments: [[1, 2]] });
      const marker = { producerId: 1_000_000_000, producerEpoch: 3 };
      expect(await write(await broker.wire(2), version, topic, marker)).toBe(code.notLeaderOrFollower);
      expect(await write(await broker.wire(3), version, topic, marker)).toBe(code.unknownTopicOrPartition);
    });

  it('answers an empty request', async () => {
    const wire = await broker.wire();
    expect(await wire.send(apis.writeTxnMarkers, version, { markers: [] })).toEqual({ markers: [] });
  });
});
