import { setProducer, transactionEndBatch } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { answer, answerOf0, clock, cluster, consumer, fetches, next, setUp, topic, within } from './consumer-scene.ts';
import { batchOf, valueOf } from './test-records.ts';

describe('what brokers send', () => {
  it('F7: a batch that is cut off at the end is fetched again', async () => {
    await setUp();
    topic.append('0', '1');
    answerOf0((partition) => (partition.records = partition.records.subarray(0, -10)));
    expect([await next(), await next()]).toEqual(['0', '1']);
  });

  it('F8: gaps are passed, within a batch and between batches', async () => {
    await setUp();
    topic.appendBatch(batchOf(['0', '1'], { lastOffsetDelta: 9 }));
    topic.appendBatch(batchOf([], { lastOffsetDelta: 4 }));
    topic.append('15');
    expect([await next(), await next(), await next()]).toEqual(['0', '1', '15']);
    expect(consumer.position(0)).toBe(16);
  });

  it.each(['2.8', '4.3'] as const)(
    'F8: a reader that ends at the end does so where compaction has left nothing there (Kafka %s)',
    async (kafkaVersion) => {
      const before = () => void topic.appendBatch(batchOf(['0'], { lastOffsetDelta: 9 }));
      await setUp({ cluster: { kafkaVersion }, consumer: { until: 'latest' }, before });
      let isFirst = true;
      answerOf0((partition) => {
      partition.records = isFirst ? batchOf(['0']) : Buffer.alloc(0);
      isFirst = false;
    }, Infinity); // prettier-ignore
      expect([await next(), await next()]).toEqual(['0', undefined]);
      expect(consumer.position(0)).toBe(10);
    },
  );

  it('F8: an answer of a broker that throttles says nothing of what is left', async () => {
    await setUp({ consumer: { until: 'latest', fetchMessageMaxBytes: 1 }, before: () => void topic.append('0', '1', '2') });
    let count = 0;
    answer((response) => {
      if (count++ % 2 === 0) return;
      response.responses = [];
      response.throttleTimeMs = 100;
    }, Infinity); // prettier-ignore
    expect([await next(), await next(), await next(), await next()]).toEqual(['0', '1', '2', undefined]);
  });

  it('F8: an answer without what is in remote storage says nothing of what is left', async () => {
    await setUp({ consumer: { until: 'latest', fetchMessageMaxBytes: 1 }, before: () => void topic.append('0', '1', '2') });
    cluster.intercept('ListOffsets', async (call) => {
      const response = await call.pass();
      response!.topics[0]!.partitions[0]!.offset = 3;
      return response;
    });
    let count = 0;
    answerOf0((partition) => {
      if (count++ % 2 === 1) partition.records = Buffer.alloc(0);
    }, Infinity); // prettier-ignore
    expect([await next(), await next(), await next(), await next()]).toEqual(['0', '1', '2', undefined]);
  });

  it('F9: answers of markers alone move the position on, without haste', async () => {
    await setUp({ consumer: { until: 1000 }, before: () => markers(1000) });
    expect(await next(5000)).toBeUndefined();
    expect(consumer.position(0)).toBe(1000);
    expect(fetches().length).toBeLessThan(10);
  });

  it('F11: what is left out is asked for again, what comes twice is taken once, what nobody asked for is dropped', async () => {
    await setUp({ partitions: 2 });
    topic.append('0', { value: 'other', partition: 1 });
    answer(({ responses: [response] }) => {
      const first = response!.partitions[0]!;
      response!.partitions = [first, first, { ...first, partitionIndex: 7 }];
    });
    expect([await next(), await next()].sort()).toEqual(['0', 'other']);
    await clock.advance(2000);
    expect(consumer.assignment.map(({ position }) => position)).toEqual([1, 1]);
  });

  it('F3, F12: what was on its way when the reader jumped is dropped', async () => {
    await setUp();
    topic.append('0', '1', '2', '3');
    using hold = cluster.hold('Fetch', { times: 1 });
    answerOf0((partition) => Object.assign(partition, { errorCode: 1, records: null }));
    const message = consumer.consume();
    await within(100, hold.held());
    await within(100, consumer.resetOffsets([[0, 2]]));
    hold.release();
    expect(valueOf(await within(1000, message))).toBe('2');
  });

  it('F1: what was fetched before the log lost its offset is read first', async () => {
    await setUp();
    topic.append('0', '1', '2', '3', '4', '5');
    let isFirst = true;
    cluster.intercept('Fetch', (call) => {
      if (!isFirst) topic.deleteRecords(0, 5);
      isFirst = false;
      return call.pass();
    });
    answerOf0((partition) => (partition.records = partition.records.subarray(0, (partition.records.length / 6) * 3)));
    expect([await next(), await next(), await next(), await next(3000)]).toEqual(['0', '1', '2', '5']);
  });

  it('F1: the log’s start is looked up, not believed from the answer', async () => {
    await setUp({ consumer: { autoOffsetReset: 1 }, before: () => void topic.append('0', '1', '2', '3') });
    topic.deleteRecords(0, 3);
    expect(await next()).toBe('3');
    expect(cluster.requests({ api: 'ListOffsets' }).length).toBeGreaterThan(1);
  });
});

