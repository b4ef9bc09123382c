import { type KafkaClient, type MessageBatch, SimpleConsumer } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { append, batchOf } from '../requests.ts';
import { until } from '../until.ts';
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
      expect([batch.firstOffset, batch.count, valuesOf(batch)]).toEqual([5, 3, ['5', '6', '7']]);
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

describe('a loop over batches, and others beside it', () => {
  /** What a loop is given next. */
  const nextOf = async (loop: AsyncIterator<MessageBatch>): Promise<MessageBatch> => (await loop.next()).value as MessageBatch;
  const loopOver = (consumer: SimpleConsumer) => consumer.batches()[Symbol.asyncIterator]();

  it('another loop has what is behind a batch when the one that has the batch goes on, and they take turns', async () => {
    const topic = await twoBatches();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
    const [one, other] = [loopOver(consumer), loopOver(consumer)];
    const batch = await nextOf(one);
    const messages = batch[Symbol.iterator]();
    messages.next();
    const waiting = nextOf(other);
    expect(await consumer.consume({ signal: AbortSignal.timeout(20) }).catch(() => 'nothing')).toBe('nothing');
    expect([consumer.position(0), consumer.health().partitions[0]!.state]).toEqual([1, 'handling']);
    expect(consumer.explain()).toContain('a loop over batches() holds a batch of it');
    expect([...batch].map(({ offset }) => offset)).toEqual([1, 2, 3]);
    const end = one.next();
    expect(valuesOf(await waiting)).toEqual(['4', '5', '6', '7']);
    expect(await other.next()).toMatchObject({ done: true });
    expect(await end).toMatchObject({ done: true });
  });

  it('another loop has the other partitions meanwhile', async () => {
    const topic = await broker.createTopic({ partitions: 2 });
    for (const partition of [0, 1]) await write(topic, [`a${partition}`, `b${partition}`], partition);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
    const one = loopOver(consumer);
    const held = await nextOf(one);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { value } of consumer) seen.push(String(value));
    })();
    const others = 1 - held.partition;
    await until('the other partition is read', () => Promise.resolve(consumer.position(others) === 2));
    expect(seen).toEqual([`a${others}`, `b${others}`]);
    expect(valuesOf(held)).toEqual([`a${held.partition}`]);
    await one.return?.();
    await reading;
    expect(seen).toEqual([`a${others}`, `b${others}`, `b${held.partition}`]);
  });

  it('whoever waits has the rest of a batch at which a loop is left', async () => {
    const topic = await twoBatches();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 4 });
    const one = loopOver(consumer);
    const [first] = await nextOf(one);
    expect(first!.offset).toBe(0);
    const waiting = consumer.consume();
    await one.return?.();
    expect(await waiting).toMatchObject({ offset: 1 });
  });

  it('a handler of run() has none of its messages', async () => {
    const topic = await twoBatches();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
    const one = loopOver(consumer);
    const batch = await nextOf(one);
    const handled: number[] = [];
    const running = consumer.run(({ offset }) => void handled.push(offset), { concurrency: 4, ordered: 'key' });
    await until('run() waits for the loop', () => Promise.resolve(consumer.health().partitions[0]!.state === 'handling'));
    const iterated = [...batch].map(({ offset }) => offset);
    expect([iterated, handled, consumer.position(0)]).toEqual([[0, 1, 2, 3], [], 4]);
    await one.return?.();
    await running;
    expect(handled).toEqual([4, 5, 6, 7]);
  });

  it('of two loops over messages each ends behind the last one', async () => {
    const topic = await twoBatches();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const { offset } of consumer) seen.push(offset);
    };
    await Promise.all([loop(), loop(), loop()]);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});

it('a batch that is iterated when the loop has gone on gives its messages, and moves nothing back', async () => {
  const topic = await twoBatches();
  const consumerGroup = broker.freshName('group');
  await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest', consumerGroup, autoCommitEnable: true });
  const batches: MessageBatch[] = [];
  for await (const batch of consumer.batches()) batches.push(batch);
  expect(batches.map(valuesOf).flat()).toEqual(values(0, 8));
  expect(batches.map(valuesOf).flat()).toEqual([]);
  expect(consumer.position(0)).toBe(8);
  await consumer.stop();
  expect(await stored(consumerGroup, topic)).toBe(8);
});
