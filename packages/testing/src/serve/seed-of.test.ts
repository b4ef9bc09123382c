import { expect, it } from 'vitest';
import { seedOf } from './seed-of.ts';

it('reads what consume --json writes', () => {
  const line = (message: object): string => JSON.stringify(message);
  const text = [
    line({ topic: 'orders', partition: 2, offset: 7, timestamp: 1000, key: 'k', value: '{"a":1}', headers: [['h', 'x'], ['n', null], ['b', { base64: '/w==' }]] }), // prettier-ignore
    '',
    line({ topic: 'logs', value: '/w==', valueEncoding: 'base64' }),
    line({ topic: 'logs', key: 'gone', value: null }),
    line({ topic: 'logs', value: { a: 1 } }),
  ].join('\n');
  const none = { partition: 0, key: null, headers: [] };
  expect(seedOf(text, 'seed.jsonl')).toEqual([
    {
      ...{ topic: 'orders', partition: 2, timestamp: 1000, key: Buffer.from('k'), value: Buffer.from('{"a":1}') },
      headers: [['h', Buffer.from('x')], ['n', null], ['b', Buffer.from([0xff])]], // prettier-ignore
    },
    { ...none, topic: 'logs', value: Buffer.from([0xff]) },
    { ...none, topic: 'logs', key: Buffer.from('gone'), value: null },
    { ...none, topic: 'logs', value: Buffer.from('{"a":1}') },
  ]);
});

it.each([
  ['{', 'line 1: '],
  ['{"value":"x"}', 'line 1: it names no topic'],
  ['{"topic":"t"}', 'line 1: it has no value'],
  ['{"topic":"t","value":"x"}\n{"topic":"t","value":"x","partition":-1}', 'line 2: its partition'],
  ['{"topic":"t","value":"x","timestamp":"now"}', 'line 1: its timestamp'],
  ['{"topic":"t","value":"x","valueEncoding":"hex"}', 'line 1: its encoding'],
  ['{"topic":"t","value":"x","headers":["a"]}', 'line 1: its headers'],
])('refuses %s', (text, message) => {
  expect(() => seedOf(text, 'seed.jsonl')).toThrow(`seed.jsonl, ${message}`);
});
