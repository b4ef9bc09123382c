import { describe, expect, it } from 'vitest';
import { type Column, renderRows } from './rows.ts';

interface Row {
  readonly topic: string;
  readonly end: number | undefined;
  readonly leaders?: readonly number[];
}
const columns: readonly Column<Row>[] = [
  { name: 'topic', value: ({ topic }) => topic },
  { name: 'logEnd', value: ({ end }) => end },
  { name: 'leaders', value: ({ leaders }) => leaders },
];
const rows: readonly Row[] = [
  { topic: 'a', end: 1, leaders: [1, 2] },
  { topic: 'long-\u001bname', end: 1234 },
  { topic: '日本', end: undefined },
];
const style = { headings: true, terminalWidth: Infinity, bold: (text: string) => text };

describe('rows', () => {
  it('a number that names something has no separators: a person types it again', () => {
    const id: Column<Row> = { name: 'id', value: ({ end }) => end, isId: true };
    expect(renderRows([id], rows, 'table', style)).toBe('  ID\n   1\n1234\n   -\n');
  });

  it('a table has capitals on top, words to the left, numbers to the right and `-` for what is unknown', () => {
    expect(renderRows(columns, rows, 'table', style)).toBe(
      [
        'TOPIC          LOG-END  LEADERS',
        'a                    1  1,2',
        'long-\\x1bname    1,234  -',
        '日本                 -  -',
        '',
      ].join('\n'),
    );
  });

  it('JSON has the values as they are, under the names', () => {
    const objects = [
      { topic: 'a', logEnd: 1, leaders: [1, 2] },
      { topic: 'long-\u001bname', logEnd: 1234, leaders: null },
      { topic: '日本', logEnd: null, leaders: null },
    ];
    expect(JSON.parse(renderRows(columns, rows, 'json', style))).toEqual(objects);
    expect(renderRows(columns, rows, 'ndjson', style)).toBe(objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
  });

  it('TSV has no headings, no separators, and nothing that breaks a line', () => {
    expect(renderRows(columns, [{ topic: 'a\tb\\', end: 1234 }], 'tsv', style)).toBe('a\\tb\\\\\t1234\t-\n');
  });

  it('a terminal cuts a row at its width', () => {
    expect(renderRows(columns, rows.slice(0, 1), 'table', { ...style, terminalWidth: 12 })).toBe('TOPIC  LOG-…\na          …\n');
  });

  it('without headings there are only rows', () => {
    expect(renderRows(columns, rows.slice(0, 1), 'table', { ...style, headings: false })).toBe('a  1  1,2\n');
  });
});
