import { RecordBatch, setAppendTime, setOffset } from '@tskafka/core/protocol';

export interface BatchStamp {
  readonly baseOffset: number;
  readonly leaderEpoch: number;
  /** Milliseconds; set when the broker's time replaces the producer's (`message.timestamp.type=LogAppendTime`). */
  readonly appendTime?: number | undefined;
}

/** A copy of the batch as the leader keeps it. Offset and epoch are outside of the checksum, so it stays the producer's. */
export function stampBatch(batch: RecordBatch, stamp: BatchStamp): RecordBatch {
  const bytes = Buffer.from(batch.bytes);
  setOffset(bytes, stamp.baseOffset, stamp.leaderEpoch);
  if (stamp.appendTime !== undefined) setAppendTime(bytes, Math.trunc(stamp.appendTime));
  return new RecordBatch(bytes);
}
