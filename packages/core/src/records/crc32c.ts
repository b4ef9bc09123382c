import { blockBytes, type Update, wideUpdate } from './crc32c-wide.ts';

/** What `crc32c` is: another one (a native one, say) can be given wherever a checksum is computed. */
export type Crc32c = (bytes: Uint8Array, start: number, end: number) => number;

/** The CRC32C (Castagnoli) of `bytes` from `start` to `end`, as an unsigned number. */
export const crc32c = crc32cBy(tables());

/** Fewer bytes are not worth copying over. */
const wideFrom = 2 * blockBytes;
/** To get ready for the wide way takes 2 ms: it is worth it to a process that has had so many bytes. */
const manyBytes = 256 * 1024;

/** The tables are of a function and not of the module, for a bundler makes `var` of a module's constants, and the compiler then knows nothing: 1.3 GB/s instead of 2.3. */
function crc32cBy(tables: SixteenTables) {
  const narrow = narrowUpdate(tables);
  const [, , , , , , , , , , , , t12, t13, t14, t15] = tables;
  const zeros = (register: number): number =>
    t15[register & 255]! ^ t14[(register >>> 8) & 255]! ^ t13[(register >>> 16) & 255]! ^ t12[register >>> 24]!;
  let wide: Update | undefined;
  let hadBytes = 0;
  const wideWhenWorthIt = (length: number): Update | undefined => {
    hadBytes += length;
    return hadBytes > manyBytes ? (wide = wideUpdate(tables[0], zeros) ?? narrow) : undefined;
  };
  return (bytes: Uint8Array, start = 0, end = bytes.length): number => {
    const update = end - start < wideFrom ? undefined : (wide ?? wideWhenWorthIt(end - start));
    if (update === undefined) return ~narrow(-1, bytes, start, end) >>> 0;
    const rest = end - ((end - start) % blockBytes);
    return ~narrow(update(-1, bytes, start, rest), bytes, rest, end) >>> 0;
  };
}

/**
 * Sixteen bytes a step ("slicing by 16"), loaded as four aligned words: the fastest that plain JavaScript was measured to do
 * (decisions/record-batches.md). Sixteen names instead of one array: the compiler then knows each table and its length.
 */
function narrowUpdate([t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15]: SixteenTables): Update {
  const noWords = new Int32Array(0);
  const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  return (register, bytes, start, end) => {
    let crc = register;
    let at = start;
    while (at < end && (bytes.byteOffset + at) & 3) crc = t0[(crc ^ bytes[at++]!) & 255]! ^ (crc >>> 8);

    // Where no aligned byte was reached there is no word, and a view would not be allowed to begin.
    const words = at < end && isLittleEndian ? new Int32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >> 2) : noWords;
    const lastStep = words.length - 3;
    let word = 0;
    for (; word < lastStep; word += 4) {
      const b = words[word + 1]!;
      const c = words[word + 2]!;
      const d = words[word + 3]!;
      // What does not wait for the step before comes first: the processor does it in the meantime.
      const rest =
        t11[b & 255]! ^ t10[(b >>> 8) & 255]! ^ t9[(b >>> 16) & 255]! ^ t8[b >>> 24]! ^
        t7[c & 255]! ^ t6[(c >>> 8) & 255]! ^ t5[(c >>> 16) & 255]! ^ t4[c >>> 24]! ^
        t3[d & 255]! ^ t2[(d >>> 8) & 255]! ^ t1[(d >>> 16) & 255]! ^ t0[d >>> 24]!; // prettier-ignore
      const a = words[word]! ^ crc;
      crc = t15[a & 255]! ^ t14[(a >>> 8) & 255]! ^ (t13[(a >>> 16) & 255]! ^ t12[a >>> 24]! ^ rest);
    }

    for (at += word * 4; at < end; at++) crc = t0[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
    return crc;
  };
}

/** Table k holds the CRC of each byte followed by k zero bytes. */
function tables(): SixteenTables {
  const all = Array.from({ length: 16 }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    all[0]![byte] = crc;
  }
  // Only now is the first table complete, which the others are made from.
  for (let k = 1; k < 16; k++) {
    for (let byte = 0; byte < 256; byte++) {
      const crc = all[k - 1]![byte]!;
      all[k]![byte] = (crc >>> 8) ^ all[0]![crc & 255]!;
    }
  }
  return all as SixteenTables;
}

type SixteenTables = [
  Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array,
  Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array,
]; // prettier-ignore
