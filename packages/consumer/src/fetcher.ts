// A loop already: whatever fails here is asked for again by the next turn, so cluster.retry is not used.
import { type BrokerNode, type Isolation, KafkaError } from '@tskafka/core';
import { backoffMs, channels, type Cluster, type Place, publish, type Purpose } from '@tskafka/core/internal';
import {
  apis,
  brokerError,
  ClosedError,
  CorruptRecordError,
  type Decoded,
  errorCodes,
  type FetchResponse,
  readBatch,
  type Timer,
} from '@tskafka/core/protocol';
import { remedyFor } from './fetch-remedy.ts';
import { type Asked, fetchRequest } from './fetch-request.ts';
import { type FetchedPartition, pairUp } from './fetch-response.ts';
import type { MessageQueue } from './message-queue.ts';
import { partitionName, type PartitionQueue } from './partition-queue.ts';
import { offsetOutOfRange } from './reset-offset.ts';
import { VisibleRecords } from './visible-records.ts';

/** The first wait of a fetch that leaves out partitions without room; see #waitMs. */
const shortWaitMs = 5;

export interface FetcherOptions {
  readonly cluster: Cluster;
  readonly queue: MessageQueue<unknown, unknown>;
  readonly autoOffsetReset: Place | 'none';
  readonly isolation: Isolation;
  readonly fetchMinBytes: number;
  readonly fetchWaitMaxMs: number;
  readonly fetchMessageMaxBytes: number;
  readonly fetchMaxBytes: number;
  readonly queuedMaxMessages: number;
  readonly queuedMaxBytes: number;
  /** No broker can be reached, for longer than the client waits. */
  readonly onUnavailable: (error: Error) => void;
  /** Something failed that no further attempt mends, though it is made: a login was refused, say. */
  readonly onError: (error: Error) => void;
}

/** What is known of a broker that is fetched from. */
interface Leader {
  isBusy: boolean;
  /** Bytes that the answer on its way may bring. */
  reserved: number;
  retryAt: number;
  failures: number;
  /** The wait of the next fetch that must leave partitions out. */
  shortWaitMs: number;
}

