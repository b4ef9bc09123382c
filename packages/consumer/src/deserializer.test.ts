import type { Topic } from '@tskafka/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { deserializing, type Deserializers, jsonDeserializer } from './deserializer.ts';
import { SimpleConsumer } from './simple-consumer.ts';

interface Order {
  readonly euros: number;
}

const origin = { topic: 'orders', partition: 0 };
const json = Buffer.from('{"euros":20}');
const key = Buffer.from('k');

describe('a deserializer for key and value each', () => {
  it.each<[string, Deserializers<unknown, unknown>, unknown, unknown]>([
    ['none of them', {}, json, key],
    ['the value', { value: jsonDeserializer<Order>() }, { euros: 20 }, key],
    ['the key, by the topic', { key: (bytes, { topic }) => `${topic} ${String(bytes)}` }, json, 'orders k'],
    ['both, by promises', { key: async () => 1, value: async () => 2 }, 2, 1],
    ['the value by a promise', { key: () => 1, value: async () => 2 }, 2, 1],
    ['the key by a promise', { key: async () => 1, value: () => 2 }, 2, 1],
  ])('makes %s', async (_, deserializer, value, madeKey) => {
    expect(await deserializing(deserializer)!(json, key, origin)).toEqual([value, madeKey]);
  });

  it('sees null, which JSON leaves as it is', () => {
    const value = jsonDeserializer<Order>();
    expect(deserializing<Order | null, Buffer | null>({ value })!(null, null, origin)).toEqual([null, null]);
  });

  it('fails with what the value’s threw, and leaves no rejection of the key’s behind', async () => {
    const refuse = (): never => {
      throw new TypeError('no');
    };
    const both = { key: () => Promise.reject(new RangeError('later')), value: refuse };
    await expect(deserializing<never, never>(both)!(json, key, origin)).rejects.toThrow(/no|later/);
  });

  it.each([
    [{ vlaue: () => 1 }, "deserializer has no option 'vlaue'; did you mean 'value'?"],
    [{ value: JSON }, 'the deserializer of the value must be a function, not {}'],
    [JSON, 'deserializer must be { key, value } with functions, not an object with parse(); jsonDeserializer() reads JSON'],
    ['json', "deserializer must be { key, value } or a function (value, key) => [value, key], not 'json'"],
  ])('is not %j', (deserializer, message) => {
    expect(() => deserializing(deserializer as never)).toThrow(new TypeError(message));
  });
});

it('gives messages its types', () => {
  const typed = (topic: Topic) => new SimpleConsumer(topic, { deserializer: { value: jsonDeserializer<Order>() } });
  expectTypeOf(typed).returns.toEqualTypeOf<SimpleConsumer<Order | null, Buffer | null>>();
  const started = (topic: Topic) => SimpleConsumer.start(topic, { deserializer: { key: String, value: async () => 1 } });
  expectTypeOf(started).returns.resolves.toEqualTypeOf<SimpleConsumer<number, string>>();
  const pair = (topic: Topic) => new SimpleConsumer(topic, { deserializer: (value) => [String(value), 1] as const });
  expectTypeOf(pair).returns.toEqualTypeOf<SimpleConsumer<string, 1>>();
});
