import { BrokerError, type GroupMetadata, type OffsetToCommit, type TopicPartition, UnsupportedVersionError } from '@tskafka/core';
import { type Cluster, groupBy, topicsToCommit } from '@tskafka/core/internal';
import { apis, brokerError, errorCodes, isRetriable } from '@tskafka/core/protocol';
import type { ProducerIdentity } from '../identities.ts';

export interface RequestOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

type Attempt<T> = (brokerId: number, signal: AbortSignal) => Promise<T>;

/** What is asked of a transaction's coordinator. Each request is repeated while that makes sense; each may safely be made twice. */
export class TransactionRequests {
  readonly #cluster: Cluster;
  readonly #transactionalId: string;
  /** Whether the cluster has the second version of transactions (KIP-890): what is written joins the transaction by itself. */
  isV2 = false;
  /** Whether the coordinator is told who asks for another epoch, and refuses it to who has been replaced (KIP-360, Kafka 2.5). */
  saysOwn = true;
  /** Whether a request that was made again may still arrive, and be taken for one of the next transaction. */
  mayArriveLate = false;
  /** Whether the coordinator may have ended the transaction although it said nothing of it. */
  wasEndLost = false;

  constructor(cluster: Cluster, transactionalId: string) {
    this.#cluster = cluster;
    this.#transactionalId = transactionalId;
  }

