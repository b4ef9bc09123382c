import { errorCodes } from '@tskafka/core/protocol';

/** What a broker is told of a partition that is to be fetched. */
export interface SessionPartition {
  /** Of topic and partition. */
  readonly name: string;
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
  /** What the broker remembers, by name. */
  readonly #known = new Map<string, SessionPartition>();
  readonly #topics = new Map<string, string>();

  /** Whether partitions without news are left out of the answer that comes next. */
  get isIncremental(): boolean {
    return this.#epoch !== fullEpoch;
  }

  /** What to ask for now. */
  next(wanted: readonly SessionPartition[]): SessionRequest {
    if (!this.isIncremental) {
      this.#known.clear();
      this.#topics.clear();
    }
    const partitions: SessionPartition[] = [];
    const forgotten: SessionPartition[] = [];
    for (const entry of wanted) {
      const before = this.#known.get(entry.name);
      if (isSame(before, entry)) continue;
      partitions.push(entry);
      if (before !== undefined && before.topicId !== entry.topicId) forgotten.push(before);
      this.#known.set(entry.name, entry);
      if (entry.topicId !== undefined) this.#topics.set(entry.topicId, entry.topic);
    }
    if (this.#known.size > wanted.length) forgotten.push(...this.#forget(new Set(wanted.map(({ name }) => name))));
    return { sessionId: this.#id, sessionEpoch: this.#epoch, partitions, forgotten };
  }

  /** The topic of an id that was asked for: from version 13 on an answer carries only that. */
  topicOf(topicId: string): string | undefined {
    return this.#topics.get(topicId);
  }

  /** The broker answered. A session id of 0 says that it keeps no session: it has no room, or is too old. */
  answered(sessionId: number): void {
    this.#id = sessionId;
    this.#epoch = sessionId === noSession ? fullEpoch : this.#epoch === 0x7fffffff ? 1 : this.#epoch + 1;
  }

  /** What is known and not wanted any more. */
  #forget(wanted: ReadonlySet<string>): SessionPartition[] {
    const forgotten = [...this.#known.values()].filter(({ name }) => !wanted.has(name));
    for (const { name } of forgotten) this.#known.delete(name);
    return forgotten;
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
