import { BalancedConsumer } from '@tskafka/consumer';
import { deleteGroups, groupOffsets, type KafkaClient, listGroups } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient, values, write } from '../consumer/fixture.ts';
import { commit } from '../requests.ts';
import { TransactionalProducer } from '../transactions/transactional-producer.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

async function committedBefore(group: string, offset: number): Promise<string> {
  const topic = await broker.createTopic({ partitions: 2 });
  await write(topic, values(0, 5), 0);
  const wire = await broker.coordinatorWire(group);
  expect(await commit(wire, 7, group, topic, offset)).toBe(0);
  wire.close();
  return topic.name;
}

describe('groups of a cluster', () => {
  it('are listed with their type and state', async () => {
    const kept = broker.freshName('kept');
    const topic = await committedBefore(kept, 1);
    const [classic, consumer] = [broker.freshName('classic'), broker.freshName('consumer')];
    await using one = await BalancedConsumer.start(client.topic(topic), { consumerGroup: classic, groupProtocol: 'classic' });
    await using other = await BalancedConsumer.start(client.topic(topic), { consumerGroup: consumer, groupProtocol: 'consumer' });
    expect([one.assignment.length, other.assignment.length]).toEqual([2, 2]);
    const listed = new Map((await listGroups(client)).groups.map((group) => [group.group, group]));
    expect(listed.get(kept)).toMatchObject({ state: 'Empty', type: 'classic' });
    expect(listed.get(classic)).toMatchObject({ protocolType: 'consumer', state: 'Stable', type: 'classic' });
    expect(listed.get(consumer)).toMatchObject({ protocolType: 'consumer', type: 'consumer' });
  });

  it('have come so far, and lag so much', async () => {
    const group = broker.freshName('group');
    const topic = await committedBefore(group, 3);
    expect(await groupOffsets(client, group)).toEqual([expect.objectContaining({ topic, partition: 0, offset: 3, end: 5, lag: 2 })]);
    expect(await groupOffsets(client, broker.freshName('none'))).toEqual([]);
  });

  it('tell what is committed without waiting for a transaction that is open', async () => {
    const group = broker.freshName('group');
    const topic = await committedBefore(group, 3);
    const producer = await TransactionalProducer.start(2);
    expect(await producer.commitOffset(group, { name: topic, id: '' }, 4)).toBe(0);
    expect(await groupOffsets(client, group, { timeoutMs: 5000 })).toEqual([expect.objectContaining({ topic, offset: 3 })]);
    await producer.end(false);
  });

  it('are deleted when they have no members, each for itself', async () => {
    const [empty, busy] = [broker.freshName('empty'), broker.freshName('busy')];
    const topic = await committedBefore(empty, 1);
    await using _member = await BalancedConsumer.start(client.topic(topic), { consumerGroup: busy });
    const results = await deleteGroups(client, [empty, busy]);
    expect(results.get(empty)).toBeUndefined();
    expect(results.get(busy)).toMatchObject({ errorName: 'NON_EMPTY_GROUP' });
    expect(await groupOffsets(client, empty)).toEqual([]);
  });
});
