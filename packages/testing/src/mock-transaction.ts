import { checkBroker } from './checks.ts';
import type { ClusterState } from './cluster-state.ts';
import type { Transaction, TransactionState } from './transactions/transaction.ts';

/** A transactional id as its coordinator knows it. */
export interface TransactionStatus {
  readonly transactionalId: string;
  readonly state: TransactionState;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** The partitions of the open transaction, or those whose marker is not written yet. Offsets are in a partition of `__consumer_offsets`. */
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds since 1970; undefined if no transaction began since the producer was initialized. */
  readonly startedAt: number | undefined;
}

/** A transactional id of the mock, for a test to inspect and change. It need not have been used. */
export class MockTransaction {
  readonly transactionalId: string;
  readonly #state: ClusterState;

  constructor(state: ClusterState, transactionalId: string) {
    this.#state = state;
    this.transactionalId = transactionalId;
  }

  /** What its coordinator knows; undefined if it has never been used. */
  get status(): TransactionStatus | undefined {
    const transaction = this.#state.transactions.get(this.transactionalId);
    return transaction && statusOf(transaction);
  }

  /** `Ongoing` while a transaction is open; undefined if the transactional id has never been used. */
  get state(): TransactionState | undefined {
    return this.status?.state;
  }

  /** The broker that coordinates it; -1 if there is none. */
  get coordinator(): number {
    return this.#state.coordinatorOf('transaction', this.transactionalId);
  }

  /**
   * Aborts the open transaction as its producer would. The producer, which has not asked, is refused when it goes on.
   *
   * @throws RangeError when none is open
   */
  abort(): void {
    const { producerId, producerEpoch, version } = this.#open();
    this.#state.transactions.end(this.transactionalId, { producerId, producerEpoch, committed: false, version });
  }

  /**
   * Lets the time of the open transaction be over: it is aborted, and its producer's epoch is too old from now on (KIP-98, KIP-588).
   *
   * @throws RangeError when none is open
   */
  expire(): void {
    this.#open();
    this.#state.transactions.fence(this.transactionalId);
  }

  /**
   * Fences the producer as another one with the same transactional id does: an open transaction is aborted, and the epoch raised.
   *
   * @throws RangeError when nobody has used the transactional id
   */
  fence(): void {
    this.#state.transactions.fence(this.transactionalId);
    const { timeoutMs } = this.#used();
    this.#state.transactions.initialize(this.transactionalId, timeoutMs);
  }

  /**
   * Has the coordinator forget the open transaction without ending it in its partitions: it hangs there, and who reads what is committed waits,
   * until an administrator ends it (KIP-664).
   *
   * @throws RangeError when none is open
   */
  leaveHanging(): void {
    this.#open();
    this.#state.transactions.forgetPartitions(this.transactionalId);
  }

  /** Gives it, and those that share its partition of `__transaction_state`, another coordinator; -1 for none. */
  moveCoordinator(broker: number): void {
    if (broker !== -1) checkBroker(broker, this.#state.brokers);
    const partition = this.#state.coordinatorPartition('transaction', this.transactionalId);
    if (broker !== -1 && !partition.replicas.includes(broker)) {
      partition.replicas = [...partition.replicas, broker];
      partition.isr = [...partition.isr, broker];
    }
    partition.elect(broker);
  }

  #used(): Transaction {
    const transaction = this.#state.transactions.get(this.transactionalId);
    if (transaction !== undefined) return transaction;
    const known = this.#state.transactions.list().map(({ transactionalId }) => transactionalId);
    throw new RangeError(`nobody has used the transactional id '${this.transactionalId}'; there are ${known.join(', ') || 'none'}`);
  }

  #open(): Transaction {
    const transaction = this.#used();
    if (transaction.state === 'Ongoing') return transaction;
    throw new RangeError(`'${this.transactionalId}' has no open transaction: its state is ${transaction.state}`);
  }
}

export function statusOf(transaction: Transaction): TransactionStatus {
  const { transactionalId, state, producerId, producerEpoch, timeoutMs, startedAt } = transaction;
  const partitions = [...transaction.partitions].flatMap(([topic, indexes]) => [...indexes].map((partition) => ({ topic, partition })));
  return { transactionalId, state, producerId, producerEpoch, partitions, timeoutMs, startedAt: startedAt < 0 ? undefined : startedAt };
}
