import { fit, pad, width } from './width.ts';

export interface TableColumn {
  readonly heading: string;
  readonly align: 'left' | 'right';
}

/** Columns for a person: capitals on top, two spaces between, no lines. On a terminal a row is cut to its width. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  { headings = true, terminalWidth = Infinity, bold = (text: string) => text } = {},
): string {
  const all = headings ? [columns.map(({ heading }) => heading), ...rows] : rows;
  const widths = columns.map((_, i) => all.reduce((most, row) => Math.max(most, width(row[i]!)), 0));
  return all
    .map((row, r) => {
      const line = row
        .map((cell, i) => pad(cell, widths[i]!, columns[i]!.align))
        .join('  ')
        .trimEnd();
      const shown = fit(line, terminalWidth);
      return `${headings && r === 0 ? bold(shown) : shown}\n`;
    })
    .join('');
}
