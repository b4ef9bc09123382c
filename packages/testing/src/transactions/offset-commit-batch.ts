import { RecordBatch, RecordBatchBuilder, Writer } from '@tskafka/core/protocol';
import type { CommittedOffset } from '../groups/group-offsets.ts';
import type { ProducerIdentity } from './transaction.ts';

export interface OffsetToWrite {
  readonly topic: string;
  readonly partition: number;
  readonly committed: CommittedOffset;
}

/** The versions of key and value that Kafka 4.3 writes where it has no topic id. */
const versions = { key: 1, value: 3 } as const;

/** The offsets of a transaction as the group coordinator writes them into `__consumer_offsets`: there the marker ends them. */
export function offsetCommitBatch(groupId: string, offsets: readonly OffsetToWrite[], producer: ProducerIdentity): RecordBatch {
  const builder = new RecordBatchBuilder(Infinity);
  for (const { topic, partition, committed } of offsets) {
    const key = written((w) => {
      w.int16(versions.key);
      w.string(groupId);
      w.string(topic);
      w.int32(partition);
    });
    const value = written((w) => {
      w.int16(versions.value);
      w.int64(committed.offset);
      w.int32(committed.leaderEpoch);
      w.string(committed.metadata);
      w.int64(Math.trunc(committed.committedAt));
    });
    builder.append(key, value, [], Math.trunc(committed.committedAt));
  }
  return new RecordBatch(builder.close({ ...producer, baseSequence: 0, isTransactional: true }));
}

function written(write: (w: Writer) => void): Buffer {
  const writer = new Writer();
  write(writer);
  return writer.toBuffer();
}
