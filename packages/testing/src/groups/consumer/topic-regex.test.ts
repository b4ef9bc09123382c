import { describe, expect, it } from 'vitest';
import { TopicRegex, topicRegexFault } from './topic-regex.ts';

describe('TopicRegex', () => {
  it.each([
    ['orders', 'orders', true],
    ['orders', 'my-orders', false],
    ['order', 'orders', false],
    ['order.*', 'orders', true],
    ['a|b', 'b', true],
    ['a|b', 'ab', false],
    ['(?i)orders', 'ORDERS', true],
    ['(?P<kind>a|b)-\\d+', 'b-12', true],
    ['[[:x]+', 'x:', true],
    ['\\Aorders\\z', 'orders', true],
    ['a{2,3}', 'aa', true],
    ['a\\.b', 'axb', false],
  ])('%j and the topic %j: %j', (source, topic, matches) => {
    expect(new TopicRegex(source).matches(topic)).toBe(matches);
  });

  // The words of Kafka 4.3.1, which are those of RE2/J.
  it.each([
    ['[', 'missing closing ]'],
    ['(', 'missing closing )'],
    [')', 'regexp/syntax: internal error'],
    ['a**', 'invalid nested repetition operator'],
    ['a++', 'invalid nested repetition operator'],
    ['x{2}{3}', 'invalid nested repetition operator'],
    ['*a', 'missing argument to repetition operator'],
    ['(?=a)', 'invalid or unsupported Perl syntax'],
    ['(?z)a', 'invalid or unsupported Perl syntax'],
    ['\\1', 'invalid escape sequence'],
    ['\\q', 'invalid escape sequence'],
    ['a{2,1}', 'invalid repeat count'],
    ['a{1001}', 'invalid repeat count'],
    ['(?P<n', 'invalid named capture'],
    ['[b-a]', 'invalid character class range'],
    ['\\', 'trailing backslash at end of expression'],
  ])('refuses %j: %s', (source, fault) => {
    expect(topicRegexFault(source)).toBe(fault);
  });

  it.each(['\\\\q', 'a{1000}', '\\d\\w\\s\\.', 'a*?', '(?:a)+', '.*', ''])('has nothing against %j', (source) => {
    expect(topicRegexFault(source)).toBeUndefined();
  });
});
