/** A test and the rows of the failure catalogue that its title begins with. */
export interface NamedTest {
  readonly rows: readonly string[];
  readonly title: string;
}

/** A title begins with its rows: `H7: ...` or `C5, P1: ...`. In a table (`it.each`) the first column may be the row: `%s: ...`. */
const title =
  /\b(?:it|test|describe)(?:\.(?:runIf|skipIf)\([^)]*\))?(?:\.each(?:<[^()]*>)?\((?<table>[\s\S]*?)\))?\(\s*(?<quote>['"`])(?<text>(?:(?!\k<quote>)[^\\]|\\.)*)\k<quote>/g;
const named = /^(?<rows>[A-Z]\d+(?:, [A-Z]\d+)*): (?<rest>.+)$/s;
const rowInTable = /\[\s*['"](?<row>[A-Z]\d+)['"]/g;

/** The tests of a file that name rows. */
export function titlesOf(source: string): NamedTest[] {
  const found: NamedTest[] = [];
  for (const { groups } of source.matchAll(title)) {
    const text = groups!['text']!.replace(/\\(.)/g, '$1');
    const match = named.exec(text)?.groups;
    if (match !== undefined) found.push({ rows: match['rows']!.split(', '), title: match['rest']! });
    else if (text.startsWith('%s: ')) {
      const rows = new Set([...(groups!['table'] ?? '').matchAll(rowInTable)].map((row) => row.groups!['row']!));
      found.push({ rows: [...rows], title: text.slice('%s: '.length) });
    }
  }
  return found;
}
