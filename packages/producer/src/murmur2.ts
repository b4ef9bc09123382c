const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/** Kafka's hash of a key, an int32: `Utils.murmur2` of the Java client, so that both put a key into the same partition. */
export function murmur2(key: Uint8Array | string): number {
  if (typeof key !== 'string') return hashOf(key, key.length);
  return isShortAscii(key) ? hashOf(scratch, key.length) : hashOf(Buffer.from(key), Buffer.byteLength(key));
}

/** For the keys that most programs have: to make a buffer for each takes longer than all the rest of choosing a partition. */
const scratch = new Uint8Array(64);

/** Whether the key's bytes are its characters, which are in `scratch` then. */
function isShortAscii(key: string): boolean {
  if (key.length > scratch.length) return false;
  let all = 0;
  for (let i = 0; i < key.length; i++) all |= scratch[i] = key.charCodeAt(i);
  return all < 0x80;
}

function hashOf(bytes: Uint8Array, length: number): number {
  const tail = length & ~3;
  let hash = seed ^ length;
  for (let i = 0; i < tail; i += 4) {
    let word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    word = Math.imul(word, multiplier);
    word ^= word >>> 24;
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier);
  }
  const left = length - tail;
  if (left > 2) hash ^= bytes[tail + 2]! << 16;
  if (left > 1) hash ^= bytes[tail + 1]! << 8;
  if (left > 0) hash = Math.imul(hash ^ bytes[tail]!, multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}
