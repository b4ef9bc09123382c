import { expect, it } from 'vitest';
import { clusterOf, clusterSymbol } from './cluster-symbol.ts';

it.each([
  [undefined, 'Producer needs a KafkaClient or one of its topics, not undefined: await KafkaClient.connect({ brokers })'],
  ['orders', "Producer needs a KafkaClient or one of its topics, not 'orders': await KafkaClient.connect({ brokers })"],
  [{}, 'Producer needs a KafkaClient or one of its topics, not {}: await KafkaClient.connect({ brokers })'],
  [Promise.resolve(), 'Producer needs a KafkaClient or one of its topics, not a promise: await it'],
])('refuses %o', (source, message) => {
  expect(() => clusterOf('Producer', source as never)).toThrow(new TypeError(message));
});

it('gives the cluster of a client', () => {
  const cluster = {};
  expect(clusterOf('Producer', { [clusterSymbol]: cluster })).toBe(cluster);
});
