import type { Isolation } from '@tskafka/core';
import { type AnswerMemory, backoffMs, type Cluster, type Purpose, type TopicMetadata } from '@tskafka/core/internal';
import { apis, brokerError, type Decoded, type FetchResponse } from '@tskafka/core/protocol';
import type { AnswerFrom } from './fetch-answers.ts';
import { type Asked, fetchRequest, sessionPartition } from './fetch-request.ts';
import { FetchSession, isSessionError } from './fetch-session.ts';
import type { PartitionQueue } from './partition-queue.ts';

/** The first wait of a fetch that leaves partitions out. */
const firstShortWaitMs = 5;

export interface FetchLeaderOptions {
  readonly cluster: Cluster;
  readonly purpose: Purpose;
  readonly memory: AnswerMemory;
  readonly isolation: Isolation;
  readonly rackId: string;
  readonly fetchMinBytes: number;
  readonly fetchWaitMaxMs: number;
  readonly fetchMessageMaxBytes: number;
}

export interface AskOptions {
  /** Others of its partitions are left out, for they have no room. */
  readonly leavesOut: boolean;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** What was asked, and what came of it. */
export interface FetchOutcome {
  readonly asked: readonly Asked[];
  readonly response: Decoded<FetchResponse>;
  readonly from: AnswerFrom;
}

/** A broker that is fetched from: one request at a time, pauses after failures, and how long it may hold an answer back. */
export class FetchLeader {
  isBusy = false;
  /** Bytes that the answer on its way may bring. */
  reserved = 0;
  /** Not to be asked before this time. */
  retryAt = -Infinity;
  /** The broker hears nothing of this connection before this time, for a quota is exceeded. The connection keeps to it. */
  throttledUntil = -Infinity;
  readonly #id: number;
  readonly #options: FetchLeaderOptions;
  readonly #session = new FetchSession();
  /** Failures in a row. */
  #failures = 0;
  #shortWaitMs = firstShortWaitMs;

  constructor(id: number, options: FetchLeaderOptions) {
    this.#id = id;
    this.#options = options;
  }

  /** Asks for these partitions, from where they are. */
  async ask(partitions: readonly PartitionQueue[], { leavesOut, maxBytes, signal }: AskOptions): Promise<FetchOutcome> {
    const { cluster, purpose, memory, isolation, rackId, fetchMinBytes, fetchMessageMaxBytes } = this.#options;
    const maxWaitMs = this.#waitMs(leavesOut);
    // Before version 13 topics have names, from then on ids (KIP-516), which brokers before 2.8 do not have.
    const metadataOf = (topic: string): TopicMetadata | undefined => cluster.metadata.topic(topic);
    const maxVersion = partitions.every(({ topic }) => metadataOf(topic)?.topicId !== undefined) ? undefined : 12;
    const connection = await cluster.connection(this.#id, purpose, signal);
    const saysEpoch = connection.versions.pick(apis.fetch, { maxVersion }) >= 12;
    const asked = partitions.map((queue) => ({ queue, offset: queue.position.toFetch, moves: queue.position.moves }));
    const wanted = asked.map((entry) =>
      sessionPartition(entry, metadataOf(entry.queue.topic), { partitionMaxBytes: fetchMessageMaxBytes, saysEpoch }),
    );
    const now = cluster.options.clock.now();
    const { isIncremental } = this.#session;
    const request = fetchRequest(this.#session.next(wanted), {
      ...{ maxWaitMs, minBytes: fetchMinBytes, maxBytes, isCommittedOnly: isolation === 'read_committed' },
      rackId: partitions.some(({ leaderOnlyUntil }) => leaderOnlyUntil > now) ? '' : rackId,
    });
    // Without the signal: who stops drops the connection too. A listener put on it and taken away for each fetch kept what the fetch had
    // brought alive up to the next full collection: 3 KB more of each in the old generation, and pauses of 1.3 ms where they are 0.5.
    const response = await connection.send(apis.fetch, request, { heldMs: maxWaitMs, maxVersion, memory });
    return { asked, response, from: { isIncremental, nameOf: (topicId) => this.#session.topicOf(topicId), signal } };
  }

  /** Keeps what an answer says to the whole request. False where a new session is to begin, at once. Throws BrokerError. */
  answered({ response: { errorCode, sessionId, throttleTimeMs }, from: { isIncremental } }: FetchOutcome): boolean {
    this.throttledUntil = this.#options.cluster.options.clock.now() + throttleTimeMs;
    if (errorCode === 0) {
      this.#session.answered(sessionId);
      this.#failures = 0;
      return true;
    }
    this.#session.refused(errorCode);
    if (isIncremental && isSessionError(errorCode)) return false;
    throw brokerError(errorCode, `Fetch from broker ${this.#id}`, { retriable: true });
  }

  /** An answer was taken apart; it is odd where it has what it should not, or lacks what it should have. */
  took({ bytes, isOdd }: { readonly bytes: number; readonly isOdd: boolean }): void {
    if (isOdd) this.#session.reset();
    if (bytes > 0) this.#shortWaitMs = firstShortWaitMs;
  }

  /** A whole request failed: the broker is left alone for a while. */
  failed(): void {
    const { clock, random, retryBackoff } = this.#options.cluster.options;
    this.#session.reset();
    this.retryAt = clock.now() + backoffMs(++this.#failures, retryBackoff, random);
  }

  /**
   * How long the next answer may be held back. A partition that is left out for lack of room gets some as soon as the reader goes
   * on, and must not wait then for the long poll of its idle neighbours. So that poll is short, and grows only while the reader
   * stands still.
   */
  #waitMs(leavesOut: boolean): number {
    const { fetchWaitMaxMs } = this.#options;
    const waitMs = leavesOut ? Math.min(fetchWaitMaxMs, this.#shortWaitMs) : fetchWaitMaxMs;
    this.#shortWaitMs = leavesOut ? this.#shortWaitMs * 2 : firstShortWaitMs;
    return waitMs;
  }
}
