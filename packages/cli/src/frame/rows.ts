import { oneLine } from '../terminal/printable.ts';
import { table } from '../terminal/table.ts';

export type OutputMode = 'table' | 'json' | 'ndjson' | 'tsv';
export const outputModes: readonly OutputMode[] = ['table', 'json', 'ndjson', 'tsv'];

/** What a column can hold. In JSON it stands as it is; undefined is null. */
export type Cell = string | number | boolean | null | undefined | readonly Cell[] | { readonly [name: string]: Cell };

export interface Column<Row> {
  /** In camelCase: `logEnd` is LOG-END on top of a table. */
  readonly name: string;
  readonly value: (row: Row) => Cell;
  /** The cell of a table, where it should read differently from the value. */
  readonly text?: (row: Row) => string;
  /** A number that only names something, as that of a broker or a partition: a table shows it as it is typed, without separators. */
  readonly isId?: boolean;
  /** Default: numbers to the right. */
  readonly align?: 'left' | 'right';
  /** Shown in tables alone, or in data (JSON, TSV) alone. Default: in both. */
  readonly only?: 'table' | 'data';
}

export interface RowsStyle {
  readonly headings: boolean;
  readonly terminalWidth: number;
  readonly bold: (text: string) => string;
}

/** All rows as one text, for any output mode. */
export function renderRows<Row>(columns: readonly Column<Row>[], rows: readonly Row[], mode: OutputMode, style: RowsStyle): string {
  if (mode === 'json') return `${JSON.stringify(rows.map((row) => objectOf(columns, row)), null, 2)}\n`; // prettier-ignore
  if (mode !== 'table') return rows.map((row) => renderRow(columns, row, mode)).join('');
  const shown = columns.filter(({ only }) => only !== 'data');
  const isNumber = ({ value }: Column<Row>): boolean => {
    const values = rows.map(value).filter((cell) => cell !== null && cell !== undefined);
    return values.length > 0 && values.every((cell) => typeof cell === 'number');
  };
  return table(
    shown.map((column) => ({ heading: headingOf(column.name), align: column.align ?? (isNumber(column) ? 'right' : 'left') })),
    rows.map((row) => shown.map((column) => oneLine(tableText(column, row)))),
    style,
  );
}

/** One row as a line of its own. */
export function renderRow<Row>(columns: readonly Column<Row>[], row: Row, mode: 'ndjson' | 'tsv'): string {
  if (mode === 'ndjson') return `${JSON.stringify(objectOf(columns, row))}\n`;
  const cells = columns.filter(({ only }) => only !== 'table').map(({ value }) => tsvText(value(row)));
  return `${cells.join('\t')}\n`;
}

function objectOf<Row>(columns: readonly Column<Row>[], row: Row): object {
  return Object.fromEntries(columns.filter(({ only }) => only !== 'table').map(({ name, value }) => [name, value(row) ?? null]));
}

/** `logEnd` as `LOG-END`. */
function headingOf(name: string): string {
  return name.replace(/[A-Z]/g, '-$&').toUpperCase();
}

/** The cell of a table. */
function tableText<Row>({ value, text, isId }: Column<Row>, row: Row): string {
  if (text !== undefined) return text(row);
  const cell = value(row);
  return isId && typeof cell === 'number' ? String(cell) : cellText(cell);
}

/** For a person: thousands separators, `-` for what is unknown. */
function cellText(cell: Cell): string {
  if (cell === null || cell === undefined || cell === '') return '-';
  if (typeof cell === 'number') return cell.toLocaleString('en-US', { maximumFractionDigits: 3 });
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (Array.isArray(cell))
    return cell.length === 0 ? '-' : cell.map((each) => (typeof each === 'number' ? String(each) : cellText(each))).join(',');
  return typeof cell === 'object' ? Object.entries(cell).map(([name, value]) => `${name}=${cellText(value as Cell)}`).join(',') : cell; // prettier-ignore
}

/** For a program: fixed columns, nothing that breaks a line, `-` for empty. */
function tsvText(cell: Cell): string {
  if (cell === null || cell === undefined || cell === '') return '-';
  const text = Array.isArray(cell) ? cell.map(tsvText).join(',') : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  return text.replace(/[\\\t\n\r]/g, (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[c]!);
}
