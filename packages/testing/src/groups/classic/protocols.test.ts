import { describe, expect, it } from 'vitest';
import { areSame, isSupported, selectProtocol } from './protocols.ts';

const members = (...preferences: string[][]) => preferences.map((names) => ({ protocols: names.map((name) => ({ name })) }));
const protocols = (...pairs: [name: string, metadata: string][]) => pairs.map(([name, text]) => ({ name, metadata: Buffer.from(text) }));

describe('the protocol of a group', () => {
  it.each([
    ['the only one', members(['range']), 'range'],
    ['what a lone member likes best', members(['sticky', 'range']), 'sticky'],
    ['what all have, though nobody likes it best', members(['a', 'b'], ['c', 'b']), 'b'],
    ['what most like best', members(['a', 'b'], ['b', 'a'], ['b', 'a']), 'b'],
    ['the one that Java’s HashMap has first, with equal votes', members(['roundrobin', 'range'], ['range', 'roundrobin']), 'range'],
    ['the one that Java’s HashMap has first, with equal votes', members(['range', 'sticky'], ['sticky', 'range']), 'sticky'],
  ])('is %s', (_what, all, expected) => {
    expect(selectProtocol(all)).toBe(expected);
  });

  it.each([
    ['one that all have', ['a'], members(['a', 'b'], ['a']), true],
    ['two, of which all have one', ['c', 'a'], members(['a', 'b'], ['a']), true],
    ['one that some have', ['b'], members(['a', 'b'], ['a']), false],
    ['none', [], members(['a']), false],
    ['any, when nobody is there', ['a'], members(), true],
    ['none, when nobody is there', [], members(), false],
  ])('can be chosen with a member that has %s: %j', (_what, names, all, expected) => {
    expect(isSupported(names, all)).toBe(expected);
  });
});

it.each([
  ['the same', protocols(['a', 'x']), true],
  ['other words', protocols(['a', 'y']), false],
  ['another name', protocols(['b', 'x']), false],
  ['one more', protocols(['a', 'x'], ['b', 'x']), false],
])('a member that says %s as before: %j', (_what, now, expected) => {
  expect(areSame(protocols(['a', 'x']), now)).toBe(expected);
});

it('a member that likes the same protocols in another order says something new', () => {
  expect(areSame(protocols(['a', 'x'], ['b', 'y']), protocols(['b', 'y'], ['a', 'x']))).toBe(false);
});
