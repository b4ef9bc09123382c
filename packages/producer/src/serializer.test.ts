import { describe, expect, it } from 'vitest';
import { jsonSerializer, type Serializer, serializing } from './serializer.ts';
import type { StandardSchema } from './standard-schema.ts';

interface Order {
  readonly id: number;
}

/** As zod, valibot and arktype have it: an order, or an issue with its path. */
const orderSchema = (later = false): StandardSchema<Order> => ({
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const { id } = value as Order;
      const result =
        typeof id === 'number' ? { value: { id, checked: true } } : { issues: [{ message: 'a number is needed', path: ['id'] }] };
      return later ? Promise.resolve(result) : result;
    },
  },
});

const giving = (value: unknown): StandardSchema<unknown> => ({ '~standard': { version: 1, vendor: 'test', validate: () => ({ value }) } });
const bytes = new Uint8Array([1, 2]);

describe.each<[string, Serializer<unknown, unknown>, key: unknown, value: unknown]>([
  ['none', {}, 'key', 'value'],
  ['of values', { value: jsonSerializer() }, 'key', '"value"'],
  ['of keys', { key: (data, { topic }) => `${topic}/${String(data)}` }, 'orders/key', 'value'],
  ['of both, with promises', { key: async () => bytes, value: () => Promise.resolve('later') }, bytes, 'later'],
  ["PyKafka's, of both", (value, key) => [`${String(value)}!`, `${String(key)}?`], 'key?', 'value!'],
  ["PyKafka's, with a promise", async (value, key) => [`${String(value)}!`, `${String(key)}?`], 'key?', 'value!'],
  ['a schema that gives an object', { value: giving({ a: 1 }) }, 'key', '{"a":1}'],
  ['a schema that gives a string', { value: giving('text') }, 'key', 'text'],
  ['a schema that gives bytes', { value: giving(bytes) }, 'key', bytes],
  ['a schema that gives a number', { value: giving(7) }, 'key', '7'],
  ['a schema that is a function too', { value: Object.assign(() => 'called', giving('checked')) }, 'key', 'checked'],
])('the serializer %s', (_name, serializer, key, value) => {
  it('makes bytes', async () => {
    const message = { topic: 'orders', key: 'key', value: 'value', headers: { h: 'x' }, partition: 3 };
    expect(await serializing(serializer)(message)).toMatchObject({ topic: 'orders', key, value, partition: 3 });
  });
});

it('null, which is no key or a tombstone, is not shown to the serializer of a field', () => {
  const serialize = serializing({ key: () => 'shown', value: () => 'shown' });
  expect(serialize({ topic: 'orders', value: null })).toEqual({ topic: 'orders', key: null, value: null });
});

it('null is shown to a serializer of both', () => {
  const serialize = serializing<string, string>((value, key) => [value ?? 'no value', key ?? 'no key']);
  expect(serialize({ topic: 'orders', value: null })).toMatchObject({ key: 'no key', value: 'no value' });
});

describe.each([false, true])('a Standard Schema, by a promise: %s', (later) => {
  it('gives what is written', async () => {
    const serialize = serializing<Order, string>({ value: orderSchema(later) });
    expect(await serialize({ topic: 'orders', value: { id: 7 } })).toMatchObject({ value: '{"id":7,"checked":true}' });
  });

  it('refuses what is not valid, and says where', async () => {
    const serialize = serializing<Order, string>({ value: orderSchema(later) });
    const refused = (async () => serialize({ topic: 'orders', value: { id: '7' as never } }))();
    await expect(refused).rejects.toMatchObject({
      message: "the value serializer refused a message to 'orders': id: a number is needed",
      persistence: 'not persisted',
      retriable: false,
      cause: expect.any(TypeError),
    });
  });
});

it.each<[string, Serializer<unknown, unknown>]>([
  [
    'throws',
    {
      key: () => {
        throw new Error('no');
      },
    },
  ],
  ['rejects', { key: () => Promise.reject(new Error('no')) }],
  [
    'throws for both',
    () => {
      throw new Error('no');
    },
  ],
])('a serializer that %s makes an error that says where', async (_name, serializer) => {
  const refused = (async () => serializing(serializer)({ topic: 'orders', key: 'a', value: '' }))();
  await expect(refused).rejects.toMatchObject({
    message: expect.stringMatching(/serializer refused a message to 'orders': no$/),
    name: 'KafkaError',
  });
});

it('what waits for a promise shares no bytes with the message', async () => {
  const [key, header] = [new Uint8Array([1]), new Uint8Array([2])];
  const serialized = serializing<string, Uint8Array>({ value: async (value) => value })({
    topic: 'orders',
    key,
    value: 'a',
    headers: { header },
  });
  key[0] = header[0] = 9;
  expect(await serialized).toEqual({ topic: 'orders', key: Buffer.from([1]), value: 'a', headers: [['header', Buffer.from([2])]] });
});

it.each<[unknown, string]>([
  [{ vlaue: () => '' }, "serializer has no option 'vlaue'; did you mean 'value'?"],
  [{ value: 'json' }, 'the serializer of the value must be a function or a Standard Schema, not string'],
  [giving(1), 'a schema is for the key or the value'],
  ['json', 'serializer needs options, as an object'],
])('refuses %j as a serializer', (serializer, message) => {
  expect(() => serializing(serializer as Serializer<unknown, unknown>)).toThrow(message);
});

it('says what is no message before anything is serialized', () => {
  const serialize = serializing({ value: () => 'shown' });
  expect(() => serialize(null as never)).toThrow('a message must be an object');
  expect(() => serialize({ value: 'a' } as never)).toThrow('a message needs a topic');
});
