/**
 * What one core does with record batches alone: no socket, no client.
 *
 *   node benchmarks/micro-records.ts [append|read|crc|compress ...]        (default: all)
 *
 * Each figure is the best of 15 rounds. `loop` rows are the same work as a bare loop without checks, the limit to compare with.
 */
import { RecordBatchBuilder } from '../packages/core/src/records/batch-builder.ts';
import { checkCrc, readBatches } from '../packages/core/src/records/batch.ts';
import { compressions, compressSync } from '../packages/core/src/records/compression.ts';
import { crc32c } from '../packages/core/src/records/crc32c.ts';
import { decompressSync } from '../packages/core/src/records/decompress.ts';
import { valuesOf } from './producers/measurement.ts';
import { readRecords, RecordCursor } from '../packages/core/src/records/record.ts';

const chosen = process.argv.slice(2);
const rounds = 15;
const total = 1_000_000;

/** By processor time, so that a busy machine falsifies less. */
function best(label: string, units: number, unit: string, run: () => void): void {
  let seconds = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    seconds = Math.min(seconds, (user + system) / 1e6);
  }
  console.log(`${label.padEnd(72)} ${(units / seconds).toFixed(2).padStart(9)} ${unit}`);
}

const suites = { append, read, crc, codecs };
for (const [name, suite] of Object.entries(suites)) if (chosen.length === 0 || chosen.includes(name)) suite();

function append(): void {
  for (const size of [20, 100, 1024]) {
    const values = valuesOf(size);
    const strings = values.map((value) => value.toString());
    const now = Date.now();
    for (const [label, pool] of [
      ['bytes', values],
      ['string', strings],
    ] as const) {
      for (const close of [false, true]) {
        best(
          `append ${size} B, value from ${label}, 256 KiB batches${close ? ', closed with checksum' : ''}`,
          total / 1e6,
          'M records/s',
          () => {
            let builder = new RecordBatchBuilder();
            for (let i = 0; i < total; i++) {
              if (builder.append(null, pool[i & 4095]!, [], now)) continue;
              if (close) builder.close();
              builder = new RecordBatchBuilder();
              builder.append(null, pool[i & 4095]!, [], now);
            }
          },
        );
      }
    }
  }
}

function read(): void {
  for (const size of [20, 100, 1024]) {
    const values = valuesOf(size);
    const builder = new RecordBatchBuilder(16384);
    while (builder.append(null, values[builder.count]!, [], 1_700_000_000_000));
    const bytes = builder.close();
    const count = builder.count;
    const repeats = Math.ceil(total / count);
    const go = (label: string, run: () => void): void =>
      best(`read ${size} B, 16 KiB batches, ${label}`, (repeats * count) / 1e6, 'M records/s', () => {
        for (let i = 0; i < repeats; i++) run();
      });
    let sum = 0;
    go('loop: lengths only', () => (sum += lengthsOnly(bytes, count)));
    go('cursor, no field read', () => {
      const batch = readBatches(bytes)[0]!;
      const cursor = new RecordCursor(batch, batch.records);
      while (cursor.next()) sum += cursor.valueLength;
    });
    const held: unknown[] = new Array(count);
    go('cursor, object with a value view', () => {
      const batch = readBatches(bytes)[0]!;
      const cursor = new RecordCursor(batch, batch.records);
      for (let i = 0; cursor.next(); i++)
        held[i] = { offset: cursor.offset, timestamp: cursor.timestamp, key: cursor.key, value: cursor.value };
    });
    go('loop: object with a value view', () => objectsByLoop(bytes, count, held));
    go('readRecords', () => {
      const batch = readBatches(bytes)[0]!;
      sum += readRecords(batch, batch.records).length;
    });
    go('checkCrc and readRecords', () => {
      const batch = readBatches(bytes)[0]!;
      checkCrc(batch);
      sum += readRecords(batch, batch.records).length;
    });
    if (sum < 0) console.log(sum);
  }
}

/** The bare loops: no checks, no null, no headers. */
function lengthsOnly(bytes: Buffer, count: number): number {
  let position = 61;
  let sum = 0;
  const varint = (): number => {
    let result = 0;
    let shift = 0;
    let byte;
    do {
      byte = bytes[position++]!;
      result |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return (result >>> 1) ^ -(result & 1);
  };
  for (let i = 0; i < count; i++) {
    const length = varint();
    const next = position + length;
    position++;
    varint();
    varint();
    const key = varint();
    if (key > 0) position += key;
    sum += varint();
    position = next;
  }
  return sum;
}

function objectsByLoop(bytes: Buffer, count: number, held: unknown[]): void {
  let position = 61;
  const varint = (): number => {
    let result = 0;
    let shift = 0;
    let byte;
    do {
      byte = bytes[position++]!;
      result |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return (result >>> 1) ^ -(result & 1);
  };
  for (let i = 0; i < count; i++) {
    const length = varint();
    const next = position + length;
    position++;
    const timestamp = varint();
    const offset = varint();
    const key = varint();
    if (key > 0) position += key;
    const value = varint();
    held[i] = { offset, timestamp, key: null, value: bytes.subarray(position, position + value) };
    position = next;
  }
}

function crc(): void {
  for (const size of [1024, 16384, 262144, 1048576]) {
    const bytes = Buffer.from(Array.from({ length: size + 1 }, (_, i) => (i * 2654435761) >>> 13));
    const repeats = Math.ceil((64 << 20) / size);
    best(`crc32c ${size} B, not aligned`, (repeats * size) / 1e6, 'MB/s', () => {
      for (let i = 0; i < repeats; i++) crc32c(bytes, 1, size + 1);
    });
  }
}

function codecs(): void {
  const contents = { 'hex digits': valuesOf(100), 'log lines': logLines() };
  for (const [name, values] of Object.entries(contents)) {
    for (const maxBytes of [16384, 262144]) {
      for (const compression of compressions.slice(1)) {
        const builder = new RecordBatchBuilder(maxBytes);
        while (builder.append(null, values[builder.count & 4095]!, [], 1_700_000_000_000));
        const plain = readBatches(builder.close())[0]!.records;
        const batch = readBatches(builder.close({ compression }))[0]!;
        const repeats = Math.ceil((16 << 20) / plain.length);
        const go = (label: string, run: () => void): void =>
          best(`${compression} ${name}, ${maxBytes >> 10} KiB, ${label}`, (repeats * plain.length) / 1e6, 'MB/s', () => {
            for (let i = 0; i < repeats; i++) run();
          });
        go(`compress to ${((batch.records.length / plain.length) * 100).toFixed(0)} %`, () => compressSync(compression, plain));
        go('decompress', () => decompressSync(batch));
      }
    }
  }
}

function logLines(): Buffer[] {
  const levels = ['INFO', 'DEBUG', 'WARN'];
  return Array.from({ length: 4096 }, (_, i) =>
    Buffer.from(
      `{"time":"2026-01-01T00:00:${String(i % 60).padStart(2, '0')}Z","level":"${levels[i % 3]}","order":${(i * 7919) % 100003},"customer":"c${i % 97}"}`,
    ),
  );
}
