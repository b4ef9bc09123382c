import type { TopicPartition } from '@tskafka/core';
import type { ClassicLeader } from './classic-leader.ts';

/** One generation of a classic group, for as long as a member takes part in it. */
export class Generation {
  readonly id: number;
  readonly memberId: string;
  /** Set where this member assigns for all. */
  leader: ClassicLeader | undefined;
  assigned: readonly TopicPartition[] = [];
  /** Resolves when the group is to be rebalanced, and rejects when this member is expelled. */
  readonly ended: Promise<void>;
  readonly #over = new AbortController();
  readonly #current = new AbortController();
  #rebalance!: () => void;
  #expel!: (error: Error) => void;

  constructor(id: number, memberId: string) {
    this.id = id;
    this.memberId = memberId;
    this.ended = new Promise((resolve, reject) => {
      this.#rebalance = resolve;
      this.#expel = reject;
    });
    this.ended.catch(() => {});
  }

  /** Aborted when the member has joined anew, or was expelled. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Aborted already when the group is to be rebalanced: what has not been begun is not begun any more. */
  get current(): AbortSignal {
    return this.#current.signal;
  }

  /** The group is to be rebalanced; until it joins anew, the member is one of this generation. */
  rebalance(): void {
    this.#current.abort();
    this.#rebalance();
  }

  expel(error: Error): void {
    this.#expel(error);
    this.close();
  }

  close(): void {
    this.#current.abort();
    this.#over.abort();
  }
}
