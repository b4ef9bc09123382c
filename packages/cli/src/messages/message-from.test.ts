import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { UsageError } from '../frame/failure.ts';
import { fromJsonLine, jsonLine } from './json-line.ts';
import { messageFrom, type RecordFlags } from './message-from.ts';

const text = (bytes: unknown): unknown => (Buffer.isBuffer(bytes) ? bytes.toString() : bytes);

describe('a line becomes a message', () => {
  it.each<[RecordFlags, string, object]>([
    [{}, 'a:b', { key: null, value: 'a:b' }],
    [{ key: 'k' }, 'v', { key: 'k', value: 'v' }],
    [{ keyDelimiter: ':' }, 'k:v:w', { key: 'k', value: 'v:w' }],
    [{ keyDelimiter: '\\t' }, 'k\tv', { key: 'k', value: 'v' }],
    [{ keyDelimiter: '=>' }, 'none', { key: null, value: 'none' }],
    [{ keyDelimiter: ':', nulls: true }, ':', { key: null, value: null }],
    [{ keyDelimiter: ':' }, ':', { key: '', value: '' }],
    [{ headerDelimiter: '|', keyDelimiter: ':' }, 'a=1,b|k:v', { key: 'k', value: 'v', headers: [['a', '1'], ['b', null]] }], // prettier-ignore
    [{ header: [['h', null]], partition: 2, timestamp: 5 }, 'v', { value: 'v', headers: [['h', null]], partition: 2, timestamp: 5 }],
  ])('%j %j', (flags, line, expected) => {
    const message = messageFrom('t', flags, false)(Buffer.from(line), 1);
    expect({ ...message, key: text(message.key), value: text(message.value) }).toMatchObject({ topic: 't', ...expected });
  });

  it.each<[RecordFlags, string, boolean, number]>([
    [{}, 'v', false, 7],
    [{ keyDelimiter: ':' }, 'k:v', false, 7],
    [{ timestamp: 5 }, 'v', false, 5],
    [{}, '{"value":"v"}', true, 7],
    [{}, '{"value":"v","timestamp":6}', true, 6],
    [{ timestamp: 5 }, '{"value":"v","timestamp":6}', true, 5],
  ])('%j %s that was read at 7 (in JSON: %s) has the time %i', (flags, line, isJson, expected) => {
    expect(messageFrom('t', flags, isJson)(Buffer.from(line), 1, 7).timestamp).toBe(expected);
  });

  it.each<[RecordFlags, boolean]>([
    [{ key: 'k', keyDelimiter: ':' }, false],
    [{ keyDelimiter: '' }, false],
    [{ keyDelimiter: ':' }, true],
    [{ keepPartitions: true }, false],
  ])('%j is refused', (flags, isJson) => {
    expect(() => messageFrom('t', flags, isJson)).toThrow(UsageError);
  });

  it.each(['no json', '[]', '{}', '{"value":"v","timestamp":"x"}', '{"value":"v","headers":["x"]}', '{"value":"v","valueEncoding":"hex"}'])(
    'a line of JSON that is none is named by its number: %s',
    (line) => {
      expect(() => messageFrom('t', {}, true)(Buffer.from(line), 7)).toThrow(/^message 7 of the input cannot be read/);
    },
  );
});

it('what consume prints, produce reads: the same bytes', () => {
  const bytes = fc.option(fc.oneof(fc.uint8Array(), fc.string().map((string) => Buffer.from(string)))).map((given) => given && Buffer.from(given)); // prettier-ignore
  fc.assert(
    fc.property(bytes, bytes, fc.array(fc.tuple(fc.string(), bytes)), fc.nat(), (key, value, headers, timestamp) => {
      const line = jsonLine({ topic: 't', partition: 1, offset: 2, timestamp, key, value, headers });
      expect(fromJsonLine(line)).toEqual({ key, value, headers, timestamp, partition: 1 });
    }),
  );
});
