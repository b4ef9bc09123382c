import { deleteRecords, type KafkaClient, valuesOf } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { connect, topicWith, useClient, values } from '../consumer/fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('deleteRecords', () => {
  it('deletes what is before an offset, or all, and tells where each partition begins now', async () => {
    const some = { topic: (await topicWith(values(0, 5))).name, partition: 0, before: 3 };
    const all = { topic: (await topicWith(values(0, 4))).name, partition: 0, before: 'end' } as const;
    const deleted = await deleteRecords(client, [some, all]);
    expect([...valuesOf(deleted)]).toEqual([[some, 3], [all, 4]]); // prettier-ignore
    expect(await client.topic(some.topic).earliestOffsets()).toEqual(new Map([[0, 3]]));
  });

  it('tells of each partition for itself why not', async () => {
    const { name } = await topicWith(values(0, 2), { partitions: 2 });
    const compacted = await topicWith([{ key: 'k', value: 'v' }], { configs: { 'cleanup.policy': 'compact' } });
    const good = { topic: name, partition: 0, before: 1 };
    const beyond = { topic: name, partition: 1, before: 1 };
    const forbidden = { topic: compacted.name, partition: 0, before: 1 };
    const noPartition = { topic: name, partition: 2, before: 1 };
    const noTopic = { topic: broker.freshName('none'), partition: 0, before: 1 };
    await using impatient = await connect({ topicTimeoutMs: 300 });
    const deleted = await deleteRecords(impatient, [good, beyond, forbidden, noPartition, noTopic]);
    expect([...deleted.keys()]).toEqual([good, beyond, forbidden, noPartition, noTopic]);
    expect(deleted.get(good)).toBe(1);
    expect(deleted.get(beyond)).toMatchObject({ errorName: 'OFFSET_OUT_OF_RANGE' });
    expect(deleted.get(forbidden)).toMatchObject({ errorName: 'POLICY_VIOLATION' });
    expect(deleted.get(noPartition)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(deleted.get(noTopic)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(() => valuesOf(deleted)).toThrow(/OFFSET_OUT_OF_RANGE/);
  });

  it.each([
    [{ topic: '', partition: 0, before: 1 }, /a topic must be/],
    [{ topic: 'a', partition: -1, before: 1 }, /a partition of topic 'a' must be a whole number/],
    [{ topic: 'a', partition: 0, before: 1.5 }, /before must be an offset/],
    [{ topic: 'a', partition: 0, before: -2 }, /before must be an offset/],
  ])('refuses %j', async (item, message) => {
    await expect(deleteRecords(client, [item])).rejects.toThrow(message);
    await expect(deleteRecords(client, [item])).rejects.toThrow(TypeError);
  });

  it('refuses a partition that is named twice, and an option that does not exist', async () => {
    const item = { topic: 'a', partition: 0, before: 1 };
    await expect(deleteRecords(client, [item, { ...item, before: 2 }])).rejects.toThrow(/partition a\/0 is named twice/);
    const typo = { timeout: 1 } as object;
    await expect(deleteRecords(client, [item], typo)).rejects.toThrow("did you mean 'timeoutMs'?");
  });

  it('asks for nothing when there is nothing to do', async () => {
    expect(await deleteRecords(client, [])).toEqual(new Map());
  });
});
