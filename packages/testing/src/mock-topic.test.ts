import { describe, expect, it } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import { VirtualClock } from './virtual-clock.ts';

async function start() {
  return (await MockCluster.start({ topics: { orders: 2 }, clock: new VirtualClock(5000) })).topic('orders');
}

describe('records without a producer or a consumer', () => {
  it('are read as they were appended', async () => {
    const topic = await start();
    topic.append('plain', { key: 'k', value: null, headers: { a: '1' }, timestamp: 7, partition: 1 });
    topic.append({ value: 'b', headers: [['x', Buffer.from('1')], ['x', null]] }); // prettier-ignore
    expect(topic.records()).toEqual([
      { partition: 0, offset: 0, timestamp: 5000, key: null, value: Buffer.from('plain'), headers: [] },
      {
        partition: 0,
        offset: 1,
        timestamp: 5000,
        key: null,
        value: Buffer.from('b'),
        headers: [
          ['x', Buffer.from('1')],
          ['x', null],
        ],
      },
      { partition: 1, offset: 0, timestamp: 7, key: Buffer.from('k'), value: null, headers: [['a', Buffer.from('1')]] },
    ]);
    expect(topic.records({ partition: 1 })).toHaveLength(1);
  });

  it('are gone when they are deleted', async () => {
    const topic = await start();
    topic.append('a', 'b', 'c');
    topic.deleteRecords(0, 2);
    expect(topic.records().map(({ offset }) => offset)).toEqual([2]);
    expect(topic.partition(0)).toMatchObject({ startOffset: 2, endOffset: 3 });
    expect(() => topic.deleteRecords(0, 4)).toThrow(/ends at 3/);
  });
});

it('recreate gives another id, and nothing else of the old topic', async () => {
  const topic = await start();
  const { id } = topic;
  topic.append('a');
  topic.recreate({ partitions: 1 });
  expect([topic.partitionCount, topic.records(), topic.id === id]).toEqual([1, [], false]);
});

it('addPartitions places them as the first ones', async () => {
  const topic = await start();
  topic.addPartitions(4);
  expect([0, 1, 2, 3].map((partition) => topic.partition(partition).leader)).toEqual([1, 2, 3, 1]);
  expect(() => topic.addPartitions(4)).toThrow(/has 4 partitions already/);
});

it('tells what is there when something is not', async () => {
  const cluster = await MockCluster.start({ topics: { orders: 1 } });
  expect(() => cluster.topic('order')).toThrow("the cluster has no topic 'order'; it has orders");
  expect(() => cluster.topic('orders').partition(1)).toThrow('the cluster has no partition orders-1; the topic has 0 to 0');
  expect(() => cluster.broker(9)).toThrow('there is no broker 9; there are 1, 2, 3');
  expect(() => cluster.group('g').commit('orders', 1, 0)).toThrow('the cluster has no partition orders-1; the topic has 0 to 0');
});
