import type { Clock } from '@tskafka/core';
import type { CloseDeadline } from './close-deadline.ts';
import type { Work } from './work.ts';
import type { PartitionQueue } from './partition-queue.ts';

export interface WorkingOptions {
  readonly clock: Clock;
  /** Hands out again what was handed out and is not done. */
  readonly giveBack: () => void;
  /** Commits what is done, and ends within the time. */
  readonly commit: (timeoutMs: number) => Promise<void>;
  /** Tells handlers that nobody waits for them. */
  readonly abandon: () => void;
  readonly closeTimeoutMs: number;
}

/**
 * The one thing at a time that hands a consumer's messages to a handler. It is under way until what it has done is committed: a consumer that ends
 * meanwhile stays in its group for so long.
 */
export class Working {
  readonly #options: WorkingOptions;
  #work: Work | undefined;
  #commits = false;
  /** Resolves when it has ended, and what is done is committed. */
  #ended: Promise<void> = Promise.resolve();
  /** Until when an end that is under way has to be over. */
  #deadline: CloseDeadline | undefined;

  constructor(options: WorkingOptions) {
    this.#options = options;
  }

  get isUnderWay(): boolean {
    return this.#work !== undefined;
  }

  /** Whether it has what is done committed. */
  get commits(): boolean {
    return this.#commits;
  }

  /** Resolves when nothing more comes, and what is done is committed. Rejects with what the work cannot go on after. */
  begin(work: Work, { commits }: { readonly commits: boolean }): Promise<void> {
    this.#work = work;
    this.#commits = commits;
    const working = work.start().finally(() => this.#end());
    this.#ended = working.catch(() => {});
    return working;
  }

  /** Resolves when nothing of these partitions is in hand. */
  async whenHandled(partitions: readonly PartitionQueue[]): Promise<void> {
    await this.#work?.whenHandled(partitions);
  }

  /** Handlers that have begun may end, within their part of the time; then they are told, and nobody waits for them. Resolves when what is done is committed. */
  async stop(deadline: CloseDeadline): Promise<void> {
    const work = this.#work;
    if (work === undefined) return;
    const { clock, abandon } = this.#options;
    this.#deadline = deadline;
    work.end();
    const handlers = clock.setTimeout(() => {
      abandon();
      work.abandon();
    }, deadline.handlersMs);
    // A commit that began before the end did has a time of its own.
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(resolve, deadline.commitMs);
      void this.#ended.then(() => {
        timer.cancel();
        resolve();
      });
    });
    handlers.cancel();
    this.#deadline = undefined;
  }

  async #end(): Promise<void> {
    const { giveBack, commit, closeTimeoutMs } = this.#options;
    giveBack();
    if (this.#commits) await commit(this.#deadline?.commitMs ?? closeTimeoutMs);
    this.#work = undefined;
    this.#commits = false;
  }
}
