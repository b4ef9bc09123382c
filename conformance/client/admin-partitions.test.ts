import {
  alterPartitionReassignments,
  describeTopics,
  electLeaders,
  type KafkaClient,
  listPartitionReassignments,
  valuesOf,
} from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';
import { until } from '../until.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

const partitionOf = async (topic: string) => valuesOf(await describeTopics(client, [topic])).get(topic)!.partitions[0]!;

describe('alterPartitionReassignments', () => {
  it('moves partitions, and tells of each for itself why not', async () => {
    const { name } = await broker.createTopic({ assignments: [[1]] });
    const move = { topic: name, partition: 0, replicas: [broker.nodes] };
    const noBroker = { topic: name, partition: 1, replicas: [99] };
    const noTopic = { topic: broker.freshName('none'), partition: 0, replicas: [1] };
    const cancelled = { topic: (await broker.createTopic()).name, partition: 0, replicas: null };
    const results = await alterPartitionReassignments(client, [move, noBroker, noTopic, cancelled]);
    expect([...results.keys()]).toEqual([move, noBroker, noTopic, cancelled]);
    expect(results.get(move)).toBeUndefined();
    expect(results.get(noBroker)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(results.get(noTopic)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(results.get(cancelled)).toMatchObject({ errorName: 'NO_REASSIGNMENT_IN_PROGRESS' });
    await until('it has moved', async () => (await partitionOf(name)).replicas.join() === String(broker.nodes));
    await until('nothing goes on', async () => (await listPartitionReassignments(client, [move])).length === 0);
    expect((await listPartitionReassignments(client)).filter(({ topic }) => topic === name)).toEqual([]);
  });

  it.each([
    [{ topic: 'a', partition: 0, replicas: [] }, /needs at least one replica; null cancels/],
    [{ topic: 'a', partition: 0, replicas: 1 }, /replicas of partition a\/0 must be given as an array/],
    [{ topic: 'a', partition: 'x', replicas: [1] }, /a partition of topic 'a' must be/],
  ])('refuses %j', async (item, message) => {
    await expect(alterPartitionReassignments(client, [item as never])).rejects.toThrow(message);
  });
});

describe('electLeaders', () => {
  it('says where no election was needed, and of each partition for itself why not', async () => {
    const led = { topic: (await broker.createTopic()).name, partition: 0 };
    const none = { topic: broker.freshName('none'), partition: 0 };
    const results = await electLeaders(client, 'preferred', [led, none]);
    expect(results.get(led)).toBe(false);
    expect(results.get(none)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(await electLeaders(client, 'unclean', [led])).toEqual(new Map([[led, false]]));
    expect(await electLeaders(client, 'preferred', [])).toEqual(new Map());
    for (const result of (await electLeaders(client, 'preferred', 'all')).values()) expect(result).not.toBeInstanceOf(Error);
    await expect(electLeaders(client, 'clean' as never, [led])).rejects.toThrow(/must be one of preferred, unclean/);
  });

  if (broker.nodes > 1)
    it('makes the first replica the leader', async () => {
      const { name } = await broker.createTopic({ assignments: [[1, 2]] });
      const partition = { topic: name, partition: 0 };
      valuesOf(await alterPartitionReassignments(client, [{ ...partition, replicas: [2, 1] }]));
      await until('the order has changed', async () => (await partitionOf(name)).replicas.join() === '2,1');
      const [elected] = (await electLeaders(client, 'preferred', [partition])).values();
      expect(elected).not.toBeInstanceOf(Error);
      await until('2 leads', async () => (await partitionOf(name)).leader === 2);
    });
});
