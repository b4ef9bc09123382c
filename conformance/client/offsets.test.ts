import { KafkaClient, type OffsetSpec, OffsetType, type Topic } from '@tskafka/core';
import { apis } from '@tskafka/core/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { batchOf, produceTo } from '../requests.ts';

describe('the offsets of a topic', () => {
  let client: KafkaClient;
  let topic: Topic;

  // Ten records at 1000, 2000, ... 10000 ms; the first three are deleted, so the log begins at 3.
  beforeAll(async () => {
    client = await KafkaClient.connect({ brokers: broker.bootstrap, transport: broker.transport });
    const made = await broker.createTopic();
    const leader = await broker.leaderWire(made, 0);
    for (let i = 1; i <= 10; i++) await produceTo(leader, 9, made, batchOf([{ value: `${i}`, timestamp: i * 1000 }]));
    await leader.send(apis.deleteRecords, 2, {
      topics: [{ name: made.name, partitions: [{ partitionIndex: 0, offset: 3 }] }],
      timeoutMs: 10_000,
    });
    topic = client.topic(made.name);
  });
  afterAll(() => client?.close());

  it.each<[what: string, spec: OffsetSpec, offset: number]>([
    ['earliest is the first that the log holds', 'earliest', 3],
    ["PyKafka's EARLIEST is the same", OffsetType.EARLIEST, 3],
    ['latest is the one that comes next', 'latest', 10],
    ["PyKafka's LATEST is the same", OffsetType.LATEST, 10],
    ['an offset that the log holds stays', 7, 7],
    ['the end itself stays', 10, 10],
    ['an offset below the start moves to the start', 1, 3],
    ['the last three', { last: 3 }, 7],
    ['the last thousand are all that the log holds', { last: 1000 }, 3],
    ['the last none is the end', { last: 0 }, 10],
    ['a time before the log is its start', { timestamp: 500 }, 3],
    ['a time of a record is that record', { timestamp: 5000 }, 4],
    ['a time between two records is the later one', { timestamp: 5001 }, 5],
    ['a time after the log is its end', { timestamp: 10_001 }, 10],
    ['a Date is a time', { timestamp: new Date(9500) }, 9],
  ])('%s', async (_what, spec, offset) => {
    expect((await topic.offsets(spec)).get(0)).toBe(offset);
  });

  it('every place in an empty partition is its end', async () => {
    const empty = client.topic((await broker.createTopic({ partitions: 2 })).name);
    for (const spec of ['earliest', 'latest', { last: 5 }, { timestamp: 1 }, 0] as const) {
      expect(await empty.offsets(spec)).toEqual(new Map([[0, 0], [1, 0]])); // prettier-ignore
    }
  });

  it('an offset beyond the end is a RangeError that names the end', async () => {
    await expect(topic.offsets(11)).rejects.toThrow(new RangeError('offset 11 is beyond the end of the partition, which is 10'));
  });

  it.each([-3, 1.5, Number.NaN, 2 ** 53, 'first', null, { last: -1 }, { timestamp: Number.NaN }, { timestamp: new Date('x') }, {}])(
    '%o is no place',
    async (spec) => {
      await expect(topic.offsets(spec as never)).rejects.toThrow(/must be|is not a position/);
    },
  );

  it('has the ends and the times by the names that PyKafka knows too', async () => {
    expect(await topic.earliestOffsets()).toEqual(new Map([[0, 3]]));
    expect(await topic.latestOffsets()).toEqual(new Map([[0, 10]]));
    expect(await topic.offsetsAt(new Date(7000))).toEqual(new Map([[0, 6]]));
  });
});
