// How Snappy and LZ4 move bytes when they decompress. Callers have checked all bounds.
//
// Calling into the runtime (`copy`, `copyWithin`, `fill`) costs as much as moving some dozens of bytes, so short runs go four by four.

const shortRun = 48;

/** A buffer and a view of the same bytes, which loads and stores four of them at once. */
export interface Bytes {
  readonly buffer: Buffer;
  readonly view: DataView;
}

export function bytesOf(buffer: Buffer): Bytes {
  return { buffer, view: new DataView(buffer.buffer, buffer.byteOffset, buffer.length) };
}

/** Copies `length` bytes of `from`, starting at `start`, to `position` of `to`. */
export function copyLiterals(from: Bytes, start: number, to: Bytes, position: number, length: number): void {
  if (length > shortRun) {
    from.buffer.copy(to.buffer, position, start, start + length);
    return;
  }
  let done = 0;
  for (; done + 4 <= length; done += 4) to.view.setInt32(position + done, from.view.getInt32(start + done));
  for (; done < length; done++) to.buffer[position + done] = from.buffer[start + done]!;
}

/** Repeats at `position` the `length` bytes that begin `distance` before it. A distance below the length repeats the pattern. */
export function copyMatch(to: Bytes, position: number, distance: number, length: number): void {
  const { buffer, view } = to;
  if (length > shortRun) return copyLongMatch(buffer, position, distance, length);
  let done = 0;
  if (distance >= 4) for (; done + 4 <= length; done += 4) view.setInt32(position + done, view.getInt32(position + done - distance));
  for (; done < length; done++) buffer[position + done] = buffer[position + done - distance]!;
}

/** Each step copies all that is there of the pattern, and so doubles it. */
function copyLongMatch(buffer: Buffer, position: number, distance: number, length: number): void {
  const start = position - distance;
  for (let done = 0; done < length;) {
    const step = Math.min(distance + done, length - done);
    buffer.copyWithin(position + done, start, start + step);
    done += step;
  }
}
