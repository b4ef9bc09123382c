// A loop already, in share-fetcher.ts: whatever fails here is asked for again by its next turn, so cluster.retry is not used.
import { type KafkaError, SocketDisconnectedError } from '@tskafka/core';
import { type Cluster, type Connection, onAbort, type Purpose } from '@tskafka/core/internal';
import { apis, brokerError, errorCodes, isStaleMetadata, type Decoded, type ShareFetchResponse } from '@tskafka/core/protocol';
import type { Delivery, Lock } from './delivery.ts';
import { LockedRecords, type LockedRecordsOptions } from './locked-records.ts';
import { isGoneWithLeader } from './outcome.ts';
import type { PartitionAcknowledgements } from './pending-acknowledgements.ts';
import { keyOf, type SharePartition } from './share-partition.ts';
import { nothingAsked, shareAcknowledgeRequest, shareFetchRequest, type ShareLimits, type ShareMemberName } from './share-requests.ts';
import { lastEpoch, ShareSession } from './share-session.ts';

type Answer = Decoded<ShareFetchResponse>;
export type SharedData = Answer['responses'][number]['partitions'][number];

/** What may be asked of a broker next. `open` begins the session that an acknowledgement needs. */
export type Step = 'fetch' | 'acknowledge' | 'open';

export interface ShareLeaderOptions extends Pick<LockedRecordsOptions, 'acknowledgeDelayMs' | 'onPending' | 'onOutcome'> {
  readonly cluster: Cluster;
  readonly brokerId: number;
  readonly purpose: Purpose;
  readonly member: ShareMemberName;
  readonly limits: ShareLimits;
  /** Makes deliveries of what was acquired. Never rejects. */
  readonly toDeliveries: (records: LockedRecords, partition: SharePartition, data: SharedData, lock: Lock) => Promise<readonly Delivery[]>;
  readonly onDeliveries: (deliveries: readonly Delivery[]) => void;
  /** A partition could not be fetched. */
  readonly onError: (partition: SharePartition, error: KafkaError) => void;
}

/**
 * What goes on between this member and one broker: a session, and the records that it has locked. There is one request at a time. When
 * the connection ends, the broker gives the records to others, so they are lost then.
 */
export class ShareLeader {
  readonly brokerId: number;
  readonly records: LockedRecords;
  isBusy = false;
  /** It is asked for records. */
  isFetching = false;
  /** What is out for it carries acknowledgements: their answer is worth waiting for. */
  isTold = false;
  /** Not to be asked before this time. */
  retryAt = -Infinity;
  /** Failures in a row. */
  failures = 0;
  /** Of the last request, if it failed. */
  lastError: Error | undefined;
  readonly counts = { fetches: 0, fetchedBytes: 0 };
  readonly #options: ShareLeaderOptions;
  readonly #session = new ShareSession();
  #connection: Connection | undefined;

  constructor(options: ShareLeaderOptions) {
    const { clock } = options.cluster.options;
    this.#options = options;
    this.brokerId = options.brokerId;
    this.records = new LockedRecords({ ...options, clock, canRenew: () => this.canRenew });
  }

  /** Whether the broker can renew locks (Kafka 4.2). */
  get canRenew(): boolean {
    return this.#connection?.versions.offers(apis.shareAcknowledge, { minVersion: 2 }) ?? false;
  }

  /** What to ask now, if anything. */
  step(wanted: readonly SharePartition[], wantsRecords: boolean, now: number): Step | undefined {
    const { pending, dueAt, isUrgent } = this.records;
    if (!this.#session.isOpen) {
      if (wantsRecords && wanted.length > 0) return 'fetch';
      return pending.isEmpty ? undefined : 'open';
    }
    if (!wantsRecords || wanted.length === 0) return dueAt <= now ? 'acknowledge' : undefined;
    // A partition that a fetch names is fetched from then on, and one that renews locks brings no records.
    const names = new Set(wanted.map(keyOf));
    const fits = !isUrgent && pending.partitions.every((partition) => names.has(keyOf(partition)));
    return fits ? 'fetch' : 'acknowledge';
  }

