import type { Timer } from '@tskafka/core/protocol';
import type { ClusterState } from '../cluster-state.ts';
import type { PartitionState } from '../topics/topic.ts';
import { addPartitions, type Addition, verifyPartition } from './add-partitions.ts';
import { endTransaction, type End, fence } from './end-transaction.ts';
import { initialize } from './initialize.ts';
import { isAtLeast } from '../broker/kafka-releases.ts';
import {
  completed,
  isPrepared,
  newTransaction,
  type ProducerIdentity,
  type Transaction,
  type TransactionError,
  type TransactionVersion,
  withoutPartition,
} from './transaction.ts';
import { hasEnoughReplicas, type MarkerResult, writeMarker } from './write-marker.ts';

/** Why a request comes to nothing. */
export type CoordinatorError = TransactionError | 'INVALID_REQUEST' | 'INVALID_TRANSACTION_TIMEOUT' | 'COORDINATOR_NOT_AVAILABLE';

export interface ProducerAnswer extends ProducerIdentity {
  readonly error: CoordinatorError;
}

/** A marker that comes to this is written again, or waited for. */
const retried: ReadonlySet<string> = new Set(['NOT_LEADER_OR_FOLLOWER', 'NOT_ENOUGH_REPLICAS', 'REQUEST_TIMED_OUT']);

/** A producer id and epoch of nobody. */
const nobody: ProducerIdentity = { producerId: -1, producerEpoch: -1 };

/**
 * The transactional ids of the cluster. The brokers coordinate them together: who asks has looked whether the broker is the one that
 * coordinates the id.
 */
export class TransactionCoordinator {
  readonly #state: ClusterState;
  readonly #transactions = new Map<string, Transaction>();
  /** When an open transaction's time is over. */
  readonly #timers = new Map<string, Timer>();
  /** What waits for a partition to get a leader, or for its replicas to have the marker. */
  readonly #watches = new Map<string, () => void>();
  /** The markers of transactions that are prepared, by where they are. */
  readonly #written = new Map<string, Map<PartitionState, number>>();
  #holds = 0;

  constructor(state: ClusterState) {
    this.#state = state;
  }

