import type { MessageBytes, MessageToSend } from '@tskafka/core';
import { shown } from '@tskafka/core/internal';
import type { HeaderToWrite } from '@tskafka/core/protocol';
import { murmur2 } from './murmur2.ts';

/** A partition that may be chosen, in the words of kafkajs. */
export interface PartitionToChoose {
  readonly partitionId: number;
  /** The id of its leader; -1 while it has none. */
  readonly leader: number;
  readonly replicas: number[];
  readonly isr: number[];
  readonly offlineReplicas: number[];
  /** Always 0: for kafkajs' type. */
  readonly partitionErrorCode: number;
}

/** A message as its partitioner sees it, in the words of kafkajs: bytes are Buffers. */
export interface MessageToPlace {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers: Record<string, Buffer | string | (Buffer | string)[] | undefined>;
  /** Milliseconds since 1970, if the message has a timestamp. */
  readonly timestamp?: string;
}

/** What a partitioner chooses by, in the words of kafkajs. */
export interface PartitionerArguments {
  readonly topic: string;
  /** All partitions of the topic, sorted by number. */
  readonly partitionMetadata: PartitionToChoose[];
  readonly message: MessageToPlace;
}

/**
 * Chooses the partition of a message without one. undefined leaves the choice to the producer, which spreads such messages.
 * A function that a `createPartitioner` of kafkajs returns fits too.
 */
export type Partitioner = (choice: PartitionerArguments) => number | undefined;

/** Puts a key where Java's client does (murmur2). The producer spreads messages without a key. */
export const murmur2Partitioner: Partitioner = ({ partitionMetadata, message: { key } }) =>
  key === null ? undefined : partitionOfKey(key, partitionMetadata.length);

/** The key's hash without its sign, over the number of partitions. */
export function partitionOfKey(key: MessageBytes, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

/** What a partitioner is shown of a message. Most look at the key alone. */
export function messageToPlace({ key, value, timestamp }: MessageToSend, headers: readonly HeaderToWrite[]): MessageToPlace {
  return {
    key: asBuffer(key ?? null),
    value: asBuffer(value),
    get headers() {
      return headersObject(headers);
    },
    ...(timestamp !== undefined && { timestamp: String(Number(timestamp)) }),
  };
}

/** Refuses what is no partition of the topic. */
export function checkChoice(topic: string, partition: unknown, partitions: number): number {
  if (typeof partition === 'function') {
    throw new TypeError(`the partitioner returned a function for '${topic}': call kafkajs' factory, as in partitioner: myPartitioner()`);
  }
  if (!Number.isInteger(partition) || (partition as number) < 0 || (partition as number) >= partitions) {
    throw new RangeError(`'${topic}' has no partition ${shown(partition)}: it has ${partitions}, numbered from 0`);
  }
  return partition as number;
}

/** kafkajs' murmur2 takes a Uint8Array that is no Buffer for a list of numbers to write out. */
function asBuffer<T extends MessageBytes | null>(bytes: T): Buffer | string | null {
  if (bytes === null || typeof bytes === 'string' || Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function headersObject(headers: readonly HeaderToWrite[]): MessageToPlace['headers'] {
  const grouped = new Map<string, (Buffer | string)[]>();
  for (const [name, value] of headers) grouped.set(name, [...(grouped.get(name) ?? []), asBuffer(value) ?? '']);
  return Object.fromEntries([...grouped].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}
