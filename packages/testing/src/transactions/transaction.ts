/** The names that DescribeTransactions and ListTransactions use. */
export const transactionStates = [
  ...(['Empty', 'Ongoing', 'PrepareCommit', 'PrepareAbort'] as const),
  ...(['CompleteCommit', 'CompleteAbort', 'Dead', 'PrepareEpochFence'] as const),
] as const;
export type TransactionState = (typeof transactionStates)[number];

/**
 * How transactions are spoken (KIP-890): with 2 each EndTxn bumps the epoch, and partitions are added by producing to them.
 * What a client speaks is seen by the version of its requests.
 */
export type TransactionVersion = 0 | 2;

/** Topic -> partitions. */
export type TransactionPartitions = ReadonlyMap<string, ReadonlySet<number>>;

/** What the coordinator knows of a transactional id. A change makes a new one. */
export interface Transaction {
  readonly transactionalId: string;
  readonly producerId: number;
  /** The producer id before the newest change, which is mostly the same one. */
  readonly previousProducerId: number;
  /** Replaces the producer id when the transaction is complete; -1 for none. */
  readonly nextProducerId: number;
  /** -1 until the first InitProducerId is through. */
  readonly producerEpoch: number;
  /** The epoch before a bump that its producer asked for, so that it may ask again; -1 for none. */
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  /** While the transaction is prepared: those whose marker is still to be written. */
  readonly partitions: TransactionPartitions;
  /** Milliseconds since 1970; -1 when none was begun since the producer was initialized. */
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly version: TransactionVersion;
}

/** Who a producer says to be. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** What the coordinator makes of a request: a refusal by its error (NONE: it is done already), or the state that follows. */
export type TransactionVerdict = { readonly error: TransactionError } | { readonly next: Transaction };

export type TransactionError =
  | 'NONE'
  | 'CONCURRENT_TRANSACTIONS'
  | 'INVALID_PRODUCER_ID_MAPPING'
  | 'INVALID_TXN_STATE'
  | 'PRODUCER_FENCED'
  | 'TRANSACTION_ABORTABLE'
  | 'UNKNOWN_SERVER_ERROR';

export const largestEpoch = 32_767;
const noPartitions: TransactionPartitions = new Map();

/** A transactional id that nobody has used yet. */
export function newTransaction(transactionalId: string, producerId: number, timeoutMs: number, now: number): Transaction {
  return {
    ...{ transactionalId, producerId, previousProducerId: -1, nextProducerId: -1, producerEpoch: -1, lastProducerEpoch: -1 },
    ...{ timeoutMs, state: 'Empty', partitions: noPartitions, startedAt: -1, updatedAt: now, version: 0 },
  };
}

/** The same with changes. What was the producer id becomes the previous one, as with every record of Kafka's transaction log. */
export function changed(transaction: Transaction, changes: Partial<Transaction>): Transaction {
  return { ...transaction, previousProducerId: transaction.producerId, ...changes };
}

/** The largest epoch is never given to a client, so that the coordinator can always fence it. */
export function isExhausted(producerEpoch: number): boolean {
  return producerEpoch >= largestEpoch - 1;
}

/** Whether the transaction has ended, and its markers are not all written yet. */
export function isPrepared({ state }: Transaction): boolean {
  return state === 'PrepareCommit' || state === 'PrepareAbort';
}

export function withPartitions(partitions: TransactionPartitions, added: TransactionPartitions): TransactionPartitions {
  const all = new Map(partitions);
  for (const [topic, indexes] of added) all.set(topic, new Set([...(all.get(topic) ?? []), ...indexes]));
  return all;
}

export function withoutPartition(partitions: TransactionPartitions, topic: string, partition: number): TransactionPartitions {
  const left = new Set(partitions.get(topic));
  left.delete(partition);
  const all = new Map(partitions).set(topic, left);
  if (left.size === 0) all.delete(topic);
  return all;
}

export function hasPartition(partitions: TransactionPartitions, topic: string, partition: number): boolean {
  return partitions.get(topic)?.has(partition) ?? false;
}

export function hasPartitions(partitions: TransactionPartitions, some: TransactionPartitions): boolean {
  return [...some].every(([topic, indexes]) => [...indexes].every((index) => hasPartition(partitions, topic, index)));
}

/** Ends the preparation: all markers are written. */
export function completed(transaction: Transaction, now: number): Transaction {
  const rotates = transaction.version === 2 && transaction.nextProducerId !== -1;
  return changed(transaction, {
    state: transaction.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort',
    // The client sees the last epoch but one of its producer id followed by 0 of the next.
    ...(rotates && { producerId: transaction.nextProducerId, producerEpoch: 0 }),
    nextProducerId: -1,
    partitions: noPartitions,
    updatedAt: now,
  });
}
