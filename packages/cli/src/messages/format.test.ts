import { describe, expect, it } from 'vitest';
import { UsageError } from '../frame/failure.ts';
import { parseFormat } from './format.ts';

const message = {
  topic: 'orders',
  partition: 3,
  offset: 42,
  timestamp: 1795418150078,
  key: Buffer.from('k'),
  value: Buffer.from([0x76, 0xff]),
  headers: [['a', Buffer.from('1')], ['b', null], ['a', Buffer.from('2')]] as const, // prettier-ignore
};

describe('a format string', () => {
  it.each([
    ['%t/%p/%o', 'orders/3/42'],
    ['%k=%K %S\\n', 'k=1 2\n'],
    ['%T\\t%{time}', '1795418150078\t2026-11-23T07:15:50.078Z'],
    ['%h', 'a=1,b=NULL,a=2'],
    ['%{header:a} %{header:b} %{header:c}|', '2  |'],
    ['%{value:hex} %{value:base64} %{key:hex}', '76ff dv8= 6b'],
    ['100%% %{lag}', '100% 7'],
    ['\\x41\\\\', 'A\\'],
    ['{"o":%o}', '{"o":42}'],
  ])('%s', (format, expected) => {
    expect(parseFormat(format)(message, 7).toString()).toBe(expected);
  });

  it('gives bytes as they are, and lengths as kcat does', () => {
    expect(parseFormat('%R%s')(message, 0)).toEqual(Buffer.from([0, 0, 0, 2, 0x76, 0xff]));
    expect(parseFormat('%s%S%K')({ ...message, value: null, key: null }, 0).toString()).toBe('-1-1');
  });

  it.each(['%x', '%', '%{tiem}', '%{}'])('refuses %s', (format) => {
    expect(() => parseFormat(format)).toThrow(UsageError);
  });
});
