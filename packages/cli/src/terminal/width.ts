/** Marks that take no column of their own: combining ones, joiners, variation selectors. */
const none = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** What terminals draw two columns wide: East Asian letters and most pictures. */
const two =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;

/** How many columns a text takes on a terminal. */
export function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const c of text) columns += none.test(c) ? 0 : two.test(c) ? 2 : 1;
  return columns;
}

/** The text, filled up with spaces. */
export function pad(text: string, columns: number, align: 'left' | 'right'): string {
  const room = ' '.repeat(Math.max(0, columns - width(text)));
  return align === 'right' ? room + text : text + room;
}

/** As much of the text as fits, with `…` where something was cut off. */
export function fit(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let fitting = '';
  let taken = 0;
  for (const c of text) {
    taken += width(c);
    if (taken > columns - 1) break;
    fitting += c;
  }
  return `${fitting}…`;
}