describe('read_committed', () => {
  const transactional = (producerId: number, ...values: string[]): Buffer => {
    const bytes = batchOf(values);
    setProducer(bytes, { producerId, producerEpoch: 0, baseSequence: 0, isTransactional: true });
    return bytes;
  };
  const end = (type: 'commit' | 'abort', producerId: number): void =>
    void topic.appendBatch(transactionEndBatch({ type, producerId, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 0 }));

  it('F10: gives nothing behind a transaction that is open, and nothing of one that was aborted', async () => {
    await setUp();
    topic.append('0');
    topic.appendBatch(transactional(7, 'a', 'b'));
    topic.append('3');
    expect(await next()).toBe('0');
    const message = consumer.consume();
    await clock.advance(3000);
    expect(consumer.position(0)).toBe(1);
    end('abort', 7);
    expect(valueOf(await within(1000, message))).toBe('3');
  });

  it('F10: keeps to it across answers: a transaction that began in one and was aborted in a later one', async () => {
    const options = { fetchMessageMaxBytes: 1, until: 'latest' } as const;
    const before = (): void => {
      topic.appendBatch(transactional(7, 'a'));
      topic.appendBatch(transactional(8, 'kept'));
      topic.appendBatch(transactional(7, 'b'));
      end('commit', 8);
      end('abort', 7);
      topic.appendBatch(transactional(7, 'kept too'));
      end('commit', 7);
    };
    await setUp({ consumer: options, before });
    expect([await next(), await next(), await next()]).toEqual(['kept', 'kept too', undefined]);
    expect(fetches().length).toBeGreaterThan(5);
  });

  it('read_uncommitted gives all of it, at once', async () => {
    await setUp({ consumer: { isolation: 'read_uncommitted' } });
    topic.appendBatch(transactional(7, 'open'));
    topic.append('1');
    expect([await next(), await next()]).toEqual(['open', '1']);
  });

  it('latest is behind what is committed, and an offset behind that can be jumped to all the same', async () => {
    const before = (): void => {
      topic.append('0');
      topic.appendBatch(transactional(7, 'open'));
      topic.append('2');
    };
    await setUp({ consumer: { autoOffsetReset: 'latest' }, before });
    expect(consumer.position(0)).toBe(1);
    await within(100, consumer.resetOffsets([[0, 2]]));
    end('abort', 7);
    expect(await next()).toBe('2');
  });
});

function markers(count: number): void {
  for (let i = 0; i < count; i++) {
    topic.appendBatch(transactionEndBatch({ type: 'commit', producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 0 }));
  }
}
