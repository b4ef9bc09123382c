import type { PartitionQueue } from './partition-queue.ts';

/** What hands a consumer's messages to a handler until nothing more comes. */
export interface Work {
  /** Resolves when nothing more comes, or after end(), and every handler is done. Rejects with what it cannot go on after. */
  start(): Promise<void>;
  /** Hands out nothing more. */
  end(): void;
  /** Resolves when nothing of these partitions is in hand, and what was made of them is settled. Nothing more of them is handed out meanwhile. */
  whenHandled(partitions: readonly PartitionQueue[]): Promise<void>;
  /** Does not wait for handlers any more. */
  abandon(): void;
}
