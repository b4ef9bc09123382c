import { expect, it } from 'vitest';
import { collides, invalidTopicName } from './topic-name.ts';

it.each(['a', 'A.b_c-9', 'x'.repeat(249), '__proto__', '...'])('allows %j', (name) => {
  expect(invalidTopicName(name)).toBeUndefined();
});

it.each([
  ['', 'the empty string is not allowed'],
  ['.', "'.' is not allowed"],
  ['..', "'..' is not allowed"],
  ['a b', "'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"],
  ['ä', "'ä' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"],
])('refuses %j in Kafka’s words', (name, reason) => {
  expect(invalidTopicName(name)).toBe(`Topic name is invalid: ${reason}`);
});

it('refuses 250 characters', () => {
  expect(invalidTopicName('x'.repeat(250))).toContain('longer than the max allowed length 249');
});

it.each([
  ['a.b', 'a_b', true],
  ['a.b', 'a.b', false],
  ['a.b', 'a-b', false],
])('%s and %s collide: %s', (a, b, expected) => {
  expect(collides(a, b)).toBe(expected);
});
