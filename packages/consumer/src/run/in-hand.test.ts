import { expect, it } from 'vitest';
import { cluster, clock, consumer, setUp, topic, within } from '../consumer-scene.ts';
import { batchOf, damaged } from '../test-records.ts';

const committed = (): number | undefined => cluster.group('readers').committed('orders', 0);

/** A handler that begins with every message, and ends when it is told to. */
function held() {
  const begun: string[] = [];
  const inHand: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  const handler = ({ value }: { value: Buffer | null }): Promise<void> => {
    begun.push(String(value));
    return new Promise<void>((resolve, reject) => inHand.push({ resolve, reject }));
  };
  return { begun, inHand, handler };
}

it('F19: a batch that cannot be read makes nothing done that is in hand', async () => {
  await setUp({ consumer: { consumerGroup: 'readers' } });
  topic.append('0', '1');
  topic.appendBatch(damaged(batchOf(['2'])));
  const { begun, inHand, handler } = held();
  const running = consumer.run(handler, { ordered: 'key' });
  running.catch(() => {});
  await clock.advance(1000);
  expect(begun).toEqual(['0', '1']);
  inHand[1]!.resolve();
  inHand[0]!.reject(new Error('the disk is full'));
  await expect(within(10_000, running)).rejects.toMatchObject({ name: 'CorruptRecordError' });
  expect([committed(), consumer.position(0)]).toEqual([undefined, 0]);
});

it('F19: what was in hand beside a batch that cannot be read is done when its handler is', async () => {
  await setUp({ consumer: { consumerGroup: 'readers' } });
  topic.append('0');
  topic.appendBatch(damaged(batchOf(['1'])));
  const { inHand, handler } = held();
  const running = consumer.run(handler, { ordered: 'key' });
  running.catch(() => {});
  await clock.advance(1000);
  inHand[0]!.resolve();
  await expect(within(10_000, running)).rejects.toMatchObject({ name: 'CorruptRecordError' });
  expect([committed(), consumer.position(0)]).toEqual([1, 1]);
});

it('F1: goes on behind a message in hand when the log has lost what was next', async () => {
  await setUp({ consumer: { consumerGroup: 'readers', fetchMinBytes: 1_000_000, fetchWaitMaxMs: 100 } });
  topic.append('0');
  const { begun, inHand, handler } = held();
  const running = consumer.run(handler);
  await clock.advance(500);
  const hold = cluster.hold('Fetch');
  await clock.advance(500);
  topic.append('1', '2');
  topic.deleteRecords(0, 2);
  hold.release();
  await clock.advance(1000);
  inHand[0]!.resolve();
  await clock.advance(10_000);
  expect([begun, committed()]).toEqual([['0', '2'], 2]);
  inHand[1]!.resolve();
  await within(10_000, consumer.stop());
  await running;
  expect(committed()).toBe(3);
});
