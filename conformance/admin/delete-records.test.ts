import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues, fetchFrom, offsetAt, valuesOf } from '../requests.ts';
import { versionsOf } from '../versions.ts';
import type { Wire } from '../wire.ts';

afterAll(() => broker.closeWires());

describe.each(versionsOf(apis.deleteRecords))('DeleteRecords version %i', (version) => {
  const remove = async (wire: Wire, name: string, partitionIndex: number, offset: number) => {
    const topics = [{ name, partitions: [{ partitionIndex, offset }] }];
    const answer = await wire.send(apis.deleteRecords, version, { topics, timeoutMs: 10_000 });
    return answer.topics[0]!.partitions[0]!;
  };
  const topicOf = async (...values: string[]): Promise<readonly [TestTopic, Wire]> => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    const leader = await broker.leaderWire(topic);
    for (const value of values) await append(leader, topic, batchOfValues(value));
    return [topic, leader];
  };

  it('removes what precedes an offset, or all', async () => {
    const [topic, leader] = await topicOf('a', 'b', 'c');
    expect(await remove(leader, topic.name, 0, 1)).toMatchObject({ partitionIndex: 0, errorCode: code.none, lowWatermark: 1 });
    expect(await offsetAt(leader, 7, topic, -2)).toMatchObject({ offset: 1 });
    expect(valuesOf(await fetchFrom(leader, 12, topic, 1))).toEqual(['b', 'c']);
    expect(await fetchFrom(leader, 12, topic, 0)).toMatchObject({ errorCode: code.offsetOutOfRange });
    expect(await remove(leader, topic.name, 0, 0)).toMatchObject({ errorCode: code.none, lowWatermark: 1 });
    expect(await remove(leader, topic.name, 0, -1)).toMatchObject({ errorCode: code.none, lowWatermark: 3 });
  });

  it('removes the beginning of a batch, which is still delivered whole', async () => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    const leader = await broker.leaderWire(topic);
    await append(leader, topic, batchOfValues('a', 'b', 'c'));
    expect(await remove(leader, topic.name, 0, 2)).toMatchObject({ errorCode: code.none, lowWatermark: 2 });
    expect(await offsetAt(leader, 7, topic, -2)).toMatchObject({ offset: 2 });
    expect(valuesOf(await fetchFrom(leader, 12, topic, 2))).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['an offset behind the end', 2],
    ['a negative offset', -2],
  ])('refuses %s', async (_, offset) => {
    const [topic, leader] = await topicOf('a');
    expect(await remove(leader, topic.name, 0, offset)).toMatchObject({ errorCode: code.offsetOutOfRange, lowWatermark: -1 });
  });

  it('knows no other partitions and topics', async () => {
    const [topic, leader] = await topicOf();
    const errorCode = code.unknownTopicOrPartition;
    expect(await remove(leader, topic.name, 7, 0)).toMatchObject({ partitionIndex: 7, errorCode });
    expect(await remove(leader, broker.freshName('missing'), 0, 0)).toMatchObject({ errorCode });
  });

  it('refuses topics that are compacted and never deleted from', async () => {
    const compacted = await broker.createTopic({ assignments: [[1]], configs: { 'cleanup.policy': 'compact' } });
    const both = await broker.createTopic({ assignments: [[1]], configs: { 'cleanup.policy': 'compact,delete' } });
    expect(await remove(await broker.leaderWire(compacted), compacted.name, 0, 0)).toMatchObject({ errorCode: code.policyViolation });
    expect(await remove(await broker.leaderWire(both), both.name, 0, 0)).toMatchObject({ errorCode: code.none });
  });

  if (broker.nodes > 1)
    it('is for the leader to do', async () => {
      const topic = await broker.createTopic({ assignments: [[1, 2]] });
      await broker.leaderWire(topic);
      expect(await remove(await broker.wire(2), topic.name, 0, 0)).toMatchObject({ errorCode: code.notLeaderOrFollower });
    });
});
