import { partitionName } from '@tskafka/core/internal';
import { errorCodes } from '@tskafka/core/protocol';

/** What a broker is told of a partition that is to be fetched. */
export interface SessionPartition {
  readonly topic: string;
  /** Undefined where the cluster is too old for ids. */
  readonly topicId: string | undefined;
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly partitionMaxBytes: number;
}

/** The part of a request that speaks of partitions. */
export interface SessionRequest {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  /** All in a full request; in an incremental one what is new or has changed. */
  readonly partitions: readonly SessionPartition[];
  readonly forgotten: readonly SessionPartition[];
}

/** The first request of a session, or one without a session, has all partitions. */
const fullEpoch = 0;
const noSession = 0;

/**
 * A fetch session (KIP-227): the broker remembers the partitions, so that a request has only what is new, and an answer only
 * those with news. When the two sides may disagree, the next request is a full one: it names the old session, which the broker drops.
 */
export class FetchSession {
  #id = noSession;
  #epoch = fullEpoch;
  #known = new Map<string, SessionPartition>();

  /** Whether partitions without news are left out of the answer that comes next. */
  get isIncremental(): boolean {
    return this.#epoch !== fullEpoch;
  }

  /** What to ask for now. */
  next(wanted: readonly SessionPartition[]): SessionRequest {
    const before = this.isIncremental ? this.#known : new Map<string, SessionPartition>();
    this.#known = new Map(wanted.map((entry) => [partitionName(entry), entry]));
    const forgotten = [...before].filter(([name, { topicId }]) => this.#known.get(name)?.topicId !== topicId).map(([, entry]) => entry);
    const partitions = wanted.filter((entry) => !isSame(before.get(partitionName(entry)), entry));
    return { sessionId: this.#id, sessionEpoch: this.#epoch, partitions, forgotten };
  }

  /** The broker answered. A session id of 0 says that it keeps no session: it has no room, or is too old. */
  answered(sessionId: number): void {
    this.#id = sessionId;
    this.#epoch = sessionId === noSession ? fullEpoch : this.#epoch === 0x7fffffff ? 1 : this.#epoch + 1;
  }

  /** Nobody knows what the broker knows: an answer was lost, or has what it should not. */
  reset(): void {
    this.#epoch = fullEpoch;
  }

  /** The broker refused the request with this code. A session that it does not have need not be named again. */
  refused(errorCode: number): void {
    if (errorCode === errorCodes.FETCH_SESSION_ID_NOT_FOUND) this.#id = noSession;
    this.reset();
  }
}

/** Errors that mean: begin a new session, at once. */
export function isSessionError(errorCode: number): boolean {
  return sessionErrors.has(errorCode);
}

const sessionErrors = new Set<number>([
  errorCodes.FETCH_SESSION_ID_NOT_FOUND,
  errorCodes.INVALID_FETCH_SESSION_EPOCH,
  errorCodes.FETCH_SESSION_TOPIC_ID_ERROR,
]);

function isSame(before: SessionPartition | undefined, now: SessionPartition): boolean {
  return (
    before !== undefined &&
    before.topicId === now.topicId &&
    before.currentLeaderEpoch === now.currentLeaderEpoch &&
    before.fetchOffset === now.fetchOffset &&
    before.lastFetchedEpoch === now.lastFetchedEpoch &&
    before.partitionMaxBytes === now.partitionMaxBytes
  );
}
