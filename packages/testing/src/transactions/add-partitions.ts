import {
  changed,
  hasPartition,
  hasPartitions,
  isPrepared,
  type ProducerIdentity,
  type Transaction,
  type TransactionError,
  type TransactionPartitions,
  type TransactionVerdict,
  type TransactionVersion,
  withPartitions,
} from './transaction.ts';

export interface Addition extends ProducerIdentity {
  readonly partitions: TransactionPartitions;
  readonly version: TransactionVersion;
  readonly now: number;
}

/** What adding partitions comes to. The first one begins the transaction. */
export function addPartitions(transaction: Transaction, asked: Addition): TransactionVerdict {
  // First of all: the producer may already use an id that it is only about to get (KIP-890).
  if (isPrepared(transaction)) return { error: 'CONCURRENT_TRANSACTIONS' };
  if (transaction.producerId !== asked.producerId) return { error: 'INVALID_PRODUCER_ID_MAPPING' };
  if (transaction.producerEpoch !== asked.producerEpoch) return { error: 'PRODUCER_FENCED' };
  const ongoing = transaction.state === 'Ongoing';
  if (ongoing && hasPartitions(transaction.partitions, asked.partitions)) return { error: 'NONE' };
  return {
    next: changed(transaction, {
      state: 'Ongoing',
      partitions: withPartitions(transaction.partitions, asked.partitions),
      startedAt: ongoing ? transaction.startedAt : asked.now,
      updatedAt: asked.now,
      version: asked.version,
    }),
  };
}

/** Whether a partition is in the transaction (KIP-890): asked before a producer of protocol 1 may write into it. */
export function verifyPartition(transaction: Transaction, who: ProducerIdentity, topic: string, partition: number): TransactionError {
  if (transaction.producerId !== who.producerId) return 'INVALID_PRODUCER_ID_MAPPING';
  if (transaction.producerEpoch !== who.producerEpoch) return 'PRODUCER_FENCED';
  if (isPrepared(transaction)) return 'CONCURRENT_TRANSACTIONS';
  return hasPartition(transaction.partitions, topic, partition) ? 'NONE' : 'TRANSACTION_ABORTABLE';
}
