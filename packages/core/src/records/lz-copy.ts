// How Snappy and LZ4 move bytes when they decompress. Callers have checked all bounds.
//
// Most runs are shorter than 16 bytes, and a processor cannot guess their lengths. So 8 or 16 bytes are moved for any of them, where the
// buffers have so many: what is too much is overwritten by what comes next. Calling into the runtime (`copy`, `copyWithin`) is for long runs.

const wildRun = 16;
const shortRun = 48;

/** A buffer and a view of the same bytes, which loads and stores four of them at once. */
export interface Bytes {
  readonly buffer: Buffer;
  readonly view: DataView;
}

export function bytesOf(buffer: Buffer): Bytes {
  return { buffer, view: new DataView(buffer.buffer, buffer.byteOffset, buffer.length) };
}

/** Copies `length` bytes of `from`, starting at `start`, to `position` of `to`, where up to 16 bytes may change. */
export function copyLiterals(from: Bytes, start: number, to: Bytes, position: number, length: number): void {
  if (length <= wildRun && start + wildRun <= from.buffer.length && position + wildRun <= to.buffer.length) {
    to.view.setInt32(position, from.view.getInt32(start));
    to.view.setInt32(position + 4, from.view.getInt32(start + 4));
    if (length <= 8) return;
    to.view.setInt32(position + 8, from.view.getInt32(start + 8));
    to.view.setInt32(position + 12, from.view.getInt32(start + 12));
  } else if (length > shortRun) {
    from.buffer.copy(to.buffer, position, start, start + length);
  } else {
    let done = 0;
    for (; done + 4 <= length; done += 4) to.view.setInt32(position + done, from.view.getInt32(start + done));
    for (; done < length; done++) to.buffer[position + done] = from.buffer[start + done]!;
  }
}

/**
 * Repeats at `position`, where up to 16 bytes may change, the `length` bytes that begin `distance` before it.
 * A distance below the length repeats the pattern.
 */
export function copyMatch(to: Bytes, position: number, distance: number, length: number): void {
  const { buffer, view } = to;
  const start = position - distance;
  if (length <= wildRun && distance >= 4 && position + wildRun <= buffer.length) {
    view.setInt32(position, view.getInt32(start));
    view.setInt32(position + 4, view.getInt32(start + 4));
    if (length <= 8) return;
    view.setInt32(position + 8, view.getInt32(start + 8));
    view.setInt32(position + 12, view.getInt32(start + 12));
  } else if (length > shortRun) {
    copyLongMatch(buffer, position, distance, length);
  } else {
    let done = 0;
    if (distance >= 4) for (; done + 4 <= length; done += 4) view.setInt32(position + done, view.getInt32(start + done));
    for (; done < length; done++) buffer[position + done] = buffer[start + done]!;
  }
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