  /** One request, and what its answer changes. Rejects where a pause is needed before the next one. Whoever aborts the signal ends the connection. */
  async ask(step: Step, wanted: readonly SharePartition[], signal: AbortSignal): Promise<void> {
    const connection = await this.#connect(signal);
    // Requests go out without the signal, as those of fetcher.ts: who aborts it drops the connection too, and a listener that is put on a
    // signal that lives long keeps what it was there for alive up to the next full collection.
    if (step === 'acknowledge') return this.#acknowledge(connection, this.#session.epoch);
    const acknowledgements = this.#session.isOpen ? this.records.take() : [];
    const limits = step === 'fetch' ? this.#options.limits : { ...this.#options.limits, ...nothingAsked };
    // A session is for partitions. Where none is read any more, those of which there is something to say begin it.
    const named = step === 'open' && wanted.length === 0 ? this.records.pending.partitions : wanted;
    const request = shareFetchRequest(this.#options.member, this.#session.change(named), acknowledgements, limits);
    const response = await this.#orFail(acknowledgements, connection.send(apis.shareFetch, request, { heldMs: limits.maxWaitMs }));
    this.counts.fetches++;
    this.#accepted(response, acknowledgements);
    await this.#acceptPartitions(connection, response, named, acknowledgements);
  }

  /** Ends the session, within the signal's time: all that is still locked goes back to the group. */
  async close(signal: AbortSignal): Promise<void> {
    if (this.#session.isOpen && this.#connection !== undefined) await this.#acknowledge(this.#connection, lastEpoch, signal);
    this.#session.reset();
  }

  async #acknowledge(connection: Connection, epoch: number, signal?: AbortSignal): Promise<void> {
    const acknowledgements = this.records.take();
    const request = shareAcknowledgeRequest(this.#options.member, epoch, acknowledgements);
    const response = await this.#orFail(acknowledgements, connection.send(apis.shareAcknowledge, request, { signal }));
    this.#accepted({ ...response, acquisitionLockTimeoutMs: response.acquisitionLockTimeoutMs ?? 0 }, acknowledgements);
    const answers = new Map(
      response.responses.flatMap(({ topicId, partitions }) =>
        partitions.map((answer) => [keyOf({ topicId, partition: answer.partitionIndex }), answer] as const),
      ),
    );
    let again: Error | undefined;
    for (const of of acknowledgements) {
      const { errorCode, errorMessage, currentLeader } = answers.get(keyOf(of.partition)) ?? notAnswered;
      this.#leaderMoved(of.partition, errorCode, currentLeader, response);
      again = this.records.settle(of, errorCode, errorMessage) ?? again;
    }
    if (again !== undefined) throw again;
  }

  /** Takes in what is true of a whole answer. Rejects where it is an error. */
  #accepted(
    { errorCode, errorMessage, acquisitionLockTimeoutMs }: Pick<Answer, 'errorCode' | 'errorMessage' | 'acquisitionLockTimeoutMs'>,
    acknowledgements: readonly PartitionAcknowledgements[],
  ): void {
    if (errorCode === 0) {
      this.#session.answered();
      if (acquisitionLockTimeoutMs > 0) this.records.lockTimeoutMs = acquisitionLockTimeoutMs;
      return;
    }
    const context = `broker ${this.brokerId}, share group '${this.#options.member.groupId}'`;
    const error = brokerError(errorCode, context, { detail: errorMessage ?? null });
    if (sessionErrors.has(errorCode)) this.#session.reset();
    else this.#session.answered();
    for (const of of acknowledgements) if (!this.records.putBack(of, errorCode)) this.records.refused(of, error);
    throw error;
  }

  async #acceptPartitions(
    connection: Connection,
    response: Answer,
    wanted: readonly SharePartition[],
    acknowledgements: readonly PartitionAcknowledgements[],
  ): Promise<void> {
    const known = new Map(
      [...wanted, ...acknowledgements.map(({ partition }) => partition)].map((partition) => [keyOf(partition), partition]),
    );
    const unanswered = new Map(acknowledgements.map((of) => [keyOf(of.partition), of]));
    const lock = this.records.newLock();
    let again: Error | undefined;
    for (const { topicId, partitions } of response.responses) {
      for (const data of partitions) {
        const key = keyOf({ topicId, partition: data.partitionIndex });
        const partition = known.get(key);
        if (partition === undefined) continue;
        const of = unanswered.get(key);
        unanswered.delete(key);
        if (of !== undefined) again = this.records.settle(of, data.acknowledgeErrorCode, data.acknowledgeErrorMessage) ?? again;
        again = this.#failedPartition(partition, data, response) ?? again;
        this.counts.fetchedBytes += data.records.length;
        this.records.givenAgain(partition, data.acquiredRecords);
        if (data.acquiredRecords.length > 0) await this.#take(connection, partition, data, lock);
      }
    }
    for (const of of unanswered.values()) this.records.settle(of, notAnswered.errorCode, notAnswered.errorMessage);
    if (again !== undefined) throw again;
  }

