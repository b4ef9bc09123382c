import type { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../cluster-state.ts';
import type { PartitionState } from '../topics/topic.ts';
import type { ProducerIdentity } from './transaction.ts';
import type { CoordinatorError } from './transaction-coordinator.ts';

/** What a client that writes into a transaction understands, by the version of its request (KIP-890). */
export interface TransactionalClient extends ProducerIdentity {
  readonly transactionalId: string;
  /** Whether what it writes to joins the transaction by that, and need not be added before. */
  readonly addsPartitions: boolean;
  /** Whether it knows TRANSACTION_ABORTABLE. */
  readonly knowsAbortable: boolean;
}

export interface TransactionalAppend {
  readonly partition: PartitionState;
  readonly baseSequence: number;
}

/** Asks the transaction coordinator whether the appends may be, and gives the error of each; NONE for those that may. */
export function verifyAppends(
  appends: readonly TransactionalAppend[],
  client: TransactionalClient,
  brokerId: number,
  state: ClusterState,
): (keyof typeof errorCodes)[] {
  if (!client.addsPartitions && !state.configs.boolean('transaction.partition.verification.enable')) return appends.map(() => 'NONE');
  const begun = appends.map((append) => begin(append, client, brokerId));
  const asked = appends.filter((_, i) => begun[i] === 'needed').map(({ partition }) => partition);
  const answers = new Map(ask(asked, client, state).map((error, i) => [asked[i], understood(error, client)]));
  return appends.map(({ partition }, i) => {
    const start = begun[i]!;
    return start === 'needed' ? answers.get(partition)! : start;
  });
}

function begin({ partition, baseSequence }: TransactionalAppend, client: TransactionalClient, brokerId: number) {
  if (partition.leader !== brokerId) return 'NOT_LEADER_OR_FOLLOWER';
  const { producerId, producerEpoch: epoch, addsPartitions: bumpsEpochs } = client;
  const start = partition.log.startVerification(producerId, { epoch, lowestSequence: baseSequence, bumpsEpochs });
  if (start === 'needed') return start;
  return start === 'fenced' ? 'INVALID_PRODUCER_EPOCH' : 'NONE';
}

function ask(partitions: readonly PartitionState[], client: TransactionalClient, state: ClusterState): CoordinatorError[] {
  const { transactionalId, addsPartitions } = client;
  if (partitions.length === 0) return [];
  const all = (error: CoordinatorError): CoordinatorError[] => partitions.map(() => error);
  if (state.coordinatorOf('transaction', transactionalId) === -1) return all('COORDINATOR_NOT_AVAILABLE');
  if (!addsPartitions) {
    return partitions.map(({ topic, index }) => state.transactions.verifyPartition(transactionalId, client, topic.name, index));
  }
  const added = new Map<string, Set<number>>();
  for (const { topic, index } of partitions) added.set(topic.name, new Set([...(added.get(topic.name) ?? []), index]));
  const { producerId, producerEpoch } = client;
  return all(state.transactions.addPartitions(transactionalId, { producerId, producerEpoch, partitions: added, version: 2 }));
}

/** The coordinator's error as producers expect it. */
function understood(error: CoordinatorError, { knowsAbortable }: TransactionalClient): CoordinatorError | 'INVALID_PRODUCER_EPOCH' {
  if (error === 'PRODUCER_FENCED') return 'INVALID_PRODUCER_EPOCH';
  return error === 'TRANSACTION_ABORTABLE' && !knowsAbortable ? 'INVALID_TXN_STATE' : error;
}
