import type { ListedTransaction, ProducerState, TopicPartition, TransactionDescription } from '@tskafka/core';

/** A transaction as a partition remembers it: open there. */
export interface OpenTransaction extends TopicPartition {
  readonly producer: ProducerState;
}

/**
 * Which of the open transactions hang (KIP-664): their coordinator has none for that producer, or none that this partition is part of, so nobody
 * will ever end them.
 */
export function hanging(
  open: readonly OpenTransaction[],
  listed: readonly ListedTransaction[],
  described: ReadonlyMap<string, Pick<TransactionDescription, 'producerId' | 'partitions'> | undefined>,
): OpenTransaction[] {
  const ids = new Map(listed.map(({ producerId, transactionalId }) => [producerId, transactionalId]));
  return open.filter(({ topic, partition, producer }) => {
    const id = ids.get(producer.producerId);
    const known = id === undefined ? undefined : described.get(id);
    return !known?.partitions.some((one) => one.topic === topic && one.partition === partition);
  });
}
