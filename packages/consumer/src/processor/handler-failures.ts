import { partitionName } from '@tskafka/core/internal';
import type { TopicPartition } from '@tskafka/core';

interface Place extends TopicPartition {
  readonly offset: number;
}

export interface HandlerFailure {
  readonly error: unknown;
  readonly attempts: number;
  /** There is no other attempt: it goes to the dead letters when it comes again. */
  readonly isGivenUp: boolean;
}

/** Which messages could not be handled, and how often. Their transaction was aborted, so they come again, with the others of it. */
export class HandlerFailures {
  readonly #attempts: number;
  readonly #byPartition = new Map<string, Map<number, HandlerFailure>>();

  /** `attempts`: how many there are beyond the first. */
  constructor(attempts: number) {
    this.#attempts = attempts;
  }

  of(place: Place): HandlerFailure | undefined {
    return this.#byPartition.get(partitionName(place))?.get(place.offset);
  }

  /** The message could not be handled once more. */
  add(place: Place, error: unknown): HandlerFailure {
    const attempts = (this.of(place)?.attempts ?? 0) + 1;
    const failure = { error, attempts, isGivenUp: attempts > this.#attempts };
    const name = partitionName(place);
    const ofPartition = this.#byPartition.get(name) ?? new Map<number, HandlerFailure>();
    this.#byPartition.set(name, ofPartition.set(place.offset, failure));
    return failure;
  }

  /** Everything before this place is done. */
  passed(place: Place): void {
    const name = partitionName(place);
    const ofPartition = this.#byPartition.get(name);
    if (ofPartition === undefined) return;
    for (const at of ofPartition.keys()) if (at < place.offset) ofPartition.delete(at);
    if (ofPartition.size === 0) this.#byPartition.delete(name);
  }
}
