import { UsageError } from '../frame/failure.ts';
import { didYouMean } from '../frame/nearest.ts';
import { parseTime } from './time.ts';

/** A place in each partition, as it is typed. */
export type Place =
  | { readonly kind: 'beginning' | 'end' | 'committed' }
  | { readonly kind: 'offset'; readonly offset: number }
  /** So many behind the beginning, or before the end. */
  | { readonly kind: 'after beginning' | 'before end'; readonly count: number }
  | { readonly kind: 'time'; readonly time: number };

export interface Range {
  readonly from: Place;
  /** The first that is not read any more. */
  readonly to: Place | undefined;
}

const words: Readonly<Record<string, Place>> = {
  beginning: { kind: 'beginning' },
  earliest: { kind: 'beginning' },
  start: { kind: 'beginning' },
  end: { kind: 'end' },
  latest: { kind: 'end' },
  committed: { kind: 'committed' },
  stored: { kind: 'committed' },
};
const offsetForms = 'beginning, end, 42, -100, +100, @-15m, @2026-11-23T07:00, committed, FROM..TO';

/** Reads a place: `beginning`, `end`, an offset, `-N`, `+N`, `@TIME`, `committed`; kcat's `s@MS` too. */
export function parsePlace(typed: string, now: number, option = '-o'): Place {
  if (Object.hasOwn(words, typed)) return words[typed]!;
  // As tables show numbers, and people copy them.
  const text = /^[-+]?\d{1,3}(,\d{3})+$/.test(typed) ? typed.replaceAll(',', '') : typed;
  if (/^\d{1,15}$/.test(text)) return { kind: 'offset', offset: Number(text) };
  const relative = /^(end|beginning)?([-+])(\d{1,15})$/.exec(text);
  if (relative !== null && relative[1] !== (relative[2] === '-' ? 'beginning' : 'end')) {
    return { kind: relative[2] === '-' ? 'before end' : 'after beginning', count: Number(relative[3]) };
  }
  const time = /^[se]?@(.+)$/.exec(text)?.[1];
  if (time !== undefined) return { kind: 'time', time: parseTime(time, now) };
  const candidates = [...Object.keys(words), '@yesterday', '@today', '@now'];
  throw new UsageError(`${option} ${text} is not an offset`, didYouMean(text, candidates, `forms: ${offsetForms}`));
}

/** Reads `FROM`, `FROM..`, `..TO` or `FROM..TO`. */
export function parseRange(text: string, now: number, option = '-o'): Range {
  // kcat ends at a time by a word of its own.
  if (/^e@/.test(text)) return { from: { kind: 'beginning' }, to: parsePlace(text, now, option) };
  const at = text.indexOf('..');
  if (at === -1) return { from: parsePlace(text, now, option), to: undefined };
  const [from, to] = [text.slice(0, at), text.slice(at + 2)];
  const place = (part: string): Place | undefined => (part === '' ? undefined : parsePlace(part, now, option));
  const range: Range = { from: place(from) ?? { kind: 'beginning' }, to: place(to) };
  if (isBackwards(range)) throw new UsageError(`${option} ${text} ends before it begins`, `${option} ${to}..${from}`);
  return range;
}

/** Whether it is so in any log. */
function isBackwards({ from, to }: Range): boolean {
  if (from.kind === 'offset' && to?.kind === 'offset') return from.offset > to.offset;
  if (from.kind === 'time' && to?.kind === 'time') return from.time > to.time;
  return from.kind === 'before end' && to?.kind === 'before end' && from.count < to.count;
}

/** The place for a person who typed it; times are said in UTC, since the zone is what people get wrong. */
export function placeText(place: Place): string {
  switch (place.kind) {
    case 'offset':
      return String(place.offset);
    case 'after beginning':
      return `beginning+${place.count}`;
    case 'before end':
      return `end-${place.count}`;
    case 'time':
      return new Date(place.time).toISOString();
    default:
      return place.kind;
  }
}
