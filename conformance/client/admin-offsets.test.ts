import { groupOffsets, type KafkaClient, listOffsets, alterGroupOffsets, type PartitionPlace, valuesOf } from '@tskafka/core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { connect, deleteBefore, topicWith, useClient } from '../consumer/fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('listOffsets', () => {
  let full: TestTopic;
  let empty: TestTopic;

  // Records at 3000, 9000 and 5000 ms; the first is deleted. Another topic has nothing in its two partitions.
  beforeAll(async () => {
    full = await topicWith([3000, 9000, 5000].map((timestamp) => ({ value: 'x', timestamp })));
    await deleteBefore(full, 1);
    empty = await broker.createTopic({ partitions: 2 });
  });

  const none = { offset: undefined, timestamp: undefined };

  it.each<[what: string, at: PartitionPlace['at'], full: object, empty: object]>([
    ['the first that is left', 'earliest', { offset: 1, timestamp: undefined }, { offset: 0, timestamp: undefined }],
    ['the one that comes next', 'latest', { offset: 3, timestamp: undefined }, { offset: 0, timestamp: undefined }],
    ['the latest time, wherever it stands', 'maxTimestamp', { offset: 1, timestamp: 9000 }, none],
    ['the first at or after a time, with its own time', { timestamp: 4000 }, { offset: 1, timestamp: 9000 }, none],
    ['a Date', { timestamp: new Date(9000) }, { offset: 1, timestamp: 9000 }, none],
    ['nothing after a time is none, not the end', { timestamp: 9001 }, none, none],
  ])('%s', async (_, at, ofFull, ofEmpty) => {
    const places = [
      { topic: full.name, partition: 0, at },
      { topic: empty.name, partition: 0, at },
      { topic: empty.name, partition: 1, at },
    ];
    const listed = await listOffsets(client, places);
    expect([...listed.keys()]).toEqual(places);
    const values = [...valuesOf(listed).values()];
    expect(values).toEqual([ofFull, ofEmpty, ofEmpty].map((value) => expect.objectContaining(value)));
  });

  it('each partition has a place of its own, and an error of its own', async () => {
    const [first, beyond, nowhere, last]: PartitionPlace[] = [
      { topic: full.name, partition: 0, at: 'earliest' },
      { topic: full.name, partition: 7, at: 'latest' },
      { topic: broker.freshName('none'), partition: 0, at: 'latest' },
      { topic: empty.name, partition: 1, at: { timestamp: 1 } },
    ];
    const client = await impatient();
    const listed = await listOffsets(client, [first!, beyond!, nowhere!, last!]);
    expect(listed.get(first!)).toMatchObject({ offset: 1, leaderEpoch: 0 });
    expect(listed.get(beyond!)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(listed.get(nowhere!)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(listed.get(last!)).toMatchObject({ offset: undefined });
    expect(() => valuesOf(listed)).toThrow(/UNKNOWN_TOPIC_OR_PARTITION/);
  });

  it('of nothing is nothing', async () => {
    expect(await listOffsets(client, [])).toEqual(new Map());
  });

  it.each<[unknown, unknown, string]>([
    ['orders', {}, "places must be given as an array, not 'orders'"],
    [[{ topic: 't', at: 'latest' }], {}, "a partition of topic 't' must be a whole number of at least 0, not undefined"],
    [
      [{ topic: 't', partition: 0 }],
      {},
      "partition t/0: undefined is not a position: at must be 'earliest', 'latest', 'maxTimestamp' or { timestamp }",
    ],
    [[{ topic: 't', partition: 0, at: 'newest' }], {}, "partition t/0: 'newest' is not a position"],
    [[{ topic: 't', partition: 0, at: -1 }], {}, 'partition t/0: -1 is not a position'],
    [[{ topic: 't', partition: 0, at: { timestamp: -1 } }], {}, 'a time must be a Date or whole milliseconds since 1970, not -1'],
    [['earliest', 'latest'].map((at) => ({ topic: 't', partition: 0, at })), {}, 'partition t/0 is named twice'],
    [[], { isolatoin: 1 }, "listOffsets has no option 'isolatoin'; did you mean 'isolation'?"],
  ])('refuses %j with %j', async (places, options, message) => {
    await expect(listOffsets(client, places as never, options as never)).rejects.toThrow(message);
  });
});

describe('groupOffsets of several groups', () => {
  it('tells each for itself; a group that there is not has committed nothing', async () => {
    const topic = (await topicWith(['a', 'b', 'c'])).name;
    const [one, other, none] = ['one', 'other', 'none'].map((prefix) => broker.freshName(prefix)) as [string, string, string];
    valuesOf(await alterGroupOffsets(client, one, [{ topic, partition: 0, offset: 1 }]));
    valuesOf(await alterGroupOffsets(client, other, [{ topic, partition: 0, offset: 3 }]));
    const offsets = await groupOffsets(client, [one, none, other]);
    expect([...offsets.keys()]).toEqual([one, none, other]);
    expect(offsets.get(one)).toEqual([expect.objectContaining({ topic, partition: 0, offset: 1, end: 3, lag: 2 })]);
    expect(offsets.get(none)).toEqual([]);
    expect(offsets.get(other)).toEqual([expect.objectContaining({ topic, partition: 0, offset: 3, end: 3, lag: 0 })]);
    expect(await groupOffsets(client, [])).toEqual(new Map());
    await expect(groupOffsets(client, [7] as never)).rejects.toThrow('each of groups must be a string, not 7');
    await expect(groupOffsets(client, undefined as never)).rejects.toThrow(TypeError);
  });
});

/** What does not exist is waited for a little, since it may just have been made; not so long here. */
async function impatient(): Promise<KafkaClient> {
  const client = await connect({ topicTimeoutMs: 100 });
  onTestFinished(() => client.close());
  return client;
}
