import { type KafkaClient, type MessageBatch, SimpleConsumer } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { append, batchOf } from '../requests.ts';
import { stored, take, topicWith, useClient, values, write } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

/** A topic of two batches, 0 to 3 and 4 to 7. */
async function twoBatches() {
  const topic = await broker.createTopic();
  const wire = await broker.leaderWire(topic, 0);
  for (const first of [0, 4]) await append(wire, topic, batchOf(values(first, first + 4).map((value) => ({ value }))));
  wire.close();
  return topic;
}

function valuesOf(batch: MessageBatch): string[] {
  return [...batch].map(({ value }) => String(value));
}

describe('batches', () => {
  it('gives record batches, and says what is in each', async () => {
    const topic = await twoBatches();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
    const seen = [];
    for await (const batch of consumer.batches()) {
      const { partition, firstOffset, count, highWatermark } = batch;
      expect(batch.topic).toBe(topic.name);
      seen.push([partition, firstOffset, count, highWatermark, valuesOf(batch).join('')]);
    }
    expect(seen).toEqual([
      [0, 0, 4, 8, '0123'],
      [0, 4, 4, 8, '4567'],
    ]);
  });

  it('moves the position with each message, and behind the batch when the next one is asked for', async () => {
    const topic = await twoBatches();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
    const positions: number[] = [];
    for await (const batch of consumer.batches()) {
      positions.push(consumer.position(0));
      for (const { offset } of batch) {
        positions.push(consumer.position(0));
        if (offset === 1) break;
      }
    }
    expect(positions).toEqual([0, 1, 2, 4, 5, 6, 7, 8]);
  });

  it('goes on behind the last message when a loop is left in the middle of a batch', async () => {
    const topic = await twoBatches();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    for await (const batch of consumer.batches()) {
      const [first] = batch;
      expect(String(first!.value)).toBe('0');
      break;
    }
    expect(await take(consumer, 4)).toEqual(['1', '2', '3', '4']);
    for await (const batch of consumer.batches()) {
      expect(valuesOf(batch)).toEqual(['5', '6', '7']);
      break;
    }
  });

  it('F8: begins and ends within a batch where the reader does', async () => {
    const topic = await twoBatches();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { autoOffsetReset: 2, until: 6 });
    const seen = [];
    for await (const batch of consumer.batches()) seen.push([batch.firstOffset, batch.count, valuesOf(batch).join('')]);
    expect(seen).toEqual([
      [2, 2, '23'],
      [4, 2, '45'],
    ]);
  });

  it('F12: ends a batch early when the reader jumps, and goes on there', async () => {
    const topic = await twoBatches();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
    const seen: string[] = [];
    let hasJumped = false;
    for await (const batch of consumer.batches()) {
      for (const { value } of batch) {
        seen.push(String(value));
        if (hasJumped) continue;
        hasJumped = true;
        await consumer.resetOffsets([[0, 6]]);
      }
    }
    expect(seen).toEqual(['0', '6', '7']);
  });

  it('commits what was iterated, and not what waits in the batch', async () => {
    const topic = await topicWith([]);
    const wire = await broker.leaderWire(topic, 0);
    await append(wire, topic, batchOf(values(0, 4).map((value) => ({ value }))));
    const consumerGroup = broker.freshName('group');
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    for await (const batch of consumer.batches()) {
      for (const { offset } of batch) {
        if (offset < 2) continue;
        await consumer.commitOffsets();
        break;
      }
      break;
    }
    expect(await stored(consumerGroup, topic)).toBe(3);
    wire.close();
  });

  it('hands out again the record that the deserializer threw for', async () => {
    const topic = await twoBatches();
    let failures = 1;
    const deserializer = (value: Buffer | null) => {
      if (String(value) === '2' && failures-- > 0) throw new Error('not now');
      return [String(value), null] as const;
    };
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { deserializer, until: 'latest' });
    const seen: string[] = [];
    const loop = async (): Promise<void> => {
      for await (const batch of consumer.batches()) for (const { value } of batch) seen.push(value);
    };
    await expect(loop()).rejects.toThrow('not now');
    await loop();
    expect(seen.join('')).toBe('01234567');
  });

  it('ends after consumerTimeoutMs, and by close()', async () => {
    const topic = await topicWith([]);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerTimeoutMs: 50 });
    for await (const batch of consumer.batches()) throw new Error(`there is nothing to read, and not ${batch.count}`);
    await using other = await SimpleConsumer.start(client.topic(topic.name));
    await write(topic, ['last']);
    for await (const batch of other.batches()) {
      expect(valuesOf(batch)).toEqual(['last']);
      void other.close();
    }
  });
});