  get(transactionalId: string): Transaction | undefined {
    const transaction = this.#transactions.get(transactionalId);
    if (transaction === undefined || !this.#isForgotten(transaction)) return transaction;
    this.#transactions.delete(transactionalId);
    return undefined;
  }

  list(): Transaction[] {
    return [...this.#transactions.keys()].flatMap((id) => this.get(id) ?? []);
  }

  /** What clients of this release may at best speak, and what the brokers speak among themselves. */
  get version(): TransactionVersion {
    return isAtLeast(this.#state.release, '4.0') ? 2 : 0;
  }

  initialize(transactionalId: string, timeoutMs: number, expected?: ProducerIdentity): ProducerAnswer {
    if (!this.#hasLog(transactionalId)) return { error: 'COORDINATOR_NOT_AVAILABLE', ...nobody };
    const now = this.#now();
    const transaction = this.get(transactionalId) ?? newTransaction(transactionalId, this.#state.nextProducerId(), timeoutMs, now);
    const verdict = initialize(transaction, { timeoutMs, expected, now, nextProducerId: this.#nextProducerId });
    if ('error' in verdict) return { error: verdict.error, ...nobody };
    if ('next' in verdict) return { error: 'NONE', ...this.#set(verdict.next) };
    this.fence(transactionalId);
    return { error: 'CONCURRENT_TRANSACTIONS', ...nobody };
  }

  addPartitions(transactionalId: string, addition: Omit<Addition, 'now'>): CoordinatorError {
    if (transactionalId === '') return 'INVALID_REQUEST';
    const transaction = this.get(transactionalId);
    if (transaction === undefined) return 'INVALID_PRODUCER_ID_MAPPING';
    const verdict = addPartitions(transaction, { ...addition, now: this.#now() });
    if ('error' in verdict) return verdict.error;
    if (!this.#hasLog(transactionalId)) return 'COORDINATOR_NOT_AVAILABLE';
    this.#set(verdict.next);
    return 'NONE';
  }

  verifyPartition(transactionalId: string, who: ProducerIdentity, topic: string, partition: number): CoordinatorError {
    if (transactionalId === '') return 'INVALID_REQUEST';
    const transaction = this.get(transactionalId);
    return transaction === undefined ? 'INVALID_PRODUCER_ID_MAPPING' : verifyPartition(transaction, who, topic, partition);
  }

  /** Ends a transaction. The answer names the producer of the next one, where the protocol is 2. */
  end(transactionalId: string, end: Omit<End, 'now' | 'nextProducerId'>): ProducerAnswer {
    if (transactionalId === '') return { error: 'INVALID_REQUEST', ...nobody };
    const transaction = this.get(transactionalId);
    if (transaction === undefined) return { error: 'INVALID_PRODUCER_ID_MAPPING', ...nobody };
    const verdict = endTransaction(transaction, { ...end, now: this.#now(), nextProducerId: this.#nextProducerId });
    const named = (of: Transaction): ProducerIdentity => (end.version === 2 ? identityOf(of) : nobody);
    if ('error' in verdict) return { error: verdict.error, ...(verdict.error === 'NONE' ? named(transaction) : nobody) };
    if (!this.#hasLog(transactionalId)) return { error: 'COORDINATOR_NOT_AVAILABLE', ...nobody };
    this.#set(verdict.next);
    this.#writeMarkers(transactionalId);
    return { error: 'NONE', ...named(completed(verdict.next, this.#now())) };
  }

  /** Aborts an open transaction, and bumps the epoch so that its producer notices. */
  fence(transactionalId: string): void {
    const transaction = this.get(transactionalId);
    if (transaction?.state !== 'Ongoing') return;
    this.#set(fence(transaction, this.version, this.#now(), this.#nextProducerId));
    this.#writeMarkers(transactionalId);
  }

  /** Loses the partitions of an open transaction: no marker will end it there. */
  forgetPartitions(transactionalId: string): void {
    const transaction = this.get(transactionalId);
    if (transaction !== undefined) this.#set(completed({ ...transaction, state: 'PrepareAbort' }, this.#now()));
  }

  /** Writes no markers until the returned function is called: transactions that end stay prepared. */
  holdMarkers(): () => void {
    let held = true;
    this.#holds++;
    return () => {
      if (!held) return;
      held = false;
      if (--this.#holds === 0) for (const id of [...this.#transactions.keys()]) this.#writeMarkers(id);
    };
  }

  /** Takes over the transactions of another cluster. Those that are open time out when they would have there. */
  copyFrom(other: TransactionCoordinator): void {
    for (const transaction of other.#transactions.values()) this.#set(transaction);
    for (const id of this.#transactions.keys()) this.#writeMarkers(id);
  }

  /** Stops whatever would happen later. */
  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    for (const unwatch of this.#watches.values()) unwatch();
    this.#timers.clear();
    this.#watches.clear();
  }

  readonly #nextProducerId = (): number => this.#state.nextProducerId();

  #now(): number {
    return Math.trunc(this.#state.clock.wallTime());
  }

  #set(transaction: Transaction): ProducerIdentity {
    const { transactionalId, state, startedAt, timeoutMs } = transaction;
    const wasOngoing = this.#timers.get(transactionalId);
    this.#transactions.set(transactionalId, transaction);
    if (state === 'Ongoing' && wasOngoing === undefined) {
      // Over is over: at the very millisecond it is still open.
      const ms = startedAt + timeoutMs + 1 - this.#now();
      const timer = this.#state.clock.setTimeout(() => this.#timeOut(transactionalId), ms, { background: true });
      this.#timers.set(transactionalId, timer);
    } else if (state !== 'Ongoing' && wasOngoing !== undefined) {
      wasOngoing.cancel();
      this.#timers.delete(transactionalId);
    }
    return identityOf(transaction);
  }

  #timeOut(transactionalId: string): void {
    this.#timers.delete(transactionalId);
    this.fence(transactionalId);
  }

  /** A transactional id that is not used is forgotten after a week (`transactional.id.expiration.ms`). */
  #isForgotten({ state, updatedAt }: Transaction): boolean {
    const idle = state === 'Empty' || state === 'CompleteCommit' || state === 'CompleteAbort';
    return idle && updatedAt <= this.#now() - this.#state.configs.number('transactional.id.expiration.ms');
  }

  /** Whether what is decided can be kept. */
  #hasLog(transactionalId: string): boolean {
    return hasEnoughReplicas(this.#state.coordinatorPartition('transaction', transactionalId), this.#state);
  }

  /** Ends the transaction in its partitions: now, or for those that have no leader when they get one. */
  #writeMarkers(transactionalId: string): void {
    this.#watches.get(transactionalId)?.();
    let transaction = this.#transactions.get(transactionalId);
    if (transaction === undefined || !isPrepared(transaction) || this.#holds > 0) return;
    const coordinator = this.#state.coordinatorPartition('transaction', transactionalId);
    const waitFor = new Set([coordinator.log]);
    if (this.#state.isAlive(coordinator.leader)) {
      for (const [topic, index] of each(transaction.partitions)) {
        const partition = this.#state.partition(topic, index);
        const result = partition === undefined ? 'NONE' : this.#writeMarker(partition, transaction, coordinator.leaderEpoch);
        if (result === 'NONE') transaction = this.#without(transaction, topic, index);
        else if (retried.has(result)) waitFor.add(partition!.log);
      }
      if (transaction.partitions.size === 0) {
        this.#written.delete(transactionalId);
        return void this.#set(completed(transaction, this.#now()));
      }
    }
    const unwatch = [...waitFor].map((log) => log.watch(() => this.#writeMarkers(transactionalId)));
    this.#watches.set(transactionalId, () => {
      this.#watches.delete(transactionalId);
      for (const stop of unwatch) stop();
    });
  }

  /** Writes one marker, if it is not there, and looks whether all replicas have it. */
  #writeMarker(partition: PartitionState, transaction: Transaction, coordinatorEpoch: number): MarkerResult | 'REQUEST_TIMED_OUT' {
    const { transactionalId, producerId, producerEpoch, state, version } = transaction;
    let written = this.#written.get(transactionalId);
    if (written === undefined) this.#written.set(transactionalId, (written = new Map()));
    const { log } = partition;
    // Another leader may have lost it.
    if ((written.get(partition) ?? Infinity) >= log.endOffset) {
      const marker = { producerId, producerEpoch, coordinatorEpoch, committed: state === 'PrepareCommit', transactionVersion: version };
      const result = writeMarker(partition, marker, this.#state);
      if (result !== 'NONE') return result;
      written.set(partition, log.endOffset - 1);
    }
    return written.get(partition)! < log.highWatermark ? 'NONE' : 'REQUEST_TIMED_OUT';
  }

  #without(transaction: Transaction, topic: string, partition: number): Transaction {
    const next = { ...transaction, partitions: withoutPartition(transaction.partitions, topic, partition) };
    this.#transactions.set(transaction.transactionalId, next);
    return next;
  }
}

function identityOf({ producerId, producerEpoch }: Transaction): ProducerIdentity {
  return { producerId, producerEpoch };
}

function* each(partitions: Transaction['partitions']): Iterable<[topic: string, partition: number]> {
  for (const [topic, indexes] of partitions) for (const index of indexes) yield [topic, index];
}
