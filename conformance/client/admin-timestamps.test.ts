import { type KafkaClient, listTimestamps, valuesOf } from '@tskafka/core';
import { Producer } from '@tskafka/producer';
import { beforeAll, describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { connect, deleteBefore, settled, topicWith, useClient, write } from '../consumer/fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

async function timesIn({ name: topic }: TestTopic, offsets: readonly number[], isolation?: 'read_uncommitted'): Promise<unknown[]> {
  const places = offsets.map((offset) => ({ topic, partition: 0, offset }));
  const listed = await listTimestamps(client, places, isolation && { isolation });
  expect([...listed.keys()]).toEqual(places);
  return [...valuesOf(listed).values()];
}

describe('listTimestamps', () => {
  let topic: TestTopic;
  beforeAll(async () => {
    topic = await topicWith([3000, 9000, 5000, 7000].map((timestamp) => ({ value: 'x', timestamp })));
    await deleteBefore(topic, 1);
  });

  it('of each offset, in any order, also of several in one partition', async () => {
    expect(await timesIn(topic, [3, 1, 2, 1])).toEqual([7000, 9000, 5000, 9000]);
  });

  it('of what was deleted it is that of the first that is left', async () => {
    expect(await timesIn(topic, [0, 2])).toEqual([9000, 5000]);
  });

  it('there is none at the end, none behind it, none where nothing is', async () => {
    expect(await timesIn(topic, [4, 99, 3])).toEqual([undefined, undefined, 7000]);
    expect(await timesIn(await broker.createTopic(), [0])).toEqual([undefined]);
  });

  it('large batches of many partitions come one after the other, and none is forgotten', async () => {
    const large = await broker.createTopic({ partitions: 4 });
    for (let partition = 0; partition < 4; partition++)
      await write(large, [1, 2].map((time) => ({ value: 'x'.repeat(100_000), timestamp: 1000 * time + partition })), partition); // prettier-ignore
    const places = [0, 1, 2, 3].flatMap((partition) => [0, 1].map((offset) => ({ topic: large.name, partition, offset })));
    const listed = valuesOf(await listTimestamps(client, places));
    expect(places.map((place) => listed.get(place))).toEqual([1000, 2000, 1001, 2001, 1002, 2002, 1003, 2003]);
  });

  it('passes what was aborted, and the markers, and waits for no transaction that is open', async () => {
    const written = await broker.createTopic();
    await using producer = await Producer.start(client, { transactionalId: broker.freshName('id') });
    const send = async (timestamp: number, end: 'commit' | 'abort'): Promise<void> => {
      const transaction = await producer.transaction();
      await transaction.send({ topic: written.name, partition: 0, value: 'x', timestamp });
      await transaction[end]();
      await settled(client, written.name);
    };
    await send(1000, 'abort');
    await send(2000, 'commit');
    expect(await timesIn(written, [0, 1, 2, 3])).toEqual([2000, 2000, 2000, undefined]);
    expect(await timesIn(written, [0, 3], 'read_uncommitted')).toEqual([1000, undefined]);
    const open = await producer.transaction();
    await open.send({ topic: written.name, partition: 0, value: 'x', timestamp: 3000 });
    await producer.flush();
    expect(await timesIn(written, [2, 3])).toEqual([2000, undefined]);
    expect(await timesIn(written, [4], 'read_uncommitted')).toEqual([3000]);
    await open.abort();
  });

  it('a partition that there is not fails alone', async () => {
    await using impatient = await connect({ topicTimeoutMs: 100 });
    const [there, beyond] = [0, 7].map((partition) => ({ topic: topic.name, partition, offset: 1 }));
    const listed = await listTimestamps(impatient, [there!, beyond!]);
    expect(listed.get(there!)).toBe(9000);
    expect(listed.get(beyond!)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
  });

  it.each<[unknown, unknown, string]>([
    ['orders', {}, 'places must be given as an array, not '],
    [[{ topic: 't', partition: 0 }], {}, 'the offset of partition t/0 must be a whole number of at least 0, not undefined'],
    [[{ topic: 't', partition: -1, offset: 0 }], {}, "a partition of topic 't' must be a whole number of at least 0, not -1"],
    [[], { isolatoin: 1 }, "listTimestamps has no option 'isolatoin'; did you mean 'isolation'?"],
  ])('refuses %j with %j', async (places, options, message) => {
    await expect(listTimestamps(client, places as never, options as never)).rejects.toThrow(message);
  });
});
