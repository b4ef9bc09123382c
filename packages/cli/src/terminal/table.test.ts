import { describe, expect, it } from 'vitest';
import { table } from './table.ts';

const columns = [
  { heading: 'TOPIC', align: 'left' },
  { heading: 'END', align: 'right' },
  { heading: 'LEADERS', align: 'left' },
] as const;

function shown(terminalWidth: number, ...rows: readonly (readonly string[])[]): string[] {
  return table(columns, rows, { terminalWidth }).trimEnd().split('\n');
}

describe('a table on a terminal', () => {
  const rows = [
    ['orders', '1,234', '1,2'],
    ['a-topic-with-a-very-long-name', '5', '1'],
  ] as const;

  it('is as wide as what is in it', () => {
    expect(shown(80, ...rows)).toEqual([
      'TOPIC                            END  LEADERS',
      'orders                         1,234  1,2',
      'a-topic-with-a-very-long-name      5  1',
    ]);
  });

  it('cuts a long name short before it pushes off what stands behind it', () => {
    expect(shown(40, ...rows)).toEqual([
      'TOPIC                       END  LEADERS',
      'orders                    1,234  1,2',
      'a-topic-with-a-very-lon…      5  1',
    ]);
  });

  it('leaves a column half of the width, and cuts rows where that is not enough', () => {
    expect(shown(24, ...rows)).toEqual(['TOPIC           END  LE…', 'orders        1,234  1,2', 'a-topic-wit…      5  1']);
  });

  it('does not shorten what goes to a file', () => {
    expect(shown(Infinity, ...rows)[2]).toContain('very-long-name');
  });
});
