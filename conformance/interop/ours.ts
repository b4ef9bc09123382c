import { apis } from '@tskafka/core/protocol';
import type { Compression } from '@tskafka/core/protocol';
import { readBatches } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { append, batchOf, fetchFrom, recordsOf } from '../requests.ts';
import { samples } from './samples.ts';

/** What this library writes and reads, for the other clients to read and write. */

export async function writeSamples(topic: TestTopic, compression: Compression): Promise<void> {
  const wire = await broker.leaderWire(topic);
  await append(wire, topic, batchOf(samples, { compression }));
  wire.close();
}

export interface ReadRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
  readonly compression: Compression;
}

/** All records of the topic's partition 0. */
export async function readAll(topic: TestTopic): Promise<ReadRecord[]> {
  const wire = await broker.leaderWire(topic);
  const fetched = await fetchFrom(wire, apis.fetch.maxVersion, topic, 0);
  wire.close();
  const batches = readBatches(fetched.records!);
  return recordsOf(fetched).map(({ offset, key, value, headers }) => ({
    key: key?.toString() ?? null,
    value: value?.toString() ?? null,
    headers: headers.map(([name, text]) => [name, text?.toString() ?? null]),
    compression: batches.find((batch) => batch.baseOffset <= offset && offset <= batch.lastOffset)!.compression,
  }));
}
