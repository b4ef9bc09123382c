import { type Isolation, KafkaError } from '@tskafka/core';
import { afterOutOfRange, type Cluster, partitionName, type Place, type Position, resolveOffsets } from '@tskafka/core/internal';

export interface ResetOptions {
  /** Whether the offset was chosen for this reader; see core's offsets/out-of-range.ts. */
  readonly isGiven: boolean;
  readonly autoOffsetReset: Place | 'none';
  readonly isolation: Isolation;
  readonly signal: AbortSignal | undefined;
}

/** Where to go on after OFFSET_OUT_OF_RANGE. The broker is asked: the answer to the fetch does not say what its log holds. */
export async function offsetOutOfRange(
  cluster: Cluster,
  { topic, partition, toFetch: offset }: Position,
  { isGiven, autoOffsetReset, isolation, signal }: ResetOptions,
): Promise<number> {
  const [start] = await resolveOffsets(cluster, [{ topic, partition, place: { kind: 'earliest' } }], { signal });
  const place = afterOutOfRange({ offset, isGiven, logStart: start!.offset, autoOffsetReset });
  if (place === 'none') {
    throw new KafkaError(
      `${partitionName({ topic, partition })}: offset ${offset} is out of range, the log begins at ${start!.offset}, and autoOffsetReset is 'none'`,
      { at: { topic, partition, offset } },
    );
  }
  const [to] = await resolveOffsets(cluster, [{ topic, partition, place }], { isolation, signal });
  return to!.offset;
}
