import type { Transport } from '@tskafka/core';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import { answerOf0, clock, cluster, consumer, next, setUp, topic, within } from './consumer-scene.ts';
import { batchOf, damaged, valueOf } from './test-records.ts';

describe('errors that the reader is told', () => {
  it('M8: a topic that is deleted is an error after topicTimeoutMs; made anew, it is read from autoOffsetReset', async () => {
    await setUp({ client: { topicTimeoutMs: 2000 } });
    topic.append('0');
    expect(await next()).toBe('0');
    topic.delete();
    await expect(within(5000, consumer.consume())).rejects.toMatchObject({
      errorName: 'UNKNOWN_TOPIC_OR_PARTITION',
      at: { topic: 'orders', partition: 0, offset: 1 },
    });
    cluster.createTopic('orders').append('new 0', 'new 1');
    expect(await next(3000)).toBe('new 0');
  });

  it('a partition that may not be read is an error, is asked for again, and does not hold up the others', async () => {
    await setUp({ partitions: 2 });
    cluster.fail('Fetch', ['TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED'], { topic: 'orders', partition: 0 });
    topic.append('0', { value: 'other', partition: 1 });
    const outcomes = [];
    while (outcomes.length < 4) outcomes.push(await next().catch((error: { errorName: string }) => error.errorName));
    expect(outcomes.sort()).toEqual(['0', 'TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED', 'other']);
  });

  it('H5: an answer that is cut short is an error, and the next one is fetched', async () => {
    await setUp();
    topic.append('0');
    cluster.bytes('Fetch', (frame) => {
      const cut = Buffer.from(frame.subarray(0, frame.length - 20));
      cut.writeInt32BE(cut.length - 4);
      return cut;
    });
    await expect(next()).rejects.toMatchObject({ name: 'ProtocolError' });
    expect(await next()).toBe('0');
  });

  it('a reset that is no reader’s wish is published, with both offsets', async () => {
    const published: unknown[] = [];
    const listen = (message: unknown) => published.push(message);
    subscribe('tskafka:consumer:reset', listen);
    const before = (): void => {
      topic.append('0', '1', '2');
      cluster.group('readers').commit('orders', 0, 99);
    };
    await setUp({ consumer: { consumerGroup: 'readers' }, before });
    expect(await next()).toBe('0');
    unsubscribe('tskafka:consumer:reset', listen);
    expect(published).toEqual([{ topic: 'orders', partition: 0, from: 99, to: 0 }]);
  });

  it('F19: a batch with a wrong checksum is an error with its place; what is before it and the other partitions are read', async () => {
    await setUp({ partitions: 2 });
    topic.append('0');
    topic.appendBatch(damaged(batchOf(['1', '2'])));
    topic.append('3', { value: 'other', partition: 1 });
    const values: unknown[] = [];
    const errors: unknown[] = [];
    while (values.length < 2 || errors.length < 2) await next().then((value) => values.push(value), (error) => errors.push(error)); // prettier-ignore
    expect(values.sort()).toEqual(['0', 'other']);
    expect(errors[0]).toMatchObject({
      name: 'CorruptRecordError',
      message: expect.stringMatching(/^orders\/0: the batch at offset 1 has the checksum/),
      at: { topic: 'orders', partition: 0, offset: 1, skipTo: 3 },
    });
    expect(consumer.position(0)).toBe(1);
    await consumer.resetOffsets([[0, (errors[0] as { at: { skipTo: number } }).at.skipTo]]);
    expect(await next(2000)).toBe('3');
  });

  it('F19: nothing behind a batch that cannot be read is handed out, also what was being fetched already', async () => {
    await setUp();
    topic.append('0');
    topic.appendBatch(damaged(batchOf(['1'])));
    topic.append('2');
    const first = consumer.consume();
    await clock.advance(50); // the fetch of what comes behind '2' is out
    expect(valueOf(await first)).toBe('0');
    await expect(next()).rejects.toMatchObject({ name: 'CorruptRecordError' });
    topic.append('3');
    await expect(next()).rejects.toMatchObject({ name: 'CorruptRecordError', at: { offset: 1 } });
    expect(consumer.position(0)).toBe(1);
  });

  it('F19: without checkCrcs nobody looks', async () => {
    await setUp({ consumer: { checkCrcs: false } });
    topic.appendBatch(damaged(batchOf(['abc']), 3));
    expect(await next()).toHaveLength(3);
  });

  it('F19: what is told in the middle of an answer does not free the memory of the rest', async () => {
    const transport: Transport = {
      // Nothing comes in one piece, as on a network: then answers are put together in memory that is used again.
      connect: (address, events, signal) => {
        const data = (chunk: Buffer): void => {
          events.data(chunk.subarray(0, chunk.length - 1));
          events.data(chunk.subarray(chunk.length - 1));
        };
        return cluster.transport.connect(address, { ...events, data }, signal);
      },
    };
    await setUp({ partitions: 3, client: { transport } });
    const long = (letter: string, length = 100_000): string => letter.repeat(length);
    topic.append({ value: long('a'), partition: 0 }, { value: long('b'), partition: 2 });
    cluster.fail('Fetch', ['TOPIC_AUTHORIZATION_FAILED'], { topic: 'orders', partition: 1 });
    const nextOrError = () => next().catch((error: { errorName: string }) => error.errorName);
    const read = await Promise.all([nextOrError(), nextOrError()]);
    topic.append({ value: long('c', 250_000), partition: 0 });
    await clock.advance(1000);
    while (read.length < 4) read.push(await nextOrError());
    expect(read.map((value) => value?.slice(0, 5)).sort()).toEqual(['TOPIC', 'aaaaa', 'bbbbb', 'ccccc']);
  });

  it('F19: damage on the way is read again', async () => {
    await setUp();
    topic.append('0', '1');
    answerOf0((partition) => (partition.records = damaged(partition.records)));
    expect(await next()).toBe('0');
    await expect(next()).rejects.toMatchObject({ name: 'CorruptRecordError' });
    expect(await next()).toBe('1');
  });

  it('F19: a header that is impossible is an error behind what is good', async () => {
    await setUp();
    topic.append('0', '1');
    const batchBytes = batchOf(['0']).length;
    answerOf0((partition) => {
      partition.records = Buffer.from(partition.records);
      partition.records[partition.records.length - batchBytes + 16] = 9; // the magic of the last batch
    }, 2);
    expect(await next()).toBe('0');
    await expect(next()).rejects.toMatchObject({ name: 'CorruptRecordError', at: { offset: 1 } });
    expect(await next(2000)).toBe('1');
  });

  it.each([
    ['a bomb', () => batchOf([Buffer.alloc(3_000_000)], { compression: 'gzip' })],
    ['one whose bytes are cut', () => damaged(batchOf(['0'.repeat(1000)], { compression: 'gzip' }), 20)],
  ])('F20: a compressed batch that is %s is an error', async (_, poison) => {
    await setUp({ consumer: { maxDecompressedBytes: 1_000_000, checkCrcs: false } });
    topic.appendBatch(poison());
    topic.append('1');
    const error = await realTime(consumer.consume()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'CorruptRecordError', at: { offset: 0, skipTo: 1 } });
    await consumer.resetOffsets([[0, 1]]);
    expect(valueOf(await realTime(consumer.consume()))).toBe('1');
  });
});

/** Decompression happens on other threads, for which virtual time does not wait. */
async function realTime<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = (): void => void (isSettled = true);
  promise.then(settle, settle);
  while (!isSettled) await clock.advance(1);
  return promise;
}
