import { expect, it } from 'vitest';
import { readOffsets } from './new-offset.ts';

const offsets = [{ topic: 'a', partition: 0, offset: 5 }, { topic: 'b', partition: 1, offset: 0 }]; // prettier-ignore

it.each([
  ['lines of JSON', '{"topic":"a","partition":0,"offset":5,"more":1}\n{"topic":"b","partition":1,"offset":0}\n'],
  ['a list of JSON', JSON.stringify(offsets, null, 2)],
  ['tabs', 'a\t0\t5\nb\t1\t0\n'],
  ["the CSV of Kafka's tool", '"a",0,5\r\nb,1,0\r\n'],
])('reads %s', (_, text) => {
  expect(readOffsets(text, 'file')).toEqual(offsets);
});

it('reads whose offsets they are, and what a plan had found', () => {
  expect(readOffsets('g,a,0,5\n', 'file')).toEqual([{ group: 'g', topic: 'a', partition: 0, offset: 5 }]);
  const plan = { group: 'g', topic: 'a', partition: 0, offset: 5, committed: null };
  expect(readOffsets(JSON.stringify(plan), 'file')).toEqual([plan]);
});

it.each([
  '{"topic":"a","partition":0}',
  '{"topic":"a","partition":0,"offset":1,"committed":"2"}',
  'a,0,',
  'a,,5',
  '{"topic":',
  'a\t0',
  '{"topic":"a","partition":0,"offset":-1}',
  '[1]',
  '{"topic":"","partition":0,"offset":1}',
])('refuses %s', (text) => {
  expect(() => readOffsets(text, 'file')).toThrow(/^file, (line|entry) 1 is no/);
});
