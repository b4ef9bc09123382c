import { apis, decompressSync, readBatches, readRecords } from '@tskafka/core/protocol';
import type { Wire } from '../../conformance/wire.ts';
import { wireTo } from '../chaos/replicas.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';
import { sequenceOf } from './ledger.ts';
import type { LoggedRecord } from './verdict.ts';

/** By `topic-partition`. */
export type Logs = Map<string, LoggedRecord[]>;

/** Reads the whole log of some topics from their leaders, by Fetch requests that are written here: no retry, no position, no consumer. */
export async function readLogs(kafka: RealKafka, topics: readonly string[]): Promise<Logs> {
  const logs: Logs = new Map();
  const any = await wireTo(kafka, 1);
  const { topics: known } = await any.send(apis.metadata, 4, { topics: topics.map((name) => ({ name })), allowAutoTopicCreation: false });
  any.close();
  for (const { name, partitions } of known) {
    for (const { partitionIndex, leaderId } of partitions) {
      const wire = await wireTo(kafka, leaderId);
      logs.set(`${name}-${partitionIndex}`, await readLog(wire, name!, partitionIndex));
      wire.close();
    }
  }
  return logs;
}

async function readLog(wire: Wire, topic: string, partition: number): Promise<LoggedRecord[]> {
  const log: LoggedRecord[] = [];
  for (let next = 0; ;) {
    const partitions = [{ partition, fetchOffset: next, partitionMaxBytes: 8 * 1024 * 1024 }];
    const limits = { replicaId: -1, maxWaitMs: 1000, minBytes: 1, maxBytes: 8 * 1024 * 1024 };
    const { responses } = await wire.send(apis.fetch, 11, { ...limits, topics: [{ topic, partitions }] });
    const { errorCode, highWatermark, records } = responses[0]!.partitions[0]!;
    if (errorCode !== 0) throw new Error(`reading ${topic}-${partition} at ${next}: error ${errorCode}`);
    for (const batch of readBatches(records ?? Buffer.alloc(0))) {
      for (const { offset, value } of readRecords(batch, decompressSync(batch))) {
        if (offset < next) continue; // a fetch that begins inside a batch gets all of it
        log.push({ offset, sequence: sequenceOf(topic, partition, value?.toString() ?? '') });
        next = offset + 1;
      }
    }
    if (next >= highWatermark) return log;
  }
}

/** The same, as Java sees it: by Kafka's own ConsoleConsumer, which ends with the last record that `known` has, or ten seconds after the last that comes. */
export async function readLogsInJava(kafka: RealKafka, known: Logs, topics: readonly string[]): Promise<Logs> {
  const logs: Logs = new Map();
  const read = async (topic: string): Promise<void> => {
    const formats = ['print.partition=true', 'print.offset=true'].flatMap((format) => ['--formatter-property', format]);
    const ours = [...known].filter(([name]) => name.replace(/-\d+$/, '') === topic);
    const count = ours.reduce((sum, [, log]) => sum + log.length, 0);
    const limits = ['--max-messages', `${count}`, '--timeout-ms', '10000'];
    const args = ['--topic', topic, '--from-beginning', ...limits, ...formats];
    const { stdout } = await kafka.tool('ConsoleConsumer', args);
    for (const [, partition, offset, value] of stdout.matchAll(/^Partition:(\d+)\tOffset:(\d+)\t(.*)$/gm)) {
      const name = `${topic}-${partition}`;
      const log = logs.get(name) ?? [];
      logs.set(name, log);
      log.push({ offset: Number(offset), sequence: sequenceOf(topic, Number(partition), value!) });
    }
  };
  await Promise.all(topics.map(read));
  return logs;
}
