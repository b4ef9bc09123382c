/** Longer lists outlive a collection of young objects, which has to copy them then. */
const maxRecords = 500;

/**
 * Cuts a stream of bytes at a delimiter, into short lists. What follows the last delimiter counts too, unless it is empty.
 * Records are views of the pieces; only one that goes on in the next piece is copied.
 */
export async function* recordsFrom(chunks: AsyncIterable<Buffer>, delimiter: Buffer): AsyncGenerator<Buffer[], void> {
  // One byte is found far quicker than several.
  const sought = delimiter.length === 1 ? delimiter[0]! : delimiter;
  /** Of a record whose end has not come. */
  let begun: Buffer[] = [];
  for await (let chunk of chunks) {
    let records: Buffer[] = [];
    let start = 0;
    if (begun.length > 0) {
      // The delimiter may be cut in two: what may be its beginning is looked at again.
      if (delimiter.length > 1) [begun, chunk] = withTail(begun, chunk, delimiter.length - 1);
      const at = chunk.indexOf(sought);
      if (at === -1) {
        begun.push(chunk);
        continue;
      }
      records.push(Buffer.concat([...begun, chunk.subarray(0, at)]));
      begun = [];
      start = at + delimiter.length;
    }
    for (let at = chunk.indexOf(sought, start); at !== -1; at = chunk.indexOf(sought, start)) {
      records.push(chunk.subarray(start, at));
      start = at + delimiter.length;
      if (records.length === maxRecords) {
        yield records;
        records = [];
      }
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
    if (records.length > 0) yield records;
  }
  if (begun.length > 0) yield [Buffer.concat(begun)];
}

/** Moves the last bytes of what was there before the chunk into it. */
function withTail(begun: readonly Buffer[], chunk: Buffer, bytes: number): [begun: Buffer[], chunk: Buffer] {
  const last = begun.at(-1)!;
  const before = last.length >= bytes ? begun.slice(0, -1) : [];
  const end = last.length >= bytes ? last : Buffer.concat(begun);
  const cut = Math.max(0, end.length - bytes);
  return [[...before, end.subarray(0, cut)], Buffer.concat([end.subarray(cut), chunk])];
}
