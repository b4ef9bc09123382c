/** How many bytes of which partition a fetch answers with. */

export interface FetchLimits {
  /** What the whole answer should not exceed. */
  readonly maxBytes: number;
}

export interface ReadableBytes {
  /** Bytes from the batch with the wanted offset up to where the reader may read. */
  readonly available: number;
  /** The size of the batch with the wanted offset; 0 when there is none. */
  readonly firstBatchBytes: number;
  /** What the reader asked for from this partition. */
  readonly maxBytes: number;
}

/**
 * How many bytes each partition gives, in the order of the request; undefined where there is room, and the first batch does not fit in.
 *
 * The first batch of the first partition that has any is given whole, whatever its size: else a reader with small limits would
 * stand still (KIP-74). A partition whose first batch does not fit otherwise gives nothing; the last batch may be cut short.
 */
export function shareFetchBytes(partitions: readonly ReadableBytes[], limits: FetchLimits): (number | undefined)[] {
  let left = limits.maxBytes;
  let owesOneBatch = true;
  return partitions.map(({ available, firstBatchBytes, maxBytes }) => {
    if (available === 0) return 0;
    let limit = Math.max(0, Math.min(maxBytes, left));
    if (owesOneBatch) limit = Math.max(limit, firstBatchBytes);
    if (limit < firstBatchBytes) return limit === 0 ? 0 : undefined;
    const bytes = Math.min(limit, available);
    owesOneBatch = false;
    left = Math.max(0, left - bytes);
    return bytes;
  });
}