  /**
   * Takes the transactional id over from whoever had it, and ends what that one left open. With an identity of our own only if we are
   * still the last who had it (KIP-360); else it rejects with PRODUCER_FENCED.
   */
  init(transactionTimeoutMs: number, own: ProducerIdentity | undefined, options: RequestOptions): Promise<ProducerIdentity> {
    const transactionalId = this.#transactionalId;
    return this.#retry(options, async (brokerId, signal) => {
      const connection = await this.#cluster.connection(brokerId, 'coordinator', signal);
      this.isV2 = connection.versions.feature('transaction.version') >= 2 && connection.versions.offers(apis.endTxn, { minVersion: 5 });
      this.saysOwn = connection.versions.offers(apis.initProducerId, { minVersion: 3 });
      const { producerId, epoch: producerEpoch } = (this.saysOwn ? own : undefined) ?? { producerId: -1, epoch: -1 };
      const request = { transactionalId, transactionTimeoutMs, producerId, producerEpoch };
      const answer = await connection.send(apis.initProducerId, request, { signal });
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, `InitProducerId of '${transactionalId}'`);
      this.mayArriveLate = false; // from now on an epoch tells them apart
      return { producerId: answer.producerId, epoch: answer.producerEpoch, isTransactional: true };
    });
  }

  /** Before the second version: the coordinator has to know of a partition before anything is written to it. */
  addPartitions({ producerId, epoch }: ProducerIdentity, partitions: readonly TopicPartition[], options: RequestOptions): Promise<void> {
    const request = {
      v3AndBelowTransactionalId: this.#transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: epoch,
      v3AndBelowTopics: [...groupBy(partitions, ({ topic }) => topic)].map(([name, ofTopic]) => ({
        name,
        partitions: ofTopic.map(({ partition }) => partition),
      })),
    };
    return this.#retry(options, async (brokerId, signal) => {
      // Later versions are for brokers among themselves.
      const sending = { purpose: 'coordinator', maxVersion: 3, signal } as const;
      const { resultsByTopicV3AndBelow } = await this.#cluster.send(brokerId, apis.addPartitionsToTxn, request, sending);
      const results = resultsByTopicV3AndBelow.flatMap(({ name, resultsByPartition }) =>
        resultsByPartition.map(({ partitionIndex, partitionErrorCode }) => ({ name, partitionIndex, code: partitionErrorCode })),
      );
      const failed = results.filter(({ code }) => code !== 0);
      // Where one is refused the others are not even tried.
      const cause = failed.find(({ code }) => code !== errorCodes.OPERATION_NOT_ATTEMPTED) ?? failed[0];
      if (cause !== undefined)
        throw brokerError(cause.code, `AddPartitionsToTxn of '${this.#transactionalId}' for ${cause.name}/${cause.partitionIndex}`);
    });
  }

  /** Stores a group's offsets with the transaction: they count when it is committed. */
  async commitOffsets(
    { producerId, epoch }: ProducerIdentity,
    { groupId, ...member }: GroupMetadata,
    offsets: readonly OffsetToCommit[],
    options: RequestOptions,
  ): Promise<void> {
    const transactionalId = this.#transactionalId;
    if (!this.isV2) {
      await this.#retry(options, async (brokerId, signal) => {
        const request = { transactionalId, producerId, producerEpoch: epoch, groupId };
        const { errorCode } = await this.#cluster.send(brokerId, apis.addOffsetsToTxn, request, { purpose: 'coordinator', signal });
        if (errorCode !== 0) throw brokerError(errorCode, `AddOffsetsToTxn of '${transactionalId}'`);
      });
    }
    const topics = topicsToCommit(offsets);
    const request = { transactionalId, groupId, producerId, producerEpoch: epoch, ...member, topics };
    // A member's generation is not lost in silence: versions without it are for offsets outside of a group.
    const isMember = member.memberId !== '';
    const bounds = { ...(isMember && { minVersion: 3 }), ...(!this.isV2 && { maxVersion: 4 }) };
    await this.#retryAt('group', groupId, options, async (brokerId, signal) => {
      const connection = await this.#cluster.connection(brokerId, 'coordinator', signal);
      if (isMember && !connection.versions.offers(apis.txnOffsetCommit, bounds)) {
        throw new UnsupportedVersionError("a group's member can only send its offsets with a transaction to Kafka 2.5 or newer (KIP-447)");
      }
      const answer = await connection.send(apis.txnOffsetCommit, request, { ...bounds, signal });
      const codes = answer.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode));
      // What will never be taken is told before what may be taken next time.
      const code = codes.find((each) => each !== 0 && !isRetriable(each)) ?? codes.find((each) => each !== 0);
      if (code !== undefined) throw brokerError(code, `TxnOffsetCommit of '${transactionalId}' for the group '${groupId}'`);
    });
  }

  /** Commits or aborts; returns the identity for what comes next. */
  end(identity: ProducerIdentity, committed: boolean, options: RequestOptions): Promise<ProducerIdentity> {
    const { producerId, epoch: producerEpoch } = identity;
    const transactionalId = this.#transactionalId;
    const bounds = this.isV2 ? { minVersion: 5 } : { maxVersion: 4 };
    this.wasEndLost = false;
    return this.#retry(options, async (brokerId, signal) => {
      const request = { transactionalId, producerId, producerEpoch, committed };
      const sending = this.#cluster.send(brokerId, apis.endTxn, request, { purpose: 'coordinator', ...bounds, signal });
      const answer = await sending.catch((error: unknown) => {
        this.wasEndLost = true;
        throw error;
      });
      if (answer.errorCode !== 0)
        throw brokerError(answer.errorCode, `${committed ? 'commit' : 'abort'} of the transaction of '${transactionalId}'`);
      return answer.producerId < 0 ? identity : { producerId: answer.producerId, epoch: answer.producerEpoch, isTransactional: true };
    });
  }

  #retry<T>(options: RequestOptions, attempt: Attempt<T>): Promise<T> {
    return this.#retryAt('transaction', this.#transactionalId, options, attempt);
  }

  #retryAt<T>(type: 'transaction' | 'group', key: string, options: RequestOptions, attempt: Attempt<T>): Promise<T> {
    const watched: Attempt<T> = async (brokerId, signal) => {
      try {
        return await attempt(brokerId, signal);
      } catch (error) {
        if (!(error instanceof BrokerError)) this.mayArriveLate = true;
        throw error;
      }
    };
    return this.#cluster.coordinators.retry(type, key, watched, options);
  }
}
