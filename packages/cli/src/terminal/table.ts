import { fit, pad, width } from './width.ts';

export interface TableColumn {
  readonly heading: string;
  readonly align: 'left' | 'right';
}

/** Columns for a person: capitals on top, two spaces between, no lines. On a terminal long names are cut short, and what still does not fit at the right. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  { headings = true, terminalWidth = Infinity, bold = (text: string) => text } = {},
): string {
  const all = headings ? [columns.map(({ heading }) => heading), ...rows] : rows;
  const wanted = columns.map((_, i) => all.reduce((most, row) => Math.max(most, width(row[i]!)), 0));
  const widths = shrunk(wanted, columns, terminalWidth);
  return all
    .map((row, r) => {
      const line = row
        .map((cell, i) => pad(fit(cell, widths[i]!), widths[i]!, columns[i]!.align))
        .join('  ')
        .trimEnd();
      const shown = fit(line, terminalWidth);
      return `${headings && r === 0 ? bold(shown) : shown}\n`;
    })
    .join('');
}

/** One long name must not push off all that stands behind it: words that take more than half of the terminal give way, the longest first. */
function shrunk(widths: readonly number[], columns: readonly TableColumn[], terminalWidth: number): number[] {
  const shrinking = [...widths];
  const half = Math.floor(terminalWidth / 2);
  let over = widths.reduce((sum, each) => sum + each + 2, -2) - terminalWidth;
  for (; over > 0; over--) {
    const longest = Math.max(...shrinking.filter((_, i) => columns[i]!.align === 'left'));
    if (!(longest > half)) break;
    shrinking[shrinking.findIndex((each, i) => each === longest && columns[i]!.align === 'left')]!--;
  }
  return shrinking;
}
