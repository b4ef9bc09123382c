import { describe, expect, it } from 'vitest';
import { ConsumerPartitions, type PartitionKey, pairsOf } from './consumer-partitions.ts';

describe('pairsOf', () => {
  it.each([[[0, 5]], new Map([[0, 5]])])('takes %o', (given) => {
    expect(pairsOf(given as Iterable<[PartitionKey, number]>)).toEqual([[0, 5]]);
  });

  it.each([
    [[{ topic: 'orders', partition: 0, offset: '5' }], '[{"topic":"orders","partition":0,"offset":"5"}]'], // as kafkajs has it
    [[0, 5], '[0,5]'],
    [{ 0: 5 }, '{"0":5}'],
    [null, 'null'],
  ])('refuses %j', (given, text) => {
    const message = `offsets are given as [[partition, offset]] or [[{ topic, partition }, offset]], not ${text}`;
    expect(() => pairsOf(given as never)).toThrow(new TypeError(message));
  });
});

describe('the partitions that are meant', () => {
  it.each([
    [[{ topic: 'orders', partitions: [0] }], 'a partition is a number or { topic, partition }, not {"topic":"orders","partitions":[0]}'],
    [['0'], "a partition is a number or { topic, partition }, not '0'"],
    [0, 'partitions are given as a list, such as [0, 1], not 0'],
  ])('are not %j', (keys, message) => {
    expect(() => new ConsumerPartitions().chosen(keys as never)).toThrow(new TypeError(message));
  });
});
