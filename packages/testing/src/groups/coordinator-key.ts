/** Java's `String.hashCode`: it decides which partition of `__consumer_offsets` a group belongs to, and so its coordinator. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** The partition of an internal topic that a group or transactional id belongs to. */
export function partitionFor(key: string, partitions: number): number {
  return (javaHash(key) & 0x7fffffff) % partitions;
}
