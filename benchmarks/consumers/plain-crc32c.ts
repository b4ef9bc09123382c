// CRC32C as plain JavaScript has it: slicing by 16, over words. What the probe compares with when it has no vectors of WebAssembly.

const tables = Array.from({ length: 16 }, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  tables[0]![byte] = crc;
}
for (let k = 1; k < 16; k++) for (let byte = 0; byte < 256; byte++) tables[k]![byte] = oneMore(tables[k - 1]![byte]!, 0);
const [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = tables as [
  Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array,
  Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array,
]; // prettier-ignore

function oneMore(crc: number, byte: number): number {
  return tables[0]![(crc ^ byte) & 255]! ^ (crc >>> 8);
}

export function plainCrc32c(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  let at = start;
  while (at < end && (bytes.byteOffset + at) & 3) crc = oneMore(crc, bytes[at++]!);
  const words = at < end ? new Int32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >> 2) : new Int32Array(0);
  let word = 0;
  for (; word < words.length - 3; word += 4) {
    const a = words[word]! ^ crc;
    const b = words[word + 1]!;
    const c = words[word + 2]!;
    const d = words[word + 3]!;
    crc =
      t15[a & 255]! ^ t14[(a >>> 8) & 255]! ^ t13[(a >>> 16) & 255]! ^ t12[a >>> 24]! ^
      t11[b & 255]! ^ t10[(b >>> 8) & 255]! ^ t9[(b >>> 16) & 255]! ^ t8[b >>> 24]! ^
      t7[c & 255]! ^ t6[(c >>> 8) & 255]! ^ t5[(c >>> 16) & 255]! ^ t4[c >>> 24]! ^
      t3[d & 255]! ^ t2[(d >>> 8) & 255]! ^ t1[(d >>> 16) & 255]! ^ t0[d >>> 24]!; // prettier-ignore
  }
  for (at += word * 4; at < end; at++) crc = oneMore(crc, bytes[at]!);
  return ~crc >>> 0;
}
