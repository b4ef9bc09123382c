import { type HeaderToWrite, RecordBatchBuilder, type RecordBytes } from '../../packages/core/src/records/batch-builder.ts';
import { type Compression, compressions } from '../../packages/core/src/records/compression.ts';
import { transactionEndBatch } from '../../packages/core/src/records/control.ts';
import { type DescribedBatch, describeBytes } from '../../packages/core/src/records/golden/batches.ts';
import { setAppendTime, setOffset } from '../../packages/core/src/records/stamp.ts';

export interface BatchForJava {
  readonly name: string;
  readonly bytes: Buffer;
  /** What Java should read in it. */
  readonly value: readonly DescribedBatch[];
}

type RecordToWrite = readonly [key: RecordBytes | null, value: RecordBytes | null, headers: readonly HeaderToWrite[], timestamp: number];

const now = 1_700_000_000_000;

/** Levels that each codec has (KIP-390); undefined is its default. */
const levels: Record<Compression, readonly (number | undefined)[]> = {
  none: [undefined],
  gzip: [undefined, 1, 9],
  snappy: [undefined],
  lz4: [undefined, 1, 9, 17],
  zstd: [undefined, -5, 1, 19],
};

const contents: Record<string, readonly RecordToWrite[]> = {
  mixed: [
    [null, 'value', [], now],
    ['key', null, [], now + 1],
    [Buffer.alloc(0), '', [], now - 100_000],
    ['zażółć', 'gęślą jaźń 🦆', [['a', 'first'], ['b', null], ['a', Buffer.from('second')], ['', ''], ['ключ', Buffer.from([0, 255])]], now + 2 ** 40], // prettier-ignore
    [null, null, [], now],
    ['a lone surrogate becomes \ud800 U+FFFD', Buffer.from([0, 1, 2, 255]), [], 0],
  ],
  // Where a length takes one more byte, for plain text and for text that is not ASCII.
  sizes: [0, 1, 30, 50, 54, 55, 56, 57, 58, 62, 63, 64, 65, 8180, 8190, 8192].flatMap((size): RecordToWrite[] => [
    [null, 'x'.repeat(size), [], now],
    ['é'.repeat(size), Buffer.alloc(size, 7), [['h', '€'.repeat(size)]], now],
  ]),
  'two megabytes': [[null, 'x'.repeat(2 ** 21 + 5), [], now]],
  'many small': Array.from({ length: 3000 }, (_, i): RecordToWrite => [`key-${i % 7}`, `value number ${i}`, [], now + (i % 500)]),
  text: [[null, text(300_000), [], now]],
  random: [[null, random(300_000), [], now]],
  runs: [
    [null, Buffer.concat([Buffer.alloc(70_000), random(70), Buffer.alloc(70_000, 'ab'), Buffer.alloc(70_000, 'abc'), random(13)]), [], now],
  ],
  short: Array.from({ length: 20 }, (_, i): RecordToWrite => [null, 'a'.repeat(i), [], now]),
};

/** Batches as we write them, in every codec and level. */
export function batchesForJava(): BatchForJava[] {
  const produced = compressions.flatMap((compression) =>
    levels[compression].flatMap((level) =>
      Object.entries(contents).map(([name, records]) =>
        batchForJava(`${name}, ${compression} ${level ?? ''}`, records, compression, level),
      ),
    ),
  );
  return [...produced, appended(), ...(['commit', 'abort'] as const).map(transactionEnd)];
}

function batchForJava(name: string, records: readonly RecordToWrite[], compression: Compression, level?: number): BatchForJava {
  const builder = new RecordBatchBuilder(2 ** 24);
  for (const record of records) builder.append(...record);
  const producer = { producerId: 4_000_000_001, producerEpoch: 12, baseSequence: 2_147_483_645, isTransactional: true };
  const bytes = builder.close({ compression, level, ...producer });
  return {
    name,
    bytes,
    value: [
      {
        baseOffset: 0,
        lastOffset: records.length - 1,
        recordCount: records.length,
        compression,
        partitionLeaderEpoch: -1,
        timestampType: 'createTime',
        ...producer,
        isControl: false,
        maxTimestamp: String(Math.max(...records.map(([, , , timestamp]) => timestamp))),
        records: records.map(([key, value, headers, timestamp], offset) => ({
          offset,
          timestamp: String(timestamp),
          key: describeBytes(key),
          value: describeBytes(value),
          headers: headers.map(([name, content]) => [describeBytes(name)!, describeBytes(content)] as const),
        })),
      },
    ],
  };
}

/** A batch after a broker gave it its place and time. */
function appended(): BatchForJava {
  const { bytes, value } = batchForJava('', contents['many small']!, 'lz4');
  setOffset(bytes, 9_000_000_000, 3);
  setAppendTime(bytes, now + 5);
  const [batch] = value as [DescribedBatch];
  const records = batch.records.map((record) => ({ ...record, offset: record.offset + 9_000_000_000, timestamp: String(now + 5) }));
  const place = { baseOffset: 9_000_000_000, lastOffset: 9_000_000_000 + batch.lastOffset, partitionLeaderEpoch: 3 };
  const time = { timestampType: 'logAppendTime', maxTimestamp: String(now + 5) } as const;
  return { name: 'appended', bytes, value: [{ ...batch, ...place, ...time, records }] };
}

function transactionEnd(type: 'commit' | 'abort'): BatchForJava {
  const producer = { producerId: 4_000_000_001, producerEpoch: 12 };
  return {
    name: type,
    bytes: transactionEndBatch({ type, ...producer, coordinatorEpoch: 7, timestamp: now }),
    value: [
      {
        baseOffset: 0,
        lastOffset: 0,
        recordCount: 1,
        compression: 'none',
        partitionLeaderEpoch: -1,
        timestampType: 'createTime',
        isTransactional: true,
        isControl: true,
        maxTimestamp: String(now),
        ...producer,
        baseSequence: -1,
        records: [
          { offset: 0, timestamp: String(now), key: type === 'abort' ? '00000000' : '00000001', value: '000000000007', headers: [] },
        ],
      },
    ],
  };
}

function text(length: number): string {
  let lines = '';
  for (let i = 0; lines.length < length; i++) lines += `2026-01-01 order ${(i * 31) % 1009} was paid by customer ${i % 50}\n`;
  return lines.slice(0, length);
}

function random(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = length;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
