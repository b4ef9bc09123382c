import type { KafkaClient } from '@tskafka/consumer';
import { apis } from '@tskafka/core/protocol';
import { Producer } from '@tskafka/producer';
import { beforeAll, describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { append, batchOf } from '../requests.ts';
import { until } from '../until.ts';
import { useClient } from './fixture.ts';
import { delivered, shareConsumer, shared, takeMessages } from './share-fixture.ts';

/** What a share group is given of a log that has more in it than plain records. */

let client: KafkaClient;
useClient((connected) => (client = connected));

/** How many offsets the group is not done with. */
async function lagOf(group: string, topic: TestTopic): Promise<number> {
  const wire = await broker.coordinatorWire(group);
  const asked = [{ groupId: group, topics: [{ topicName: topic.name, partitions: [0] }] }];
  const { groups } = await wire.send(apis.describeShareGroupOffsets, 1, { groups: asked });
  wire.close();
  return groups[0]!.topics[0]!.partitions[0]!.lag;
}

describe('a share consumer', () => {
  it.each(['none', 'gzip', 'lz4', 'snappy'] as const)('reads batches that are compressed: %s', async (compression) => {
    const scene = await shared([]);
    const wire = await broker.leaderWire(scene.topic);
    const records = ['a', 'b', 'c'].map((value) => ({ value, key: value, headers: [['h', value]] as const }));
    await append(wire, scene.topic, batchOf(records, { compression }));
    wire.close();
    await using consumer = await shareConsumer(client, scene);
    const messages = await takeMessages(consumer, 3);
    expect(delivered(messages)).toEqual(['a x1', 'b x1', 'c x1']);
    expect(messages.map(({ key, headers }) => [String(key), headers[0]![0], String(headers[0]![1])])).toEqual(
      ['a', 'b', 'c'].map((value) => [value, 'h', value]),
    );
  });

  describe('of what producers wrote in transactions', () => {
    let producer: Producer;
    beforeAll(async () => {
      producer = await Producer.start(client, { transactionalId: broker.freshName('txn') });
      return () => producer.close();
    });

    it.each([
      ['read_committed', ['kept', 'last']],
      ['read_uncommitted', ['kept', 'thrown away', 'last']],
    ])('is given what the group’s isolation says, and is done with the rest: %s', async (isolation, expected) => {
      const scene = await shared([], { configs: { 'share.isolation.level': isolation } });
      const topic = scene.topic.name;
      for (const [value, end] of [
        ['kept', 'commit'],
        ['thrown away', 'abort'],
        ['last', 'commit'],
      ] as const) {
        // prettier-ignore
        const transaction = await producer.transaction();
        await transaction.send({ topic, value });
        await transaction[end]();
      }
      await using consumer = await shareConsumer(client, scene);
      const messages = await takeMessages(consumer, expected.length);
      expect(messages.map(({ value }) => String(value))).toEqual(expected);
      await consumer.commit();
      consumer.consume().catch(() => {});
      // Behind the last record is the marker of its transaction, which nobody is given.
      await until('all is done', async () => (await lagOf(scene.group, scene.topic)) === 0);
    });
  });
});
