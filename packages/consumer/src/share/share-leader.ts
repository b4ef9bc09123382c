// A loop already, in share-fetcher.ts: whatever fails here is asked for again by its next turn, so cluster.retry is not used.
import { type KafkaError, SocketDisconnectedError, UnsupportedVersionError } from '@tskafka/core';
import { type Cluster, type Connection, groupBy, type Purpose } from '@tskafka/core/internal';
import { apis, brokerError, errorCodes, isStaleMetadata, type Decoded, type ShareFetchResponse } from '@tskafka/core/protocol';
import type { AcknowledgeType } from './acknowledge-type.ts';
import type { AcquiredRange } from './acquired-records.ts';
import type { DeliveredBy, Delivery, Lock } from './delivery.ts';
import { isGoneWithLeader, isWorthAnother, type Outcome } from './outcome.ts';
import { Said, type SaidOfPartition } from './said.ts';
import { keyOf, type SharePartition } from './share-partition.ts';
import { nothingAsked, shareAcknowledgeRequest, shareFetchRequest, type ShareLimits, type ShareMemberName } from './share-requests.ts';
import { lastEpoch, ShareSession } from './share-session.ts';

export type SharedData = Decoded<ShareFetchResponse>['responses'][number]['partitions'][number];

/** What may be asked of a broker next. `open` begins the session that an acknowledgement needs. */
export type Step = 'fetch' | 'acknowledge' | 'open';

export interface ShareLeaderOptions {
  readonly cluster: Cluster;
  readonly brokerId: number;
  readonly purpose: Purpose;
  readonly member: ShareMemberName;
  readonly limits: ShareLimits;
  /** How long an acknowledgement may wait for a fetch that takes it along. */
  readonly acknowledgeDelayMs: number;
  /** Something was said: it is time to look what to do next. */
  readonly onSaid: () => void;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Makes deliveries of what was acquired. Never rejects. */
  readonly toDeliveries: (leader: ShareLeader, partition: SharePartition, data: SharedData, lock: Lock) => Promise<readonly Delivery[]>;
  readonly onDeliveries: (deliveries: readonly Delivery[]) => void;
  /** A partition could not be fetched. */
  readonly onError: (partition: SharePartition, error: KafkaError) => void;
}

/**
 * What goes on between this member and one broker: a session, the records that it has locked for the member, and what is said of them.
 * There is one request at a time. When the connection ends, the broker gives the records to others, so they are lost then.
 */
export class ShareLeader implements DeliveredBy {
  readonly brokerId: number;
  isBusy = false;
  /** It is asked for records. */
  isFetching = false;
  /** Not to be asked before this time. */
  retryAt = -Infinity;
  /** Failures in a row. */
  failures = 0;
  /** Of the last request, if it failed. */
  lastError: Error | undefined;
  /** How long the broker locks a record; undefined before its first answer. */
  lockTimeoutMs: number | undefined;
  /** What is said has to go out now. */
  isFlushing = false;
  readonly counts = { fetches: 0, fetchedBytes: 0 };
  readonly #options: ShareLeaderOptions;
  readonly #session = new ShareSession();
  readonly #said = new Said();
  readonly #deliveries = new Set<Delivery>();
  #saidSince = 0;
  #connection: Connection | undefined;

  constructor(options: ShareLeaderOptions) {
    this.#options = options;
    this.brokerId = options.brokerId;
  }

  /** Records that are locked for this member here, and those of which the broker has not confirmed what was said. */
  get deliveries(): ReadonlySet<Delivery> {
    return this.#deliveries;
  }

  get hasSaid(): boolean {
    return !this.#said.isEmpty;
  }

