import { changed, isExhausted, isPrepared, type ProducerIdentity, type Transaction, type TransactionError } from './transaction.ts';

export interface Initialization {
  readonly timeoutMs: number;
  /** Who asks, when it names itself (KIP-360). */
  readonly expected: ProducerIdentity | undefined;
  readonly now: number;
  readonly nextProducerId: () => number;
}

/** `fence`: the open transaction is to be aborted first, and the client asks again. */
export type InitializationVerdict = { readonly error: TransactionError } | { readonly next: Transaction } | { readonly fence: true };

const fresh = { state: 'Empty', partitions: new Map(), startedAt: -1 } as const;

/** What InitProducerId comes to: a new epoch, and when there are no more a new producer id (KIP-98, KIP-360). */
export function initialize(transaction: Transaction, asked: Initialization): InitializationVerdict {
  if (isPrepared(transaction)) return { error: 'CONCURRENT_TRANSACTIONS' };
  const { expected, timeoutMs, now } = asked;
  if (expected !== undefined && !mayBe(expected, transaction)) return { error: 'PRODUCER_FENCED' };
  if (transaction.state === 'Ongoing') return { fence: true };
  const { producerEpoch, lastProducerEpoch } = transaction;
  const next = (changes: Partial<Transaction>): InitializationVerdict => ({
    next: changed(transaction, { ...fresh, timeoutMs, updatedAt: now, ...changes }),
  });
  if (isExhausted(producerEpoch)) {
    if (expected === undefined || expected.producerEpoch === producerEpoch) {
      return next({ producerId: asked.nextProducerId(), producerEpoch: 0, lastProducerEpoch: expected === undefined ? -1 : producerEpoch });
    }
    return { error: 'UNKNOWN_SERVER_ERROR' };
  }
  if (expected === undefined) return next({ producerEpoch: producerEpoch + 1, lastProducerEpoch: -1 });
  if (producerEpoch === -1 || expected.producerEpoch === producerEpoch) {
    return next({ producerEpoch: producerEpoch + 1, lastProducerEpoch: producerEpoch });
  }
  // The same question again, whose answer was lost. Another producer in between would have set the last epoch to -1.
  if (expected.producerEpoch === lastProducerEpoch) return next({});
  return { error: 'PRODUCER_FENCED' };
}

/** Whether the producer that names itself may be the present one, or the one before a producer id was replaced. */
function mayBe({ producerId, producerEpoch }: ProducerIdentity, transaction: Transaction): boolean {
  return (
    transaction.producerEpoch === -1 ||
    producerId === transaction.producerId ||
    (producerId === transaction.previousProducerId && isExhausted(producerEpoch))
  );
}
