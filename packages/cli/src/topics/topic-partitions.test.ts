import { expect, it } from 'vitest';
import { parseTopicPartitions } from './topic-partitions.ts';

it.each([
  ['orders', 'orders', undefined],
  ['orders:0', 'orders', [0]],
  ['a.b_c-d:0,2', 'a.b_c-d', [0, 2]],
  ['orders:1-3', 'orders', [1, 2, 3]],
])('%s', (text, topic, partitions) => {
  expect(parseTopicPartitions(text)).toEqual({ topic, partitions });
});

it.each([':0', 'orders:', 'orders:x', 'orders:3-1'])('refuses %s', (text) => {
  expect(() => parseTopicPartitions(text)).toThrow(/no/);
});
