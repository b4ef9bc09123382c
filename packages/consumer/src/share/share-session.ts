import { keyOf, type SharePartition } from './share-partition.ts';

/** The first request of a session has this epoch, and the last one the other. */
const newSession = 0;
export const lastEpoch = -1;

/** What a fetch says of the session. */
export interface SessionChange {
  readonly epoch: number;
  /** Partitions that the broker does not know to be fetched. */
  readonly added: readonly SharePartition[];
  readonly forgotten: readonly SharePartition[];
}

/**
 * A share session (KIP-932): one broker remembers which partitions this member fetches, and counts its requests. The count is why there
 * may be one request at a time only. A session begins with a fetch, and ends with its connection.
 */
export class ShareSession {
  #epoch: number;
  #known: ReadonlyMap<string, SharePartition> = new Map();

  /** A test may begin where the epochs end. */
  constructor(epoch = newSession) {
    this.#epoch = epoch;
  }

  /** Whether the broker has a session, as far as we know: only then may anything be acknowledged. */
  get isOpen(): boolean {
    return this.#epoch !== newSession;
  }

  /** That of the next request. */
  get epoch(): number {
    return this.#epoch;
  }

  /** What to ask for now. */
  change(wanted: readonly SharePartition[]): SessionChange {
    const before = this.#known;
    this.#known = new Map(wanted.map((partition) => [keyOf(partition), partition]));
    const added = wanted.filter((partition) => !before.has(keyOf(partition)));
    const forgotten = [...before].filter(([key]) => !this.#known.has(key)).map(([, partition]) => partition);
    return { epoch: this.#epoch, added, forgotten };
  }

  /** The broker has answered to the last request. */
  answered(): void {
    this.#epoch = this.#epoch === 0x7fffffff ? 1 : this.#epoch + 1;
  }

  /** Both sides may disagree, or the broker has none: the next fetch begins a new one in its place. */
  reset(): void {
    this.#epoch = newSession;
    this.#known = new Map();
  }
}
