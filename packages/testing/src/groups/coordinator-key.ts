/** Java's `String.hashCode`: it decides which partition of `__consumer_offsets` a group belongs to, and so its coordinator. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** The partition of an internal topic that a group or transactional id belongs to. */
export function partitionFor(key: string, partitions: number): number {
  const hash = javaHash(key);
  // As Kafka's Utils.abs: the smallest int has no absolute value.
  return hash === -0x80000000 ? 0 : Math.abs(hash) % partitions;
}

/** `group:topic id:partition` as Kafka writes it, by which a share partition finds its coordinator; undefined when it is not one. */
export function sharePartitionKey(text: string): string | undefined {
  const match = /^(.*):([A-Za-z0-9_-]{22}):([+-]?\d+)$/s.exec(text);
  if (match === null) return undefined;
  const [, group, topicId, partition] = match as unknown as [string, string, string, string];
  if (group.trim() === '' || Number(partition) !== (Number(partition) | 0)) return undefined;
  return `${group}:${topicId}:${Number(partition)}`;
}
