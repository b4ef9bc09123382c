import { wholeNumber } from '../check-options.ts';
import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import type { Connection } from '../connection/connection.ts';
import { describeTransactions as describeTransactionsApi } from '../protocol/apis/describe-transactions.ts';
import { initProducerId } from '../protocol/apis/init-producer-id.ts';
import { listTransactions as listTransactionsApi } from '../protocol/apis/list-transactions.ts';
import { brokerError } from '../protocol/error-codes.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atBrokers, brokerIds } from './at-brokers.ts';
import { askedTogether, atCoordinators } from './at-coordinators.ts';
import { checkList, checkText, checkWord } from './items.ts';
import { known } from './known.ts';
import { partial, type Results, valuesOf } from './results.ts';

const states = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const;
/** The state of a transactional id. Java: TransactionState. */
export type TransactionState = (typeof states)[number];

/** A transactional id in a list. Java: TransactionListing. */
export interface ListedTransaction {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly state: TransactionState;
}

/** The transactional ids, and the errors of brokers that did not answer. */
export interface TransactionListing {
  readonly transactions: readonly ListedTransaction[];
  readonly errors: ReadonlyMap<number, Error>;
}

/** Options of `listTransactions`. Several filters are combined. */
export interface ListTransactionsOptions extends AdminOptions {
  /** Only ids in one of these states. Default: all. */
  readonly states?: readonly TransactionState[];
  /** Only those of these producers. Default: all. */
  readonly producerIds?: readonly number[];
  /** Only those that have been open for so long (KIP-994, brokers from 3.8 on). */
  readonly minDurationMs?: number;
  /** Only those whose transactional id this RE2 expression matches as a whole (KIP-1152, brokers from 4.1 on). */
  readonly pattern?: string;
}

/**
 * The transactional ids that the brokers coordinate, by name; those that we may see. Java: Admin.listTransactions. A broker that does not tell is in
 * `errors`. Rejects with TypeError or RangeError for bad options, with UnsupportedVersionError for filters that the brokers are too old for, and with the first error
 * when no broker tells.
 */
export async function listTransactions(client: KafkaClient, options: ListTransactionsOptions = {}): Promise<TransactionListing> {
  const cluster = clusterOf('listTransactions', client);
  const { states: wanted = [], producerIds = [], minDurationMs, pattern } = options;
  checkList('states', wanted, (state) => checkWord('a state of transactions', state, states));
  checkList('producerIds', producerIds, (id) => void wholeNumber('a producer id', id, 0, Number.MAX_SAFE_INTEGER));
  if (minDurationMs !== undefined) wholeNumber('minDurationMs', minDurationMs, 0, Number.MAX_SAFE_INTEGER);
  if (pattern !== undefined) checkText('pattern', pattern);
  const limits = limitsOf(cluster, 'listTransactions', options, ['states', 'producerIds', 'minDurationMs', 'pattern']);
  const request = {
    stateFilters: wanted,
    producerIdFilters: producerIds,
    ...(minDurationMs !== undefined && { durationFilter: minDurationMs }),
    ...(pattern !== undefined && { transactionalIdPattern: pattern }),
  };
  const minVersion = pattern !== undefined ? 2 : minDurationMs !== undefined ? 1 : 0;
  const told = await atBrokers(
    cluster,
    await brokerIds(cluster, limits),
    async (connection, id, signal) => {
      const { errorCode, transactionStates } = await connection.send(listTransactionsApi, request, { signal, minVersion });
      if (errorCode !== 0) throw brokerError(errorCode, `transactions of broker ${id}`);
      return transactionStates.map(({ transactionalId, producerId, transactionState }) => ({
        ...{ transactionalId, producerId, state: transactionState as TransactionState },
      }));
    },
    limits,
  );
  const { values, errors } = partial(told);
  // One that moves meanwhile may be told twice.
  const byId = new Map(values.flat().map((transaction) => [transaction.transactionalId, transaction]));
  return { transactions: [...byId.values()].sort((a, b) => (a.transactionalId < b.transactionalId ? -1 : 1)), errors };
}

