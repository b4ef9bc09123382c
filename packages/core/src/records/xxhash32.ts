/** XXH32 with the seed 0, the checksum of LZ4 frames, of the bytes from `start` to `end`; unsigned. */
export function xxhash32(bytes: Buffer, start = 0, end = bytes.length): number {
  let position = start;
  let hash = prime5;
  if (end - start >= 16) {
    let a = prime1 + prime2;
    let b = prime2;
    let c = 0;
    let d = -prime1;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (; position + 16 <= end; position += 16) {
      a = round(a, view.getInt32(position, true));
      b = round(b, view.getInt32(position + 4, true));
      c = round(c, view.getInt32(position + 8, true));
      d = round(d, view.getInt32(position + 12, true));
    }
    hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
  }
  hash = (hash + end - start) | 0;
  for (; position + 4 <= end; position += 4) {
    hash = Math.imul(rotate((hash + Math.imul(bytes.readInt32LE(position), prime3)) | 0, 17), prime4);
  }
  for (; position < end; position++) hash = Math.imul(rotate((hash + Math.imul(bytes[position]!, prime5)) | 0, 11), prime1);
  hash = Math.imul(hash ^ (hash >>> 15), prime2);
  hash = Math.imul(hash ^ (hash >>> 13), prime3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const prime1 = 0x9e3779b1 | 0;
const prime2 = 0x85ebca77 | 0;
const prime3 = 0xc2b2ae3d | 0;
const prime4 = 0x27d4eb2f | 0;
const prime5 = 0x165667b1 | 0;

function round(sum: number, four: number): number {
  return Math.imul(rotate((sum + Math.imul(four, prime2)) | 0, 13), prime1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