  async #take(connection: Connection, partition: SharePartition, data: SharedData, lock: Lock): Promise<void> {
    const deliveries = await this.#options.toDeliveries(this.records, partition, data, lock);
    this.records.add(deliveries);
    if (connection.closed) this.records.lose(deliveries, this.#disconnection(connection));
    else this.#options.onDeliveries(deliveries);
  }

  /** The answer, or the failure of the acknowledgements: nobody knows then whether the broker has them. */
  async #orFail<T>(acknowledgements: readonly PartitionAcknowledgements[], answer: Promise<T>): Promise<T> {
    this.isTold = acknowledgements.length > 0;
    try {
      return await answer;
    } catch (error) {
      this.#session.reset();
      for (const of of acknowledgements) this.records.refused(of, error as KafkaError);
      throw error;
    } finally {
      this.isTold = false;
    }
  }

  /** Tells of a partition that could not be fetched; gives the error after which the broker is left alone for a while. */
  #failedPartition(partition: SharePartition, { errorCode, errorMessage, currentLeader }: SharedData, response: Answer): Error | undefined {
    if (errorCode === 0) return undefined;
    this.#leaderMoved(partition, errorCode, currentLeader, response);
    const which = `ShareFetch of '${partition.topic}' partition ${partition.partition}`;
    this.#options.onError(partition, brokerError(errorCode, which, { detail: errorMessage ?? null }));
    return brokerError(errorCode, which, { retriable: true });
  }

  #leaderMoved(
    partition: SharePartition,
    code: number,
    { leaderId, leaderEpoch }: SharedData['currentLeader'],
    { nodeEndpoints }: Pick<Answer, 'nodeEndpoints'>,
  ): void {
    const { cluster } = this.#options;
    if (code === errorCodes.NOT_LEADER_OR_FOLLOWER || code === errorCodes.FENCED_LEADER_EPOCH) {
      const node = nodeEndpoints.find(({ nodeId }) => nodeId === leaderId);
      const found = node && { id: node.nodeId, host: node.host, port: node.port, rack: node.rack ?? null };
      if (leaderId >= 0 && leaderEpoch >= 0) cluster.leaderMoved(partition.topic, partition.partition, leaderId, leaderEpoch, found);
    }
    if (isStaleMetadata(code)) cluster.refresh([partition.topic]).catch(() => {});
    if (!isGoneWithLeader(code)) return;
    const which = `'${partition.topic}' partition ${partition.partition} is not led by broker ${this.brokerId} any more`;
    this.records.loseAll(brokerError(code, which), partition);
  }

  async #connect(signal: AbortSignal): Promise<Connection> {
    const { cluster, purpose } = this.#options;
    const connection = await cluster.connection(this.brokerId, purpose, signal);
    if (connection !== this.#connection) {
      this.#connection = connection;
      onAbort(connection.ending, () => this.#disconnected(connection));
    }
    return connection;
  }

  /** The broker ends the session with its connection, and gives to others what was locked. */
  #disconnected(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#session.reset();
    this.records.loseAll(this.#disconnection(connection));
  }

  #disconnection({ ending }: Connection): KafkaError {
    const message = `the connection to broker ${this.brokerId} ended, which released the locks on its records`;
    return new SocketDisconnectedError(message, { cause: ending.reason, retriable: true });
  }
}

const sessionErrors: ReadonlySet<number> = new Set([
  errorCodes.SHARE_SESSION_NOT_FOUND,
  errorCodes.INVALID_SHARE_SESSION_EPOCH,
  errorCodes.SHARE_SESSION_LIMIT_REACHED,
]);

/** As in Java: a broker that does not answer for acknowledgements has not taken them. */
const notAnswered = {
  errorCode: errorCodes.INVALID_RECORD_STATE,
  errorMessage: 'the broker did not answer for it',
  currentLeader: { leaderId: -1, leaderEpoch: -1 },
};
