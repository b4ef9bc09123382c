import {
  changed,
  isExhausted,
  isPrepared,
  largestEpoch,
  type ProducerIdentity,
  type Transaction,
  type TransactionVerdict,
  type TransactionVersion,
} from './transaction.ts';

export interface End extends ProducerIdentity {
  readonly committed: boolean;
  readonly version: TransactionVersion;
  readonly now: number;
  readonly nextProducerId: () => number;
}

/** What EndTxn comes to. */
export function endTransaction(transaction: Transaction, asked: End): TransactionVerdict {
  return asked.version === 2 ? endWithBump(transaction, asked) : endWithoutBump(transaction, asked);
}

/** The end that nobody asked for: the transaction's time is over, or another producer has come. It bumps the epoch. */
export function fence(transaction: Transaction, version: TransactionVersion, now: number, nextProducerId: () => number): Transaction {
  if (version === 2) return prepared(transaction, false, 2, now, rotation(transaction, nextProducerId));
  const producerEpoch = Math.min(transaction.producerEpoch + 1, largestEpoch);
  return prepared({ ...transaction, producerEpoch, lastProducerEpoch: -1 }, false, 0, now, -1);
}

function endWithoutBump(transaction: Transaction, asked: End): TransactionVerdict {
  const { committed } = asked;
  if (transaction.producerId !== asked.producerId) return { error: 'INVALID_PRODUCER_ID_MAPPING' };
  if (transaction.producerEpoch !== asked.producerEpoch) return { error: 'PRODUCER_FENCED' };
  if (isPrepared(transaction)) return { error: 'CONCURRENT_TRANSACTIONS' };
  if (transaction.state === 'Ongoing') return { next: prepared(transaction, committed, 0, asked.now, -1) };
  return { error: transaction.state === (committed ? 'CompleteCommit' : 'CompleteAbort') ? 'NONE' : 'INVALID_TXN_STATE' };
}

/**
 * With protocol 2 the epoch tells whether a request is new or sent again, and nothing needs to have been written:
 * a client that does not know what became of its transaction may always abort (KIP-890).
 */
function endWithBump(transaction: Transaction, asked: End): TransactionVerdict {
  const { state, producerEpoch } = transaction;
  const { committed, now } = asked;
  if (isPrepared(transaction)) return { error: 'CONCURRENT_TRANSACTIONS' };
  const againAfterBump = producerEpoch === asked.producerEpoch + 1;
  const againAfterRotation =
    transaction.previousProducerId === asked.producerId && asked.producerEpoch === largestEpoch - 1 && producerEpoch === 0;
  if (transaction.producerId !== asked.producerId && !againAfterRotation) return { error: 'INVALID_PRODUCER_ID_MAPPING' };
  const again = againAfterBump || againAfterRotation;
  const complete = state === 'CompleteCommit' || state === 'CompleteAbort';
  if (producerEpoch !== asked.producerEpoch && !(complete && again)) return { error: 'PRODUCER_FENCED' };
  const next = (): TransactionVerdict => {
    const prepare = prepared(transaction, committed, 2, now, rotation(transaction, asked.nextProducerId));
    return { next: state === 'Ongoing' ? prepare : { ...prepare, startedAt: now } };
  };
  if (state === 'Ongoing') return next();
  if (again && complete) return { error: state === (committed ? 'CompleteCommit' : 'CompleteAbort') ? 'NONE' : 'INVALID_TXN_STATE' };
  return committed ? { error: 'INVALID_TXN_STATE' } : next();
}

function rotation({ producerEpoch }: Transaction, nextProducerId: () => number): number {
  return isExhausted(producerEpoch) ? nextProducerId() : -1;
}

function prepared(
  transaction: Transaction,
  committed: boolean,
  version: TransactionVersion,
  now: number,
  nextProducerId: number,
): Transaction {
  const { producerEpoch } = transaction;
  // An epoch that must not be is left as it is, so that the abort goes through.
  const bumped = producerEpoch === largestEpoch ? producerEpoch : producerEpoch + 1;
  return changed(transaction, {
    state: committed ? 'PrepareCommit' : 'PrepareAbort',
    ...(version === 2 && { producerEpoch: bumped, lastProducerEpoch: producerEpoch }),
    nextProducerId,
    updatedAt: now,
    version,
  });
}
