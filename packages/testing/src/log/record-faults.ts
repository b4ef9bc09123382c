import { CorruptRecordError, decompressSync, type RecordBatch, RecordCursor } from '@tskafka/core/protocol';
import type { BrokerConfigs } from '../configs/configs.ts';
import { topicConfig } from '../configs/configs.ts';

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
  readonly before: string;
  readonly after: string;
  readonly now: number;
}

export function recordRules(where: string, own: ReadonlyMap<string, string>, configs: BrokerConfigs, wallTime: number): RecordRules {
  const setting = (name: string): string => topicConfig(name, own, configs);
  return {
    where,
    compacted: setting('cleanup.policy').includes('compact'),
    createTime: setting('message.timestamp.type') === 'CreateTime',
    before: setting('message.timestamp.before.max.ms'),
    after: setting('message.timestamp.after.max.ms'),
    now: Math.trunc(wallTime),
  };
}

/** What is wrong with the records of a batch; undefined when they cannot be read, though the checksum is right. */
export function recordFaults(batch: RecordBatch, rules: RecordRules): RecordFault[] | undefined {
  const faults: RecordFault[] = [];
  try {
    const [before, after] = [Number(rules.before), Number(rules.after)];
    let batchIndex = 0;
    for (const cursor = new RecordCursor(batch, decompressSync(batch)); cursor.next(); batchIndex++) {
      const age = rules.now - cursor.timestamp;
      const badTime = rules.createTime && cursor.timestamp !== -1 && (age > before || -age > after);
      if (rules.compacted && cursor.keyLength < 0) faults.push(missingKey(batchIndex, rules));
      else if (badTime) faults.push(outOfRange(cursor, batchIndex, rules));
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

function missingKey(batchIndex: number, { where }: RecordRules): RecordFault {
  return { batchIndex, byTime: false, message: `Compacted topic cannot accept message without key in topic partition ${where}` };
}

function outOfRange({ timestamp, offset }: RecordCursor, batchIndex: number, { now, before, after }: RecordRules): RecordFault {
  // Java's longs: with the largest setting the lower bound wraps.
  const bound = (ms: bigint): bigint => BigInt.asIntN(64, BigInt(now) + ms);
  const range = `[${bound(-BigInt(before))}, ${bound(BigInt(after))}]`;
  const message = `Timestamp ${timestamp} of message with offset ${offset} is out of range. The timestamp should be within ${range}`;
  return { batchIndex, byTime: true, message };
}
