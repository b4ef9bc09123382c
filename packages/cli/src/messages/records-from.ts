/** Cuts a stream of bytes at a delimiter. What follows the last one counts too, unless it is empty. */
export async function* recordsFrom(chunks: AsyncIterable<Buffer>, delimiter: Buffer): AsyncGenerator<Buffer, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    // A delimiter may be cut in two, so look again a little before the new bytes.
    let from = Math.max(0, rest.length - delimiter.length + 1);
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let at = rest.indexOf(delimiter, from); at !== -1; at = rest.indexOf(delimiter, from)) {
      yield rest.subarray(start, at);
      start = from = at + delimiter.length;
    }
    rest = rest.subarray(start);
  }
  if (rest.length > 0) yield rest;
}

/** A delimiter as it is typed: `\n`, `\t`, `\0`, `\x1e`, or the characters themselves. */
export function delimiterOf(text: string): Buffer {
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\\': '\\' };
  return Buffer.from(
    text.replace(/\\(?:x([0-9a-f]{2})|([ntr0\\]))/gi, (_, hex: string | undefined, letter: string) =>
      hex === undefined ? escapes[letter.toLowerCase()]! : String.fromCharCode(parseInt(hex, 16)),
    ),
    'latin1',
  );
}
