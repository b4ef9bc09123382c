import { describe, expect, it } from 'vitest';
import { parseJaas, parseProperties } from './properties.ts';

it.each([
  ['a=b', [['a', 'b']]],
  ['  a.b : c d ', [['a.b', 'c d ']]],
  ['a b', [['a', 'b']]],
  ['# no\n! no\n\na=1\r\nb=2', [['a', '1'], ['b', '2']]], // prettier-ignore
  ['a=one\\\n   two', [['a', 'onetwo']]],
  ['a=back\\\\\nb=2', [['a', 'back\\'], ['b', '2']]], // prettier-ignore
  ['p=\\u00e4\\t\\=', [['p', 'ä\t=']]],
  ['a\\:b=c=d', [['a:b', 'c=d']]],
  ['empty', [['empty', '']]],
] as const)('reads %j as Java does', (text, expected) => {
  expect([...parseProperties(text)]).toEqual(expected);
});

describe('a JAAS configuration', () => {
  it('gives its module and options', () => {
    const text = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="al\\"ice" password=\'p;=w\';';
    const { module, options } = parseJaas(text);
    expect(module).toMatch(/PlainLoginModule$/);
    expect([...options]).toEqual([['username', 'al"ice'], ['password', 'p;=w']]); // prettier-ignore
  });
});
