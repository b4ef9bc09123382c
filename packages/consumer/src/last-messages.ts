import type { Topic, TopicPartition } from '@tskafka/core';
import { checkOffset, checkOptions, type Cluster, partitionName, resolveOffsets } from '@tskafka/core/internal';
import { Consumer } from './consumer.ts';
import { Engine } from './engine.ts';
import { fixedSource, type ReadRange } from './partition-source.ts';
import { FixedAssignment } from './fixed-assignment.ts';
import type { Message } from './message.ts';
import { newest } from './newest.ts';
import { type ConsumerOptions, type ResolvedConsumerOptions, resolveConsumerOptions, type SimpleConsumerOptions } from './options.ts';

/** How to read the last messages: those options of a SimpleConsumer that concern bytes and messages. */
export interface LastMessagesOptions<Value = Buffer | null, Key = Buffer | null> extends Pick<
  ConsumerOptions<Value, Key>,
  'isolation' | 'deserializer' | 'checkCrcs' | 'maxDecompressedBytes' | 'copyValues' | 'fetchMessageMaxBytes' | 'fetchMaxBytes'
> {
  /** The partitions to read. Default: all. */
  readonly partitions?: SimpleConsumerOptions['partitions'];
  /** Read the last messages before these offsets instead of before the end: `[[partition, offset]]`. Other partitions are not read. */
  readonly before?: Iterable<readonly [partition: number, offset: number]>;
  readonly signal?: AbortSignal;
}

const readingOptions = [
  'isolation',
  'deserializer',
  'checkCrcs',
  'maxDecompressedBytes',
  'copyValues',
  'fetchMessageMaxBytes',
  'fetchMaxBytes',
] as const satisfies readonly (keyof LastMessagesOptions)[];

/** What has been read of a partition: everything from `from` up to its end. */
interface Window<M> extends TopicPartition {
  readonly logStart: number;
  from: number;
  messages: M[];
}

/**
 * Returns the newest `count` messages of a topic, from all its partitions, in order of time; messages of a partition stay in log order. It
 * returns fewer if there are fewer, and holds all of them in memory.
 *
 * Rejects with RangeError for a count below 0, with BrokerError if the topic does not exist, with NoBrokersAvailableError if no broker can
 * be reached, with CorruptRecordError if a batch cannot be read, and with the signal's reason.
 */
export async function lastMessages<Value = Buffer | null, Key = Buffer | null>(
  topic: Topic,
  count: number,
  { partitions, before, signal, ...reading }: LastMessagesOptions<Value, Key> = {},
): Promise<Message<Value, Key>[]> {
  checkOffset(count, 'the number of messages');
  checkOptions('lastMessages', reading, readingOptions);
  const options = resolveConsumerOptions<Value, Key>('lastMessages', { ...reading, until: 'latest' });
  const ends = before && new Map([...before].map(([partition, offset]) => [partition, checkOffset(offset)]));
  const assignment = new FixedAssignment(topic, { partitions: partitions ?? ends?.keys() });
  const windows = await emptyWindows<Message<Value, Key>>(assignment, ends, options, signal);
  // Offsets are not counts: compaction and transactions leave gaps. Where too few are found it looks again, twice as far back.
  for (let step = count; ; step *= 2) {
    const open = windows.filter(({ messages, from, logStart }) => messages.length < count && from > logStart);
    if (open.length === 0)
      return newest(
        windows.map(({ messages }) => messages),
        count,
      );
    const ranges = open.map(({ topic, partition, from, logStart }) => {
      return { topic, partition, offset: Math.max(logStart, from - step), until: from, isGiven: true };
    });
    const read = await readAll(assignment.cluster, ranges, options, signal);
    open.forEach((window, i) => {
      window.messages = [...(read.get(partitionName(window)) ?? []), ...window.messages].slice(-count);
      window.from = ranges[i]!.offset;
    });
  }
}

async function emptyWindows<M>(
  assignment: FixedAssignment,
  ends: ReadonlyMap<number, number> | undefined,
  { isolation }: ResolvedConsumerOptions<unknown, unknown>,
  signal: AbortSignal | undefined,
): Promise<Window<M>[]> {
  const partitions = await assignment.partitions(signal);
  const { cluster } = assignment;
  const at = (kind: 'earliest' | 'latest') => partitions.map((partition) => ({ ...partition, place: { kind } }));
  const [first, last] = await Promise.all([
    resolveOffsets(cluster, at('earliest'), { signal }),
    resolveOffsets(cluster, at('latest'), { isolation, signal }),
  ]);
  return partitions.map((partition, i) => {
    const from = Math.min(last[i]!.offset, ends?.get(partition.partition) ?? Infinity);
    return { ...partition, logStart: first[i]!.offset, from, messages: [] };
  });
}

async function readAll<Value, Key>(
  cluster: Cluster,
  ranges: readonly ReadRange[],
  options: ResolvedConsumerOptions<Value, Key>,
  signal: AbortSignal | undefined,
): Promise<Map<string, Message<Value, Key>[]>> {
  const read = new Map(ranges.map((range) => [partitionName(range), [] as Message<Value, Key>[]]));
  const reader = new RangeReader(cluster, options, ranges);
  try {
    await reader.start();
    for (let message = await reader.consume({ signal }); message !== undefined; message = await reader.consume({ signal })) {
      read.get(partitionName(message))!.push(message);
    }
    return read;
  } finally {
    await reader.close();
  }
}

/** A consumer of ranges that are known beforehand. */
class RangeReader<Value, Key> extends Consumer<Value, Key> {
  constructor(cluster: Cluster, options: ResolvedConsumerOptions<Value, Key>, ranges: readonly ReadRange[]) {
    const source = fixedSource(() => Promise.resolve(ranges));
    super(new Engine(cluster, options, source), source);
  }
}
