import { describe, expect, it } from 'vitest';
import { clock, cluster, client, consumer, setUp, topic, within } from './consumer-scene.ts';
import type { SimpleConsumerOptions } from './options.ts';
import { SimpleConsumer } from './simple-consumer.ts';

/** A consumer of the group `readers` in virtual time, that has read `count` of ten messages. */
async function begin(count: number, options: SimpleConsumerOptions = {}): Promise<void> {
  const before = (): unknown => topic.append('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
  await setUp({ consumer: { consumerGroup: 'readers', ...options }, before, startMs: 1000 });
  await read(count);
}

async function read(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await within(1000, consumer.consume());
}

const committed = () => cluster.group('readers').committed('orders', 0);
const sent = () => cluster.requests({ api: 'OffsetCommit' }).map(({ request }) => request.topics[0]!.partitions[0]!.committedOffset);

describe('commits', () => {
  it('F15: go out one after the other, so that an older one never overtakes a newer one', async () => {
    await begin(3);
    const hold = cluster.hold('OffsetCommit', { times: 1 });
    const first = consumer.commitOffsets();
    await within(100, hold.held());
    await read(2);
    const second = consumer.commitOffsets();
    await clock.advance(100);
    expect(sent()).toEqual([3]);
    hold.release();
    await within(1000, Promise.all([first, second]));
    expect([sent(), committed()]).toEqual([[3, 5], 5]);
  });

  it('F15: an older one whose answer was lost is repeated before a newer one goes out', async () => {
    await begin(3);
    const lost = cluster.dropResponse('OffsetCommit');
    const first = consumer.commitOffsets();
    await read(2);
    await within(5000, Promise.all([first, consumer.commitOffsets()]));
    expect([lost.fired, sent(), committed()]).toEqual([1, [3, 3, 5], 5]);
  });

  it('go on after one that has failed', async () => {
    await begin(3);
    cluster.fail('OffsetCommit', ['GROUP_AUTHORIZATION_FAILED']);
    await expect(within(1000, consumer.commitOffsets())).rejects.toMatchObject({ errorName: 'GROUP_AUTHORIZATION_FAILED' });
    await within(1000, consumer.commitOffsets());
    expect(committed()).toBe(3);
  });

  it('F16: carry the leader epoch of the last message, and none for an offset that was given', async () => {
    await begin(0);
    topic.moveLeader(0, 1);
    topic.moveLeader(0, 2);
    topic.append('10');
    await read(11);
    await within(1000, consumer.commitOffsets());
    await within(1000, consumer.commitOffsets([[0, 7]]));
    const epochs = cluster.requests({ api: 'OffsetCommit' }).map(({ request }) => request.topics[0]!.partitions[0]!.committedLeaderEpoch);
    expect(epochs).toEqual([topic.partition(0).leaderEpoch, -1]);
  });

  it('of a topic that is deleted fail, and those of the others are stored all the same', async () => {
    await begin(3);
    cluster.createTopic('gone', 1).append('0');
    const both = await within(1000, SimpleConsumer.start(client, { topics: ['gone', 'orders'], consumerGroup: 'others' }));
    for (let i = 0; i < 11; i++) await within(1000, both.consume());
    cluster.topic('gone').delete();
    await expect(within(10_000, both.commitOffsets())).rejects.toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(cluster.group('others').committed('orders', 0)).toBe(10);
    await within(1000, both.close());
  });

  it('a partition that the broker leaves out of its answer is not taken for stored', async () => {
    await begin(3);
    let isFirst = true;
    cluster.intercept('OffsetCommit', async (call) => {
      const response = await call.pass();
      if (isFirst) response!.topics = [];
      isFirst = false;
      return response;
    });
    await within(1000, consumer.commitOffsets());
    expect(sent()).toEqual([3, 3]);
  });
});

describe('automatic commits', () => {
  const options = { autoCommitEnable: true, autoCommitIntervalMs: 1000 };

  it('store every interval what was handed out, if anything was', async () => {
    await begin(0, options);
    await clock.advance(2500);
    expect(sent()).toEqual([]);
    await read(3);
    await clock.advance(1000);
    expect(sent()).toEqual([3]);
    await clock.advance(3000);
    expect(sent()).toEqual([3]);
    await read(1);
    await clock.advance(1000);
    expect(sent()).toEqual([3, 4]);
  });

  it('that fail are made up for by the next one', async () => {
    await begin(3, options);
    const fault = cluster.fail('OffsetCommit', ['GROUP_AUTHORIZATION_FAILED']);
    await clock.advance(1100);
    expect([fault.fired, committed()]).toEqual([1, undefined]);
    await clock.advance(1100);
    expect(committed()).toBe(3);
  });

  it('end with stop(), after a last one, and go on with start()', async () => {
    await begin(3, options);
    await within(100, consumer.stop());
    expect(committed()).toBe(3);
    await clock.advance(5000);
    expect(sent()).toEqual([3]);
    await within(100, consumer.start());
    await read(2);
    await clock.advance(1000);
    expect(sent()).toEqual([3, 5]);
  });

  it('store where the reader has jumped to, once it has read', async () => {
    await begin(5, options);
    await clock.advance(1000);
    await within(100, consumer.resetOffsets([[0, 1]]));
    await clock.advance(1000);
    expect(sent()).toEqual([5, 1]);
  });
});