/** Fetches ahead: one request at a time to each broker, for its partitions with room in the queue. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #purpose: Purpose;
  readonly #partitions = new Set<PartitionQueue>();
  readonly #leaders = new Map<number, Leader>();
  #run: AbortController | undefined;
  #timer: Timer | undefined;
  #isTurning = false;
  #refreshing: Promise<void> | undefined;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#purpose = options.cluster.ownFetchPurpose();
  }

  add(partition: PartitionQueue): void {
    this.#partitions.add(partition);
    this.wake();
  }

  delete(partition: PartitionQueue): void {
    this.#partitions.delete(partition);
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  start(): void {
    if (this.#run !== undefined) return;
    this.#run = new AbortController();
    this.wake();
  }

  /** Ends at once, also a long poll: its connections belong to this fetcher alone and are dropped. */
  stop(): void {
    this.#run?.abort();
    this.#run = undefined;
    this.#timer?.cancel();
    this.#leaders.clear();
    for (const partition of this.#partitions) partition.isBusy = false;
    this.#options.cluster.disconnect(this.#purpose, new ClosedError('the consumer has stopped'));
  }

  /** Gives up requests on their way for partitions that have moved: their long poll would hold up the fetch of the new offset. */
  moved(partitions: Iterable<PartitionQueue>): void {
    const isAwaited = [...partitions].some(({ isBusy }) => isBusy);
    if (!isAwaited || this.#run === undefined) return this.wake();
    this.stop();
    this.start();
  }

  /** Something is better than before: looks for partitions to fetch, once for all that is said in this turn of the event loop. */
  wake(): void {
    if (this.#isTurning || this.#run === undefined) return;
    this.#isTurning = true;
    queueMicrotask(() => {
      this.#isTurning = false;
      if (this.#run !== undefined) this.#turn(this.#run.signal);
    });
  }

  /** Leaves a partition alone for a while, longer with every failure in a row. */
  later(partition: PartitionQueue): void {
    const { clock, random, retryBackoff } = this.#options.cluster.options;
    partition.retryAt = clock.now() + backoffMs(++partition.failures, retryBackoff, random);
    this.wake();
  }

  #turn(signal: AbortSignal): void {
    const { cluster } = this.#options;
    const now = cluster.options.clock.now();
    const wanted = new Map<number, { ready: PartitionQueue[]; isCrowded: boolean }>();
    let nextTurnAt = Infinity;
    for (const partition of this.#partitions) {
      if (partition.isBusy || partition.position.toFetch >= partition.until) continue;
      const leader = partition.retryAt > now ? undefined : this.#leaderOf(partition, now);
      const retryAt = leader === undefined ? partition.retryAt : (this.#leaders.get(leader)?.retryAt ?? now);
      if (retryAt > now) nextTurnAt = Math.min(nextTurnAt, retryAt);
      if (retryAt > now || leader === undefined) continue;
      const entry = wanted.get(leader) ?? { ready: [], isCrowded: false };
      wanted.set(leader, entry);
      if (this.#hasRoom(partition)) entry.ready.push(partition);
      else entry.isCrowded = true;
    }
    const free = [...wanted].filter(([leader, { ready }]) => ready.length > 0 && !this.#leaders.get(leader)?.isBusy);
    free.forEach(([leader, { ready, isCrowded }], i) => {
      const roomBytes = Math.floor(this.#roomBytes() / (free.length - i));
      if (roomBytes > 0) void this.#fetch(leader, ready, { roomBytes, isCrowded }, signal);
    });
    this.#timer?.cancel();
    if (nextTurnAt < Infinity) this.#timer = cluster.options.clock.setTimeout(() => this.wake(), nextTurnAt - now);
  }

  #hasRoom(partition: PartitionQueue): boolean {
    return partition.bytes < this.#options.fetchMessageMaxBytes && partition.records < this.#options.queuedMaxMessages;
  }

  #roomBytes(): number {
    let room = this.#options.queuedMaxBytes - this.#options.queue.bytes;
    for (const { reserved } of this.#leaders.values()) room -= reserved;
    return room;
  }

  /** The broker that leads a partition. Without one the partition waits, and metadata is fetched. */
  #leaderOf(partition: PartitionQueue, now: number): number | undefined {
    const { cluster, queue } = this.#options;
    const topic = cluster.metadata.topic(partition.topic);
    const known = topic?.partitions.get(partition.partition);
    if (topic !== undefined && this.#isOtherLog(partition, topic.topicId)) return undefined;
    if (known?.leader !== undefined) {
      partition.missingSince = undefined;
      return known.leader;
    }
    if (known === undefined) {
      partition.missingSince ??= now;
      if (now - partition.missingSince >= cluster.options.topicTimeoutMs) {
        partition.missingSince = now;
        queue.fail(partition, this.#errorOf(partition, errorCodes.UNKNOWN_TOPIC_OR_PARTITION));
      }
    }
    this.later(partition);
    this.#refresh([partition.topic]);
    return undefined;
  }

  /** Whether the topic is not the one that the position is of. Its offsets mean nothing there, so a new one is looked up. */
  #isOtherLog(partition: PartitionQueue, topicId: string | undefined): boolean {
    const isOther = partition.topicId !== undefined && partition.topicId !== topicId;
    partition.topicId = topicId;
    if (!isOther) return false;
    this.#options.queue.flush(partition);
    void this.#reset(partition, false);
    return true;
  }

  async #fetch(id: number, partitions: readonly PartitionQueue[], room: Room, signal: AbortSignal): Promise<void> {
    const { cluster, fetchMinBytes, fetchMessageMaxBytes, fetchMaxBytes, isolation } = this.#options;
    const leader = this.#leaders.get(id) ?? { isBusy: false, reserved: 0, retryAt: 0, failures: 0, shortWaitMs };
    this.#leaders.set(id, leader);
    const maxWaitMs = this.#waitMs(leader, room.isCrowded);
    const maxBytes = Math.min(fetchMaxBytes, room.roomBytes);
    leader.isBusy = true;
    leader.reserved = Math.min(maxBytes, partitions.length * fetchMessageMaxBytes);
    const asked = partitions.map((queue) => ({ queue, offset: queue.position.toFetch, moves: queue.position.moves }));
    for (const partition of partitions) partition.isBusy = true;
    cluster.refreshWhenOld();
    const limits = {
      ...{ maxWaitMs, minBytes: fetchMinBytes, maxBytes, partitionMaxBytes: fetchMessageMaxBytes },
      isCommittedOnly: isolation === 'read_committed',
    };
    const request = fetchRequest(asked, (topic) => cluster.metadata.topic(topic), limits);
    try {
      // Before version 13 topics have names, from then on ids (KIP-516), which brokers before 2.8 do not have.
      const maxVersion = request.topics.every(({ topicId }) => topicId !== undefined) ? undefined : 12;
      const response = await cluster.send(id, apis.fetch, request, { purpose: this.#purpose, heldMs: maxWaitMs, maxVersion, signal });
      if (signal.aborted) return;
      for (const partition of partitions) partition.isBusy = false;
      if (response.errorCode !== 0) throw brokerError(response.errorCode, `Fetch from broker ${id}`, { retriable: true });
      leader.failures = 0;
      const names = new Map(request.topics.map(({ topic, topicId }) => [topicId, topic]));
      this.#accept(leader, asked, response, (topicId) => names.get(topicId));
    } catch (error) {
      if (signal.aborted) return;
      for (const partition of partitions) partition.isBusy = false;
      this.#failed(leader, partitions, error as Error);
    }
    leader.isBusy = false;
    leader.reserved = 0;
    this.wake();
  }

  /**
   * How long the broker may hold the answer back. A partition that is left out for lack of room gets some as soon as the reader
   * goes on, and must not wait then for a long poll of its idle neighbours. So such a fetch is short, and grows only while
   * the reader stands still.
   */
  #waitMs(leader: Leader, isCrowded: boolean): number {
    const { fetchWaitMaxMs } = this.#options;
    if (!isCrowded) leader.shortWaitMs = shortWaitMs;
    const waitMs = isCrowded ? Math.min(fetchWaitMaxMs, leader.shortWaitMs) : fetchWaitMaxMs;
    if (isCrowded) leader.shortWaitMs = Math.min(fetchWaitMaxMs, leader.shortWaitMs * 2);
    return waitMs;
  }

  #accept(
    leader: Leader,
    asked: readonly Asked[],
    response: Decoded<FetchResponse>,
    nameOf: (topicId: string) => string | undefined,
  ): void {
    const { queue, cluster } = this.#options;
    const { answered, omitted, extra } = pairUp(asked, response, nameOf);
    if (extra.length > 0) cluster.options.logger.warn({ extra }, 'a broker answered for partitions that nobody asked for');
    for (const { queue: partition } of omitted) this.later(partition);
    const answer = { bytes: answered.reduce((sum, [, { records }]) => sum + (records?.length ?? 0), 0), batches: 0 };
    const stale = new Set<string>();
    for (const [{ queue: partition, moves }, data] of answered) {
      // Whoever has moved meanwhile wants neither these records nor this error.
      if (partition.position.moves !== moves || !this.#partitions.has(partition)) continue;
      if (data.errorCode !== 0) {
        if (this.#mend(partition, data, response) === 'refresh') stale.add(partition.topic);
        continue;
      }
      partition.failures = 0;
      this.#enqueue(partition, data, answer);
      if (answer.bytes === 0) passHole(partition, data);
    }
    if (answer.batches > 0) leader.shortWaitMs = shortWaitMs;
    if (stale.size > 0) this.#refresh([...stale]);
    queue.ready();
  }

  /** Hands a partition's batches to the queue. Only their headers are read here. */
  #enqueue(
    partition: PartitionQueue,
    { records, abortedTransactions }: FetchedPartition,
    answer: { bytes: number; batches: number },
  ): void {
    if (records === null || records.length === 0) return;
    const { queue, isolation } = this.#options;
    const visible = new VisibleRecords(isolation === 'read_committed' ? (abortedTransactions ?? []) : null);
    let start = 0;
    try {
      for (let batch = readBatch(records, start); batch !== undefined; batch = readBatch(records, start)) {
        start += batch.bytes.length;
        queue.push(partition, { batch, visible, answer });
      }
      if (start === 0) throw new CorruptRecordError(`${records.length} bytes are less than a batch, and a broker sends at least one`);
    } catch (error) {
      // What is good is read first; the next fetch begins with what is not, and says so.
      if (start === 0) this.#report(partition, error as Error);
    }
  }

  /** Does what helps against a partition's error. */
  #mend(partition: PartitionQueue, data: FetchedPartition, response: Decoded<FetchResponse>): 'refresh' | undefined {
    const remedy = remedyFor(data.errorCode);
    if (remedy === 'reset') {
      // What was fetched before is still good: it is read first.
      if (partition.position.next < partition.position.toFetch) this.later(partition);
      else void this.#reset(partition, partition.position.isGiven);
      return undefined;
    }
    if (remedy === 'report') {
      this.#report(partition, this.#errorOf(partition, data.errorCode));
      return undefined;
    }
    this.later(partition);
    publish(channels.consumerError, () => ({
      ...{ topic: partition.topic, partition: partition.partition },
      error: this.#errorOf(partition, data.errorCode),
    }));
    if (remedy === 'wait') return undefined;
    return this.#followHint(partition, data, response) ? undefined : 'refresh';
  }

  /** A broker that does not lead a partition any more may say who does (KIP-951): then the next fetch goes there at once. */
  #followHint(partition: PartitionQueue, { currentLeader }: FetchedPartition, { nodeEndpoints }: Decoded<FetchResponse>): boolean {
    const { cluster } = this.#options;
    const { topic, partition: id } = partition;
    const leader = () => cluster.metadata.topic(topic)?.partitions.get(id);
    const { leaderId, leaderEpoch } = currentLeader;
    if (leaderId < 0 || leaderEpoch <= (leader()?.leaderEpoch ?? -1)) return false;
    const endpoint = nodeEndpoints.find(({ nodeId }) => nodeId === leaderId);
    const node: BrokerNode | undefined = endpoint && { id: leaderId, host: endpoint.host, port: endpoint.port, rack: endpoint.rack };
    cluster.leaderMoved(topic, id, leaderId, leaderEpoch, node);
    if (leader()?.leaderEpoch !== leaderEpoch) return false;
    partition.retryAt = -Infinity;
    return true;
  }

  /** Finds another offset for a partition whose log does not hold the one where it stands. */
  async #reset(partition: PartitionQueue, isGiven: boolean): Promise<void> {
    const { cluster, autoOffsetReset, isolation } = this.#options;
    const run = this.#run;
    const { position } = partition;
    const { moves, toFetch: from } = position;
    partition.isBusy = true;
    try {
      const to = await offsetOutOfRange(cluster, position, { isGiven, autoOffsetReset, isolation, signal: run?.signal });
      if (run !== this.#run || position.moves !== moves) return;
      position.moveTo(to);
      partition.failures = 0;
      cluster.options.logger.warn({ topic: partition.topic, partition: partition.partition, from, to }, 'an offset was out of range');
      publish(channels.consumerReset, () => ({ topic: partition.topic, partition: partition.partition, from, to }));
    } catch (error) {
      if (run !== this.#run || position.moves !== moves) return;
      if (!(error instanceof KafkaError) || !error.retriable) return this.#report(partition, error as Error);
      this.#tellIfUnavailable(error);
      this.later(partition);
    } finally {
      if (run === this.#run) partition.isBusy = false;
      this.#options.queue.ready(); // the new offset may be behind `until`
      this.wake();
    }
  }

  /** A whole request failed: its broker is left alone for a while. */
  #failed(leader: Leader, partitions: readonly PartitionQueue[], error: Error): void {
    const { cluster, onError } = this.#options;
    const { clock, random, retryBackoff, logger } = cluster.options;
    if (cluster.closing.aborted) {
      this.stop();
      return onError(error);
    }
    leader.retryAt = clock.now() + backoffMs(++leader.failures, retryBackoff, random);
    logger.warn({ error }, 'a fetch failed, and is made again');
    publish(channels.consumerError, () => ({ error }));
    if (!(error instanceof KafkaError) || !error.retriable) return onError(error);
    this.#tellIfUnavailable(error);
    this.#refresh([...new Set(partitions.map(({ topic }) => topic))]);
  }

  /** The reader is told what is wrong with a partition, which is fetched again later all the same. */
  #report(partition: PartitionQueue, cause: Error): void {
    const { topic, position } = partition;
    const at = { topic, partition: position.partition, offset: position.toFetch };
    const error =
      cause instanceof CorruptRecordError ? new CorruptRecordError(`${partitionName(partition)}: ${cause.message}`, { cause, at }) : cause;
    publish(channels.consumerError, () => ({ topic, partition: position.partition, error }));
    this.later(partition);
    this.#options.queue.fail(partition, error);
  }

  #errorOf(partition: PartitionQueue, errorCode: number): Error {
    const { topic, position } = partition;
    const at = { topic, partition: position.partition, offset: position.toFetch };
    return brokerError(errorCode, `Fetch of ${partitionName(partition)} at offset ${position.toFetch}`, { at });
  }

  #refresh(topics: readonly string[]): void {
    const run = this.#run;
    this.#refreshing ??= this.#options.cluster
      .refresh(topics, run?.signal)
      .catch((error: unknown) => {
        if (run === this.#run) this.#tellIfUnavailable(error);
      })
      .finally(() => {
        this.#refreshing = undefined;
        this.wake();
      });
  }

  #tellIfUnavailable(cause: unknown): void {
    try {
      this.#options.cluster.throwIfUnavailable(cause);
    } catch (error) {
      this.#options.onUnavailable(error as Error);
    }
  }
}

/**
 * An answer without a record for anybody says that none is left up to the end: a broker that has one sends it, whatever the
 * limits. Compaction can leave such a hole, and a reader that wants to end there would wait for ever.
 */
function passHole({ position, until }: PartitionQueue, { highWatermark, lastStableOffset }: FetchedPartition): void {
  const end = lastStableOffset < 0 ? highWatermark : lastStableOffset;
  if (end >= until && position.next === position.toFetch) position.moveTo(until);
}

interface Room {
  readonly roomBytes: number;
  /** Some partitions of the broker are left out. */
  readonly isCrowded: boolean;
}
