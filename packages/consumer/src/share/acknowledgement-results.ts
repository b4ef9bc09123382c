import type { TopicPartition } from '@tskafka/core';
import { raceWithSignal } from '@tskafka/core/internal';
import type { Delivery } from './delivery.ts';
import type { Outcome } from './outcome.ts';
import { keyOf } from './share-partition.ts';

/** The result of the acknowledgements of a partition since the last commit. */
export interface ShareCommitResult extends TopicPartition {
  /** The number of acknowledgements that the broker took. */
  readonly acknowledged: number;
  /** The number that it refused. Their messages may be delivered again, here or elsewhere. */
  readonly failed: number;
  /** The error of the last one that failed. */
  readonly error?: Error;
}

/** Sums up what became of acknowledgements, and knows when those of a commit are all answered. */
export class AcknowledgementResults {
  readonly counts = { acknowledged: 0, failedAcknowledgements: 0 };
  #results = new Map<string, ShareCommitResult>();
  readonly #waits = new Set<{ readonly open: Set<Delivery>; readonly done: () => void }>();

  add({ partition: { topic, partition, topicId }, deliveries, error }: Outcome): void {
    const key = keyOf({ topicId, partition });
    const before = this.#results.get(key) ?? { topic, partition, acknowledged: 0, failed: 0 };
    const count = deliveries.length;
    this.counts[error === undefined ? 'acknowledged' : 'failedAcknowledgements'] += count;
    this.#results.set(
      key,
      error === undefined ? { ...before, acknowledged: before.acknowledged + count } : { ...before, failed: before.failed + count, error },
    );
    for (const { open, done } of this.#waits) {
      for (const delivery of deliveries) open.delete(delivery);
      if (open.size === 0) done();
    }
  }

  /** Resolves when all these are answered, or rejects with the signal's reason. */
  async answered(deliveries: Iterable<Delivery>, signal: AbortSignal): Promise<void> {
    const open = new Set(deliveries);
    if (open.size === 0) return;
    let wait: { readonly open: Set<Delivery>; readonly done: () => void };
    const all = new Promise<void>((done) => this.#waits.add((wait = { open, done })));
    await raceWithSignal(all, signal).finally(() => this.#waits.delete(wait));
  }

  /** Since this was last called. */
  take(): ShareCommitResult[] {
    const results = [...this.#results.values()];
    this.#results = new Map();
    return results;
  }
}
