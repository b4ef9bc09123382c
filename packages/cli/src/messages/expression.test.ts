import { describe, expect, it } from 'vitest';
import { UsageError } from '../frame/failure.ts';
import { parseExpression } from './expression.ts';

const scope = {
  key: 'eu-1',
  offset: 42,
  value: { total: 150, tags: ['a', 'b'], 'odd name': 1, nested: { ok: true } },
  headers: new Map([['type', 'sale']]),
};
const names = Object.keys(scope);

it.each([
  ['value.total > 100', true],
  ['value.total > 100 && headers.type == "sale"', true],
  ["value.total > 100 && headers.type === 'buy'", false],
  ['key =~ /^EU-/i', true],
  ['key !~ /^eu-/', false],
  ['value.total / 3 == 50', true],
  ['value.total / 3 / 5 == 10', true],
  ['!(offset < 42) || false', true],
  ['1 + 2 * 3 == 7', true],
  ['(1 + 2) * 3 == 9', true],
  ['-offset == -42', true],
  ['10 - 4 - 3 == 3', true],
  ['value.tags[1] == "b" && value.tags.length == 2', true],
  ['value["odd name"] == 1', true],
  ['value.nested.ok', true],
  ['value?.nothing?.deeper == undefined', true],
  ['value.nothing.deeper > 3', false],
  ['value.nothing < 3', false],
  ['headers.missing == undefined', true],
  ['headers["type"] + "-" + key == "sale-eu-1"', true],
  ['offset % 2 == 0 || value.boom', true],
])('%s is %s', (source, expected) => {
  expect(parseExpression(source, names)(scope)).toBe(expected);
});

it.each(['value.constructor', 'key.length.constructor', 'value.__proto__', 'headers.get', 'value.tags.map'])(
  '%s reaches nothing but data',
  (source) => {
    expect(parseExpression(source, names)(scope)).toBeUndefined();
  },
);

describe('what cannot be read', () => {
  it.each(['', 'value.', 'value >', '(value', 'process.exit()', 'value.total > 100 &', 'key =~ /(/', '"open', 'a b', 'value.total()'])(
    '%j is refused',
    (source) => {
      expect(() => parseExpression(source, names)).toThrow(UsageError);
    },
  );

  it('names what was meant', () => {
    expect(() => parseExpression('vlaue.total > 1', names)).toThrow(expect.objectContaining({ hint: 'did you mean value?' }));
  });
});
