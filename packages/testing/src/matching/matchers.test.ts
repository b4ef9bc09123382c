import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { kafkaMatchers, type KafkaMatchers } from './matchers.ts';
import type { ExpectedRecord } from './record-view.ts';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- vitest's own parameters
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends KafkaMatchers<R> {}
}
expect.extend(kafkaMatchers);

async function orders() {
  const cluster = await MockCluster.start({ topics: { orders: 2, none: 1 } });
  cluster
    .topic('orders')
    .append(
      { key: 'a', value: '{"total":7,"items":["x"]}', headers: { trace: '1', empty: null } },
      { key: null, value: 'text' },
      { partition: 1, key: Buffer.from([0xff]), value: null },
    );
  return cluster;
}

describe('toHaveRecord', () => {
  it.each<[what: string, expected: ExpectedRecord]>([
    ['a key', { key: 'a' }],
    ['JSON', { value: { total: 7, items: ['x'] } }],
    ['a part of JSON', { value: expect.objectContaining({ total: 7 }) }],
    ['text', { key: null, value: 'text' }],
    ['a part of text', { value: expect.stringContaining('ext') }],
    ['bytes', { key: Buffer.from([0xff]) }],
    ['a tombstone', { partition: 1, value: null }],
    ['one of its headers', { headers: { trace: '1' } }],
    ['a header without a value', { headers: { empty: null } }],
    ['a place', { partition: 0, offset: 1 }],
  ])('finds %s', async (_, expected) => {
    await using cluster = await orders();
    expect(cluster.topic('orders')).toHaveRecord(expected);
  });

  it.each<[what: string, expected: ExpectedRecord]>([
    ['another key', { key: 'b' }],
    ['another number', { value: { total: 8, items: ['x'] } }],
    ['JSON with less in it', { value: { total: 7 } }],
    ['the right value of the wrong key', { key: 'a', value: 'text' }],
    ['a missing header', { headers: { trace: '1', other: 'x' } }],
    ['another offset', { offset: 2 }],
  ])('does not find %s', async (_, expected) => {
    await using cluster = await orders();
    expect(cluster.topic('orders')).not.toHaveRecord(expected);
  });

  it('shows what is there instead', async () => {
    await using cluster = await orders();
    cluster.topic('none').append({ key: 'k', value: '{"total":1}' });
    expect(() => expect(cluster.topic('none')).toHaveRecord({ key: 'k', value: { total: 2 } })).toThrow(
      /none of the 1 records in 'none' matches:[^]*- .*"total": 2[^]*\+ .*"total": 1/,
    );
    cluster.topic('none').recreate();
    expect(() => expect(cluster.topic('none')).toHaveRecord({ key: 'k' })).toThrow("'none' is empty: no record");
    expect(() => expect(cluster.topic('orders')).not.toHaveRecord({ key: 'a' })).toThrow("'orders' has a record");
  });
});

describe('toHaveRecords', () => {
  it('wants all, in order', async () => {
    await using cluster = await orders();
    const all = [{ key: 'a', value: { total: 7, items: ['x'] } }, { value: 'text' }, { partition: 1 }];
    expect(cluster.topic('orders')).toHaveRecords(all);
    expect(cluster.topic('none')).toHaveRecords([]);
    expect(cluster.topic('orders')).not.toHaveRecords(all.slice(0, 2));
    expect(cluster.topic('orders')).not.toHaveRecords([all[1]!, all[0]!, all[2]!]);
    expect(cluster.topic('orders')).not.toHaveRecords([...all, {}]);
  });

  it('shows the difference', async () => {
    await using cluster = await orders();
    expect(() => expect(cluster.topic('orders')).toHaveRecords([{ key: 'b' }])).toThrow(/- .*"key": "b"[^]*\+ .*"key": "a"/);
  });
});

describe('toHaveCommitted', () => {
  it('compares the next offsets that are named', async () => {
    await using cluster = await orders();
    cluster.group('g').commit('orders', 0, 2);
    cluster.group('g').commit('orders', 1, 1);
    expect(cluster.group('g')).toHaveCommitted({ orders: { 0: 2 } });
    expect(cluster.group('g')).not.toHaveCommitted({ orders: { 0: 2, 1: 0 } });
    expect(cluster.group('other')).not.toHaveCommitted({ orders: { 0: 2 } });
    expect(() => expect(cluster.group('g')).toHaveCommitted({ orders: { 0: 3 } })).toThrow(/- .*"0": 3[^]*\+ .*"0": 2/);
  });
});

describe('a snapshot', () => {
  it('is the same for two runs of the same, whatever the ids and times', async () => {
    await using first = await orders();
    await using second = await orders();
    second.topic('orders').moveLeader(0, 3);
    for (const cluster of [first, second]) cluster.group('g').commit('orders', 0, 1);
    expect(first.snapshot()).toEqual(second.snapshot());
    expect(first.snapshot()).toEqual({
      topics: {
        none: [[]],
        orders: [
          [
            { offset: 0, key: 'a', value: '{"total":7,"items":["x"]}', headers: { trace: '1', empty: null } },
            { offset: 1, key: null, value: 'text' },
          ],
          [{ offset: 0, key: Buffer.from([0xff]), value: null }],
        ],
      },
      groups: { g: { 'orders-0': 1 } },
    });
  });
});
