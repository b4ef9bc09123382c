import type { RecordMetadata, Settler } from './message.ts';

/** What became of a record, by its place in the batch and its time. Throws where it was not delivered. */
export type OutcomeOf = (place: number, timestamp: number) => RecordMetadata | Promise<RecordMetadata>;

/**
 * One promise of a batch, of which everybody who sends a record of it gets a `then`: that takes a third of the memory of a promise with two
 * functions to settle it, and nothing is made of what they are told before they are told it.
 *
 * What hangs on a promise runs in the order in which it was hung there. So one function does for all: it counts.
 */
export class SharedPromise {
  readonly #places: number[] = [];
  readonly #timestamps: number[] = [];
  #told = 0;
  #outcomeOf: OutcomeOf | undefined;
  #settle!: () => void;
  readonly #settled = new Promise<void>((resolve) => (this.#settle = resolve));
  readonly #tellNext = (): RecordMetadata | Promise<RecordMetadata> => {
    const next = this.#told++;
    return this.#outcomeOf!(this.#places[next]!, this.#timestamps[next]!);
  };

  /** A promise of what becomes of this record; the records come by rising places. */
  add(place: number, timestamp: number): Promise<RecordMetadata> {
    this.#places.push(place);
    this.#timestamps.push(timestamp);
    return this.#settled.then(this.#tellNext);
  }

  get count(): number {
    return this.#places.length;
  }

  settle(outcomeOf: OutcomeOf): void {
    this.#outcomeOf = outcomeOf;
    this.#settle();
  }

  /** For records that do not stay together: from now on each has a settler of its own, by its place. */
  apart(): Map<number, Settler> {
    const settlers = new Map<number, Settler>();
    const promises = new Map<number, Promise<RecordMetadata>>();
    for (const place of this.#places) {
      promises.set(place, new Promise((resolve, reject) => settlers.set(place, { resolve, reject })));
    }
    this.settle((place) => promises.get(place)!);
    return settlers;
  }
}
