import type { MessageBytes, MessageToSend } from '@tskafka/core';
import { murmur2 } from './murmur2.ts';

/** A partition that may be chosen, in the words of kafkajs. */
export interface PartitionToChoose {
  readonly partitionId: number;
  /** The id of the broker that leads it; -1 while there is none. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
  /** Always 0: for kafkajs' type. */
  readonly partitionErrorCode: number;
}

export interface PartitionerArguments {
  readonly topic: string;
  /** All partitions of the topic, by their numbers. */
  readonly partitionMetadata: readonly PartitionToChoose[];
  readonly message: MessageToSend;
}

/**
 * Chooses the partition of a message that names none. undefined leaves the choice to the producer, as for a message without a key.
 * What kafkajs' `createPartitioner` returns fits as it is.
 */
export type Partitioner = (choice: PartitionerArguments) => number | undefined;

/** Where the Java client puts a key (murmur2), and the same in every program. A message without a key is left to the producer. */
export const murmur2Partitioner: Partitioner = ({ partitionMetadata, message: { key } }) =>
  key === null || key === undefined ? undefined : partitionOfKey(key, partitionMetadata.length);

/** The key's hash without its sign, over the number of partitions. */
export function partitionOfKey(key: MessageBytes, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

/** Refuses what is no partition of the topic. */
export function checkChoice(topic: string, partition: unknown, partitions: number): number {
  if (typeof partition === 'function') {
    throw new TypeError(`the partitioner returned a function for '${topic}': call kafkajs' factory, as in partitioner: myPartitioner()`);
  }
  if (!Number.isInteger(partition) || (partition as number) < 0 || (partition as number) >= partitions) {
    throw new RangeError(`'${topic}' has no partition ${String(partition)}: it has ${partitions}, from 0 on`);
  }
  return partition as number;
}
