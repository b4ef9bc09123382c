import type { TopicPartition } from '@tskafka/core';

/** Whose sequence numbers a partition counts. Each epoch begins at 0. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly epoch: number;
  readonly isTransactional?: boolean;
}

/** Where a producer's partitions get the identity from that they write under. */
export interface Identities {
  /** The identity for a partition that has none yet; undefined until one was asked for. */
  readonly current: ProducerIdentity | undefined;
  /** Whether a partition may begin another epoch by itself. In a transaction all write under one, and a failure ends it. */
  readonly mayBeginEpoch: boolean;
  /** The highest version of Produce that may be used now; undefined: any. */
  readonly maxProduceVersion: number | undefined;
  /** That this id is not to be used any more. */
  discard(identity: ProducerIdentity): void;
  /** The identity; asks the cluster for one when there is none. */
  ask(signal?: AbortSignal): Promise<ProducerIdentity>;
  /** Whether the partition may be written to now. If not, the sender is woken when it may. */
  admits(partition: TopicPartition): boolean;
  /** A message was given up. */
  failed(error: unknown): void;
}
