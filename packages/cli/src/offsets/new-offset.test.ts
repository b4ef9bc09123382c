import { expect, it } from 'vitest';
import { readOffsets } from './new-offset.ts';

const offsets = [{ topic: 'a', partition: 0, offset: 5 }, { topic: 'b', partition: 1, offset: 0 }]; // prettier-ignore

it.each([
  ['lines of JSON', '{"topic":"a","partition":0,"offset":5,"more":1}\n{"topic":"b","partition":1,"offset":0}\n'],
  ['a list of JSON', JSON.stringify(offsets, null, 2)],
  ['tabs', 'a\t0\t5\nb\t1\t0\n'],
])('reads %s', (_, text) => {
  expect(readOffsets(text, 'file')).toEqual(offsets);
});

it.each([
  '{"topic":"a","partition":0}',
  '{"topic":',
  'a\t0',
  '{"topic":"a","partition":0,"offset":-1}',
  '[1]',
  '{"topic":"","partition":0,"offset":1}',
])('refuses %s', (text) => {
  expect(() => readOffsets(text, 'file')).toThrow(/^file, (line|entry) 1 is no/);
});
