const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\\': '\\' };

/** `\n`, `\t`, `\r`, `\0`, `\\` and `\xNN` as the characters that they stand for, each a byte; the rest as it is, in UTF-8. */
export function unescapeBytes(text: string): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const match of text.matchAll(/\\(?:x([0-9a-f]{2})|([ntr0\\]))/gi)) {
    parts.push(Buffer.from(text.slice(at, match.index)));
    parts.push(match[1] === undefined ? Buffer.from(letters[match[2]!.toLowerCase()]!) : Buffer.from([parseInt(match[1], 16)]));
    at = match.index + match[0].length;
  }
  return Buffer.concat([...parts, Buffer.from(text.slice(at))]);
}
