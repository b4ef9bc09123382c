import { describe, expect, it } from 'vitest';
import { isHomogeneous, subscribedNames, topicsOf } from './subscriptions.ts';

const regexes = new Map([['o.*', { topics: new Set(['one', 'other']), version: 1, resolvedAt: 0 }]]);
const member = (names: readonly string[], regex = '') => ({ subscribedTopicNames: new Set(names), subscribedTopicRegex: regex });

describe('subscriptions', () => {
  it('are the names and what the regular expression has matched', () => {
    expect(subscribedNames(member(['two'], 'o.*'), regexes)).toEqual(new Set(['two', 'one', 'other']));
    expect(subscribedNames(member(['two'], 'unresolved'), regexes)).toEqual(new Set(['two']));
    expect(topicsOf([member(['two']), member([], 'o.*')], regexes)).toEqual(new Set(['two', 'one', 'other']));
  });

  it.each([
    ['the same names', [member(['a', 'b']), member(['b', 'a'])], true],
    ['other names', [member(['a']), member(['b'])], false],
    ['fewer names', [member(['a', 'b']), member(['a'])], false],
    ['one without a subscription', [member(['a']), member([])], false],
    ['nobody with one', [member([]), member([])], true],
    ['the same regular expression', [member([], 'o.*'), member([], 'o.*')], true],
    ['two regular expressions', [member([], 'o.*'), member([], 'x')], false],
    ['a regular expression and a name', [member([], 'o.*'), member(['one'])], false],
    ['a regular expression with a name', [member(['a'], 'o.*')], false],
  ])('%s: homogeneous? ', (_, members, homogeneous) => {
    expect(isHomogeneous(members, regexes)).toBe(homogeneous);
  });
});
