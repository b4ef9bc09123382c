import { describe, expect, it } from 'vitest';
import { RecordBatchBuilder } from './batch-builder.ts';
import { checkCrc, readBatches, type RecordBatch } from './batch.ts';
import { readControlType, transactionEndBatch } from './control.ts';
import { decompress, decompressSync } from './decompress.ts';
import { describeBatches, type GoldenBatch, goldenBatches } from './golden/batches.ts';
import { readRecords } from './record.ts';
import { setAppendTime, setOffset } from './stamp.ts';

const golden = goldenBatches();
const named = (name: string): GoldenBatch => golden.find((batch) => batch.name === name)!;
const firstOf = ({ bytes }: GoldenBatch): RecordBatch => readBatches(bytes)[0]!;

describe('batches that Kafka’s own Java classes wrote', () => {
  it.each(golden)('are read as Java reads them: $name', ({ bytes, value }) => {
    expect(describeBatches(bytes)).toEqual(value);
  });

  it.each(golden)('have the checksum that Java computed: $name', (batch) => {
    checkCrc(firstOf(batch));
  });

  it.each(golden)('are the same decompressed off the event loop: $name', async (batch) => {
    expect(await decompress(firstOf(batch))).toEqual(decompressSync(firstOf(batch)));
  });

  // Gaps, far timestamps and Raft's messages are nothing that a producer writes.
  const rewritten = golden.filter(({ name }) => /^(?!gaps|far|commit|abort|leader).*, none$/.test(name));
  it.each(rewritten)('are written again byte for byte: $name', (batch) => {
    expect(rewrite(firstOf(batch))).toEqual(batch.bytes);
  });

  it.each(['commit', 'abort'] as const)('are written again byte for byte: the marker of a transaction’s %s', (type) => {
    const { bytes } = named(`${type}, none`);
    const { baseOffset, partitionLeaderEpoch, producerId, producerEpoch, baseTimestamp } = readBatches(bytes)[0]!;
    const marker = transactionEndBatch({ type, producerId, producerEpoch, coordinatorEpoch: 7, timestamp: baseTimestamp });
    setOffset(marker, baseOffset, partitionLeaderEpoch);
    expect(marker).toEqual(bytes);
  });

  it('tell how a transaction ended', () => {
    expect(readControlType(firstOf(named('commit, none')))).toBe('commit');
    expect(readControlType(firstOf(named('abort, none')))).toBe('abort');
    expect(readControlType(firstOf(named('leader change, none')))).toBe('other');
  });

  it('T4: give a timestamp beyond the safe integers clamped, and exactly beside it', () => {
    const batch = firstOf(named('far timestamps, none'));
    const { MAX_SAFE_INTEGER: most } = Number;
    expect(readRecords(batch, batch.records).map(({ timestamp, timestampBigInt }) => [timestamp, timestampBigInt])).toEqual([
      [most, 2n ** 63n - 1n],
      [0, undefined],
      [-1, undefined],
      [most, undefined],
      [most, 2n ** 53n],
      [most, 2n ** 53n + 3n],
      [1_700_000_000_000, undefined],
    ]);
  });
});

function rewrite(batch: RecordBatch): Buffer {
  const builder = new RecordBatchBuilder(2 ** 24);
  for (const { key, value, headers, timestamp } of timedByProducer(batch)) builder.append(key, value, headers, timestamp);
  const bytes = builder.close(batch);
  setOffset(bytes, batch.baseOffset, batch.partitionLeaderEpoch);
  if (batch.timestampType === 'logAppendTime') setAppendTime(bytes, batch.maxTimestamp);
  return bytes;
}

/** The records with the producer's timestamps, which are in the bytes also where the broker's count. */
function timedByProducer(batch: RecordBatch): ReturnType<typeof readRecords> {
  const copy = Buffer.from(batch.bytes);
  copy.writeInt16BE(0, 21);
  return readRecords(readBatches(copy)[0]!, batch.records);
}