  /** When what is said has to go out, whether there is a fetch or not. */
  get dueAt(): number {
    if (this.#said.isEmpty) return Infinity;
    return this.isFlushing || this.#said.renews ? -Infinity : this.#saidSince + this.#options.acknowledgeDelayMs;
  }

  /** Whether the broker can renew locks (Kafka 4.2). */
  get canRenew(): boolean {
    const { versions } = this.#connection ?? {};
    return versions?.offers(apis.shareAcknowledge as never, { minVersion: 2 }) ?? false;
  }

  acknowledge(delivery: Delivery, type: AcknowledgeType): void {
    if (delivery.state === 'over') return this.#report([delivery], delivery.lostBy);
    if (type === 'renew' && !this.canRenew) {
      const error = new UnsupportedVersionError(`broker ${this.brokerId} cannot renew locks: Kafka 4.2 or newer is needed`);
      return this.#report([delivery], error);
    }
    if (type !== 'renew') delivery.state = 'said';
    this.#say(() => this.#said.add(delivery, type));
    // A renewal does not wait.
    if (type === 'renew') this.#options.onSaid();
  }

  /** Nobody will ever read these. */
  acknowledgeGap(partition: SharePartition, range: AcquiredRange, lock: Lock): void {
    this.#say(() => this.#said.addGap(partition, range, lock));
  }

  /** What to ask now, if anything. */
  step(wanted: readonly SharePartition[], wantsRecords: boolean, now: number): Step | undefined {
    if (!this.#session.isOpen) {
      if (wanted.length === 0) return undefined;
      return wantsRecords ? 'fetch' : this.hasSaid ? 'open' : undefined;
    }
    if (!wantsRecords || wanted.length === 0) return this.dueAt <= now ? 'acknowledge' : undefined;
    // A partition that a fetch names is fetched from then on, and one that renews locks brings no records.
    const names = new Set(wanted.map(keyOf));
    const fits = !this.#said.renews && this.#said.partitions.every((partition) => names.has(keyOf(partition)));
    return fits ? 'fetch' : 'acknowledge';
  }

  /** One request, and what its answer changes. Rejects where a pause is needed before the next one. */
  async ask(step: Step, wanted: readonly SharePartition[], signal: AbortSignal): Promise<void> {
    const connection = await this.#connect(signal);
    if (step === 'acknowledge') return this.#acknowledge(connection, this.#session.epoch, signal);
    const said = this.#session.isOpen ? this.#take() : [];
    const limits = step === 'fetch' ? this.#options.limits : { ...this.#options.limits, ...nothingAsked };
    const request = shareFetchRequest(this.#options.member, this.#session.change(wanted), said, limits);
    const sending = { heldMs: limits.maxWaitMs, signal };
    const response = await this.#orFail(said, connection.send(apis.shareFetch, request, sending));
    this.counts.fetches++;
    this.#accepted(response, said);
    await this.#acceptPartitions(connection, response, wanted, said);
  }

  /** Ends the session, within the signal's time: all that is still locked goes back to the group. */
  async close(signal: AbortSignal): Promise<void> {
    if (this.#session.isOpen && this.#connection !== undefined) await this.#acknowledge(this.#connection, lastEpoch, signal);
    this.#session.reset();
  }

  /** These are not this member's any more; what was said of them counts as refused. */
  lose(deliveries: Iterable<Delivery>, error: KafkaError): void {
    const refused: Delivery[] = [];
    for (const delivery of deliveries) {
      if (delivery.state === 'over') continue;
      if (delivery.state === 'said') refused.push(delivery);
      this.#said.delete(delivery);
      this.#deliveries.delete(delivery);
      delivery.lose(error);
    }
    for (const ofPartition of groupBy(refused, ({ partition }) => keyOf(partition)).values()) this.#report(ofPartition, error);
  }

  /** Whether an answer is on its way to what was said of it. */
  isOut(delivery: Delivery): boolean {
    return delivery.state === 'said' && !this.#said.has(delivery);
  }

  async #acknowledge(connection: Connection, epoch: number, signal: AbortSignal): Promise<void> {
    const said = this.#take();
    const request = shareAcknowledgeRequest(this.#options.member, epoch, said);
    const response = await this.#orFail(said, connection.send(apis.shareAcknowledge, request, { signal }));
    this.#accepted({ ...response, acquisitionLockTimeoutMs: response.acquisitionLockTimeoutMs ?? 0 }, said);
    const answers = new Map(
      response.responses.flatMap(({ topicId, partitions }) =>
        partitions.map((answer) => [keyOf({ topicId, partition: answer.partitionIndex }), answer] as const),
      ),
    );
    let again: Error | undefined;
    for (const of of said) {
      const { errorCode, errorMessage, currentLeader } = answers.get(keyOf(of.partition)) ?? notAnswered;
      this.#leaderMoved(of.partition, errorCode, currentLeader, response);
      again = this.#settle(of, errorCode, errorMessage) ?? again;
    }
    if (again !== undefined) throw again;
  }

  /** Takes in what is true of a whole answer. Rejects where it is an error. */
  #accepted(
    {
      errorCode,
      errorMessage,
      acquisitionLockTimeoutMs,
    }: Pick<Decoded<ShareFetchResponse>, 'errorCode' | 'errorMessage' | 'acquisitionLockTimeoutMs'>,
    said: readonly SaidOfPartition[],
  ): void {
    if (errorCode === 0) {
      this.#session.answered();
      if (acquisitionLockTimeoutMs > 0) this.lockTimeoutMs = acquisitionLockTimeoutMs;
      return;
    }
    const error = brokerError(errorCode, `broker ${this.brokerId}, share group '${this.#options.member.groupId}'`, {
      detail: errorMessage,
    });
    if (sessionErrors.has(errorCode)) this.#session.reset();
    else this.#session.answered();
    for (const of of said) {
      if (isWorthAnother(errorCode)) this.#putBack(of);
      else this.#refused(of, error);
    }
    throw error;
  }

  async #acceptPartitions(
    connection: Connection,
    response: Decoded<ShareFetchResponse>,
    wanted: readonly SharePartition[],
    said: readonly SaidOfPartition[],
  ): Promise<void> {
    const known = new Map([...wanted, ...said.map(({ partition }) => partition)].map((partition) => [keyOf(partition), partition]));
    const unanswered = new Map(said.map((of) => [keyOf(of.partition), of]));
    const lock = this.#newLock();
    let again: Error | undefined;
    for (const { topicId, partitions } of response.responses) {
      for (const data of partitions) {
        const key = keyOf({ topicId, partition: data.partitionIndex });
        const partition = known.get(key);
        if (partition === undefined) continue;
        const of = unanswered.get(key);
        unanswered.delete(key);
        if (of !== undefined) again = this.#settle(of, data.acknowledgeErrorCode, data.acknowledgeErrorMessage) ?? again;
        this.#leaderMoved(partition, data.errorCode, data.currentLeader, response);
        if (data.errorCode !== 0) {
          const which = `ShareFetch of '${partition.topic}' partition ${partition.partition}`;
          this.#options.onError(partition, brokerError(data.errorCode, which, { detail: data.errorMessage ?? null }));
          // The others are asked for again after a pause as well, whatever it is.
          again ??= brokerError(data.errorCode, which, { retriable: true });
        }
        this.counts.fetchedBytes += data.records.length;
        if (data.acquiredRecords.length === 0) continue;
        const deliveries = await this.#options.toDeliveries(this, partition, data, lock);
        for (const delivery of deliveries) this.#deliveries.add(delivery);
        if (connection.closed) this.lose(deliveries, this.#disconnection(connection));
        else this.#options.onDeliveries(deliveries);
      }
    }
    for (const of of unanswered.values()) this.#settle(of, notAnswered.errorCode, notAnswered.errorMessage);
    if (again !== undefined) throw again;
  }

  /** Does what an answer to acknowledgements says; gives the error after which they are sent again. */
  #settle(said: SaidOfPartition, code: number, detail: string | null | undefined): KafkaError | undefined {
    const { topic, partition } = said.partition;
    const error =
      code === 0 ? undefined : brokerError(code, `acknowledging records of '${topic}' partition ${partition}`, { detail: detail ?? null });
    if (error === undefined) this.#taken(said);
    else if (isWorthAnother(code)) this.#putBack(said);
    else {
      const parts = said.byLock();
      if (parts.length > 1 && !isGoneWithLeader(code)) {
        this.#say(() => this.#said.putBackApart(parts));
        return undefined;
      }
      this.#refused(said, error);
      return undefined;
    }
    return error;
  }

  #taken({ deliveries }: SaidOfPartition): void {
    const renewed = this.#newLock();
    const done: Delivery[] = [];
    for (const [delivery, type] of deliveries) {
      if (type === 'renew') delivery.lock = renewed;
      if (type === 'renew' || delivery.state === 'over') continue;
      delivery.state = 'over';
      this.#deliveries.delete(delivery);
      done.push(delivery);
    }
    this.#report(done, undefined);
  }

