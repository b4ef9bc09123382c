/** Cuts a stream of bytes at a delimiter, a list for each piece that comes. What follows the last delimiter counts too, unless it is empty. */
export async function* recordsFrom(chunks: AsyncIterable<Buffer>, delimiter: Buffer): AsyncGenerator<Buffer[], void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    // A delimiter may be cut in two, so look again a little before the new bytes.
    let from = Math.max(0, rest.length - delimiter.length + 1);
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const records: Buffer[] = [];
    let start = 0;
    for (let at = rest.indexOf(delimiter, from); at !== -1; at = rest.indexOf(delimiter, from)) {
      records.push(rest.subarray(start, at));
      start = from = at + delimiter.length;
    }
    rest = rest.subarray(start);
    if (records.length > 0) yield records;
  }
  if (rest.length > 0) yield [rest];
}
