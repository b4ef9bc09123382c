import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import type { Connection } from '../connection/connection.ts';
import { describeProducers as describeProducersApi } from '../protocol/apis/describe-producers.ts';
import { writeTxnMarkers } from '../protocol/apis/write-txn-markers.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atBroker } from './at-brokers.ts';
import { atLeaders } from './at-leaders.ts';
import { checkBrokerId, checkPartition, checkPartitions, fullPartitionName } from './items.ts';
import { known } from './known.ts';
import { byPartition, byTopic } from './partition-answers.ts';
import { type Results, valuesOf } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/** What a replica remembers of a producer that is idempotent (KIP-664). Java: ProducerState. */
export interface ProducerState {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  /** Milliseconds since 1970 of its last batch. */
  readonly lastTimestamp: number;
  /** The epoch of the transaction coordinator that wrote its last marker; undefined where it has none. */
  readonly coordinatorEpoch: number | undefined;
  /** Where its open transaction begins; undefined if none is open. */
  readonly transactionStart: number | undefined;
}

/** Options of `describeProducers`. */
export interface DescribeProducersOptions extends AdminOptions {
  /** The replica to ask. Default: the leader of each partition. */
  readonly broker?: number;
}

/**
 * Describes the producers that partitions remember. Java: Admin.describeProducers. A partition's error is BrokerError:
 * UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, NOT_LEADER_OR_FOLLOWER when the broker that was asked has no replica. Rejects
 * with TypeError for an invalid partition.
 */
export async function describeProducers<Item extends TopicPartition>(
  client: KafkaClient,
  partitions: readonly Item[],
  options: DescribeProducersOptions = {},
): Promise<Results<Item, ProducerState[]>> {
  const cluster = clusterOf('describeProducers', client);
  checkPartitions('partitions', partitions);
  const limits = limitsOf(cluster, 'describeProducers', options, ['broker']);
  const { broker } = options;
  if (broker !== undefined) checkBrokerId(broker);
  if (partitions.length === 0) return new Map();
  const ask = async (connection: Connection, open: readonly Item[], signal: AbortSignal): Promise<Results<Item, ProducerState[]>> => {
    const topics = byTopic(open, ({ partition }) => partition).map(({ name, partitions: partitionIndexes }) => ({
      name,
      partitionIndexes,
    }));
    const answer = await connection.send(describeProducersApi, { topics }, { signal });
    return matchAnswers(open, fullPartitionName, byPartition(answer.topics), ({ errorCode, errorMessage, activeProducers }, item) =>
      errorCode === 0 ? activeProducers.map(state) : brokerError(errorCode, fullPartitionName(item), { detail: errorMessage }),
    );
  };
  if (broker === undefined) return atLeaders(cluster, partitions, ask, limits);
  return atBroker(cluster, broker, (connection, signal) => ask(connection, partitions, signal), limits);
}

interface ProducerAnswer {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestamp: number;
  readonly coordinatorEpoch: number;
  readonly currentTxnStartOffset: number;
}

function state({ coordinatorEpoch, currentTxnStartOffset, ...producer }: ProducerAnswer): ProducerState {
  return {
    ...producer,
    coordinatorEpoch: known(coordinatorEpoch),
    transactionStart: known(currentTxnStartOffset),
  };
}

/** A transaction that hangs: open in a partition, and unknown to its coordinator. What describeProducers tells. Java: AbortTransactionSpec. */
export interface HangingTransaction extends TopicPartition {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Default 0, for a producer that has ended no transaction there. */
  readonly coordinatorEpoch?: number | undefined;
}

/**
 * Aborts a transaction that hangs in a partition (KIP-664) and so blocks readers with `read_committed`. Use it only if its coordinator does
 * not know it, as describeTransactions shows: otherwise part of the transaction would be aborted, and part may be committed.
 *
 * Java: Admin.abortTransaction. Rejects with TypeError for what is no transaction, and BrokerError: INVALID_PRODUCER_EPOCH,
 * TRANSACTION_COORDINATOR_FENCED when a later coordinator has written there, UNKNOWN_TOPIC_OR_PARTITION, CLUSTER_AUTHORIZATION_FAILED.
 */
export async function abortTransaction(client: KafkaClient, transaction: HangingTransaction, options: AdminOptions = {}): Promise<void> {
  const cluster = clusterOf('abortTransaction', client);
  checkPartition(transaction);
  const { topic, partition, producerId, producerEpoch, coordinatorEpoch = 0 } = transaction;
  for (const [name, value] of Object.entries({ producerId, producerEpoch, coordinatorEpoch })) {
    if (!Number.isInteger(value) || value < 0) throw new TypeError(`${name} must be a whole number of at least 0, not ${String(value)}`);
  }
  const topics = [{ name: topic, partitionIndexes: [partition] }];
  const markers = [{ producerId, producerEpoch, coordinatorEpoch, transactionResult: false, topics }];
  const results = await atLeaders(
    cluster,
    [transaction],
    async (connection, open, signal) => {
      const answer = await connection.send(writeTxnMarkers, { markers }, { signal });
      const code = answer.markers[0]?.topics[0]?.partitions[0]?.errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR;
      const result =
        code === 0 ? undefined : brokerError(code, `the transaction of producer ${producerId} in ${fullPartitionName(transaction)}`);
      return new Map(open.map((item) => [item, result]));
    },
    limitsOf(cluster, 'abortTransaction', options),
  );
  valuesOf(results);
}
