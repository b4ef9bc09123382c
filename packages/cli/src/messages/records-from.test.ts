import { describe, expect, it } from 'vitest';
import { unescapeBytes } from './escapes.ts';
import { recordsFrom } from './records-from.ts';

async function cut(chunks: string[], delimiter: string): Promise<string[]> {
  async function* stream() {
    for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
  }
  const records = [];
  for await (const part of recordsFrom(stream(), unescapeBytes(delimiter))) records.push(...part.map(String));
  return records;
}

describe('recordsFrom', () => {
  it.each<[string[], string, string[]]>([
    [['a\nb\nc\n'], '\\n', ['a', 'b', 'c']],
    [['a\nb'], '\\n', ['a', 'b']],
    [['a', 'b\n', '\nc'], '\\n', ['ab', '', 'c']],
    [['a-', '-b--', 'c'], '--', ['a', 'b', 'c']],
    [['a-', '-', '-b'], '--', ['a', '-b']],
    [['a', 'b', 'c'], '\\n', ['abc']],
    [['a\n', 'b\n'], '\\n', ['a', 'b']],
    [['long-', '-', 'x', '-', '-', '-y'], '---', ['long--x', 'y']],
    [['-', '-', '-', 'a-', '--'], '---', ['', 'a']],
    [['ä', 'ö\0ü'], '\\0', ['äö', 'ü']],
    [[], '\\n', []],
  ])('%o cut at %o is %o', async (chunks, delimiter, expected) => {
    expect(await cut(chunks, delimiter)).toEqual(expected);
  });

  it('gives many records as several lists, and each once', async () => {
    const lines = Array.from({ length: 1200 }, (_, i) => String(i));
    async function* stream() {
      yield await Promise.resolve(Buffer.from(lines.join('\n')));
    }
    const lists = [];
    for await (const part of recordsFrom(stream(), Buffer.from('\n'))) lists.push(part.map(String));
    expect(lists.flat()).toEqual(lines);
    expect(Math.max(...lists.map((list) => list.length))).toBe(500);
  });

  it.each([
    ['\\n', '\n'],
    ['\\t', '\t'],
    ['\\x1e', '\u001e'],
    ['\\\\', '\\'],
    ['\\xff', '\u00ff'],
    [':', ':'],
  ])('the delimiter %s', (typed, expected) => {
    expect(unescapeBytes(typed).toString('latin1')).toBe(expected);
  });
});
