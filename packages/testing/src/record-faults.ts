import { CorruptRecordError, decompressSync, type RecordBatch, RecordCursor } from '@tskafka/core/protocol';
import type { BrokerConfigs } from './configs.ts';
import { topicConfig } from './configs.ts';

/** Why a single record may not be in a topic. */
export interface RecordFault {
  /** Its place in the batch. */
  readonly batchIndex: number;
  /** Whether it is its time. */
  readonly byTime: boolean;
  readonly message: string;
}

export interface RecordRules {
  /** For messages: `topic-partition`. */
  readonly where: string;
  /** Whether every record needs a key. */
  readonly compacted: boolean;
  /** Whether the producer's times count. */
  readonly createTime: boolean;
  /** How much older and newer than now a record may be, in milliseconds. */
  readonly before: bigint;
  readonly after: bigint;
  readonly now: bigint;
}

export function recordRules(where: string, own: ReadonlyMap<string, string>, configs: BrokerConfigs, wallTime: number): RecordRules {
  const setting = (name: string): string => topicConfig(name, own, configs);
  return {
    where,
    compacted: setting('cleanup.policy').includes('compact'),
    createTime: setting('message.timestamp.type') === 'CreateTime',
    before: BigInt(setting('message.timestamp.before.max.ms')),
    after: BigInt(setting('message.timestamp.after.max.ms')),
    now: BigInt(Math.trunc(wallTime)),
  };
}

/** What is wrong with the records of a batch; undefined when they cannot be read, though the checksum is right. */
export function recordFaults(batch: RecordBatch, rules: RecordRules): RecordFault[] | undefined {
  const faults: RecordFault[] = [];
  try {
    let batchIndex = 0;
    for (const cursor = new RecordCursor(batch, decompressSync(batch)); cursor.next(); batchIndex++) {
      const fault = faultOf(cursor, batchIndex, rules);
      if (fault !== undefined) faults.push(fault);
    }
    return faults;
  } catch (error) {
    if (error instanceof CorruptRecordError) return undefined;
    throw error;
  }
}

/** All of it in one sentence, as the broker tells it. */
export function describeFaults(faults: readonly RecordFault[]): string {
  if (faults.some(({ byTime }) => byTime)) return 'One or more records have been rejected due to invalid timestamp';
  const shown = faults.slice(0, 3).map(({ batchIndex, message }) => `RecordError(batchIndex=${batchIndex}, message='${message}')`);
  return (
    `One or more records have been rejected due to ${faults.length} record errors in total, ` +
    `and only showing the first three errors at most: [${shown.join(', ')}]`
  );
}

function faultOf(record: RecordCursor, batchIndex: number, rules: RecordRules): RecordFault | undefined {
  const { where, compacted, createTime, before, after, now } = rules;
  if (compacted && record.keyLength < 0) {
    return { batchIndex, byTime: false, message: `Compacted topic cannot accept message without key in topic partition ${where}` };
  }
  const age = now - BigInt(record.timestamp);
  if (!createTime || record.timestamp === -1 || (age <= before && -age <= after)) return undefined;
  // Java's longs: with the largest setting the lower bound wraps.
  const range = `[${BigInt.asIntN(64, now - before)}, ${BigInt.asIntN(64, now + after)}]`;
  const what = `Timestamp ${record.timestamp} of message with offset ${record.offset} is out of range.`;
  return { batchIndex, byTime: true, message: `${what} The timestamp should be within ${range}` };
}