/** What a coordinator knows of a transactional id (KIP-664). Java: TransactionDescription. */
export interface TransactionDescription {
  /** The id of the broker that coordinates it. */
  readonly coordinator: number;
  readonly state: TransactionState;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** How long a transaction of it may be open before the coordinator aborts it. */
  readonly timeoutMs: number;
  /** Milliseconds since 1970 when it began; undefined while none is open. */
  readonly startedAt: number | undefined;
  /** The partitions that are in it. */
  readonly partitions: readonly TopicPartition[];
}

/**
 * Describes transactional ids as their coordinators know them. Java: Admin.describeTransactions. An id's error is BrokerError:
 * TRANSACTIONAL_ID_NOT_FOUND, TRANSACTIONAL_ID_AUTHORIZATION_FAILED. Rejects with TypeError for what is no list of ids.
 */
export async function describeTransactions(
  client: KafkaClient,
  transactionalIds: readonly string[],
  options: AdminOptions = {},
): Promise<Results<string, TransactionDescription>> {
  const cluster = clusterOf('describeTransactions', client);
  checkList('transactionalIds', transactionalIds);
  const describe = askedTogether(async (connection: Connection, ids: readonly string[], signal) => {
    const { transactionStates } = await connection.send(describeTransactionsApi, { transactionalIds: ids }, { signal });
    return new Map(transactionStates.map((told) => [told.transactionalId, told]));
  });
  return atCoordinators(
    cluster,
    'transaction',
    transactionalIds,
    async (connection, id, signal, coordinator) => {
      const told = await describe(connection, id, signal);
      if (told.errorCode !== 0) throw brokerError(told.errorCode, `transactional id '${id}'`);
      const { transactionState, producerId, producerEpoch, transactionTimeoutMs, transactionStartTimeMs, topics } = told;
      return {
        ...{ coordinator, state: transactionState as TransactionState, producerId, producerEpoch, timeoutMs: transactionTimeoutMs },
        startedAt: known(transactionStartTimeMs),
        partitions: topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition }))),
      };
    },
    limitsOf(cluster, 'describeTransactions', options),
  );
}

/** The producer that may write under a transactional id from now on; earlier ones are fenced. */
export interface FencedProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/**
 * Fences the producers of transactional ids: open transactions are aborted, and the producers can no longer write. Java:
 * Admin.fenceProducers. An id's error is BrokerError: TRANSACTIONAL_ID_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED. Rejects with
 * TypeError for what is no list of ids.
 */
export async function fenceProducers(
  client: KafkaClient,
  transactionalIds: readonly string[],
  options: AdminOptions = {},
): Promise<Results<string, FencedProducer>> {
  const cluster = clusterOf('fenceProducers', client);
  checkList('transactionalIds', transactionalIds);
  const limits = limitsOf(cluster, 'fenceProducers', options);
  return atCoordinators(
    cluster,
    'transaction',
    transactionalIds,
    async (connection, transactionalId, signal) => {
      // Nothing is begun: the time-out is that of a transaction which there will not be.
      const request = { transactionalId, transactionTimeoutMs: limits.heldMs, producerId: -1, producerEpoch: -1 };
      const { errorCode, producerId, producerEpoch } = await connection.send(initProducerId, request, { signal });
      if (errorCode !== 0) throw brokerError(errorCode, `transactional id '${transactionalId}'`);
      return { producerId, producerEpoch };
    },
    limits,
  );
}

/**
 * Aborts the transaction of one transactional id, whoever has begun it, and fences its producer. Java: Admin.forceTerminateTransaction.
 * Rejects with BrokerError as an entry of fenceProducers.
 */
export async function forceTerminateTransaction(client: KafkaClient, transactionalId: string, options: AdminOptions = {}): Promise<void> {
  valuesOf(await fenceProducers(client, [transactionalId], options));
}