  #refused({ deliveries }: SaidOfPartition, error: KafkaError): void {
    this.lose(deliveries.keys(), error);
    // Of renewals nobody hears but who has asked for them.
    const asked = [...deliveries].filter(([{ isKept }, type]) => type === 'renew' && !isKept).map(([delivery]) => delivery);
    this.#report(asked, error);
  }

  #putBack(said: SaidOfPartition): void {
    for (const delivery of said.deliveries.keys()) if (delivery.state === 'over') said.deliveries.delete(delivery);
    if (said.deliveries.size + said.gaps.length === 0) return;
    this.#say(() => this.#said.putBack(said));
  }

  #report(deliveries: readonly Delivery[], error: Error | undefined): void {
    if (deliveries.length > 0) this.#options.onOutcome({ partition: deliveries[0]!.partition, deliveries, error });
  }

  #take(): SaidOfPartition[] {
    const said = this.#said.take();
    if (this.#said.isEmpty) this.isFlushing = false;
    return said;
  }

  /** The first word since the last request is news; what else is said goes along with it. */
  #say(say: () => void): void {
    const isFirst = this.#said.isEmpty;
    say();
    if (!isFirst) return;
    this.#saidSince = this.#now;
    this.#options.onSaid();
  }

  /** The answer, or the failure of what was said: nobody knows then whether the broker has heard it. */
  async #orFail<T>(said: readonly SaidOfPartition[], answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.#session.reset();
      for (const of of said) this.#refused(of, error as KafkaError);
      throw error;
    }
  }

  #leaderMoved(
    partition: SharePartition,
    code: number,
    { leaderId, leaderEpoch }: SharedData['currentLeader'],
    { nodeEndpoints }: Pick<Decoded<ShareFetchResponse>, 'nodeEndpoints'>,
  ): void {
    const { cluster } = this.#options;
    if (code === errorCodes.NOT_LEADER_OR_FOLLOWER || code === errorCodes.FENCED_LEADER_EPOCH) {
      const node = nodeEndpoints.find(({ nodeId }) => nodeId === leaderId);
      const found = node && { id: node.nodeId, host: node.host, port: node.port, rack: node.rack ?? null };
      if (leaderId >= 0 && leaderEpoch >= 0) cluster.leaderMoved(partition.topic, partition.partition, leaderId, leaderEpoch, found);
    }
    if (isStaleMetadata(code)) cluster.refresh([partition.topic]).catch(() => {});
    if (!isGoneWithLeader(code)) return;
    const error = brokerError(code, `'${partition.topic}' partition ${partition.partition} is not led by broker ${this.brokerId} any more`);
    this.lose(
      [...this.#deliveries].filter((delivery) => keyOf(delivery.partition) === keyOf(partition) && !this.isOut(delivery)),
      error,
    );
  }

  async #connect(signal: AbortSignal): Promise<Connection> {
    const { cluster, purpose } = this.#options;
    const connection = await cluster.connection(this.brokerId, purpose, signal);
    if (connection !== this.#connection) {
      this.#connection = connection;
      connection.ending.addEventListener('abort', () => this.#disconnected(connection), { once: true });
    }
    return connection;
  }

  /** The broker ends the session with its connection, and gives to others what was locked. */
  #disconnected(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#session.reset();
    // Of what is on its way, the request tells that it failed.
    this.lose(
      [...this.#deliveries].filter((delivery) => !this.isOut(delivery)),
      this.#disconnection(connection),
    );
    this.#said.clear();
  }

  #disconnection({ ending }: Connection): KafkaError {
    const message = `the connection to broker ${this.brokerId} ended, and the locks on its records with it`;
    return new SocketDisconnectedError(message, { cause: ending.reason, retriable: true });
  }

  #newLock(): Lock {
    return { since: this.#now, until: this.#now + (this.lockTimeoutMs ?? Infinity) };
  }

  get #now(): number {
    return this.#options.cluster.options.clock.now();
  }
}

const sessionErrors: ReadonlySet<number> = new Set([
  errorCodes.SHARE_SESSION_NOT_FOUND,
  errorCodes.INVALID_SHARE_SESSION_EPOCH,
  errorCodes.SHARE_SESSION_LIMIT_REACHED,
]);

/** As Java: a broker that does not answer for what was said has not taken it. */
const notAnswered = {
  errorCode: errorCodes.INVALID_RECORD_STATE,
  errorMessage: 'the broker did not answer for it',
  currentLeader: { leaderId: -1, leaderEpoch: -1 },
};
