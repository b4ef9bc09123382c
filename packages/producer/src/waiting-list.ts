import type { RecordMetadata, Settler } from './message.ts';
import { Sending } from './send.ts';
import { SharedPromise } from './shared-promise.ts';

/** Who waits for which record of a batch. Three lists of the same length: no object for each, and nothing where nobody waits. */
export class WaitingList {
  readonly #places: number[] = [];
  readonly #timestamps: number[] = [];
  readonly #settlers: Settler[] = [];
  #shared: SharedPromise | undefined;

  /** The records come by rising places. */
  add(place: number, timestamp: number, settler: Settler): void {
    if (settler instanceof Sending && !settler.isWaiting) {
      this.#shared ??= new SharedPromise();
      settler.promise = this.#shared.add(place, timestamp);
    } else {
      this.#places.push(place);
      this.#timestamps.push(timestamp);
      this.#settlers.push(settler);
    }
  }

  get count(): number {
    return this.#settlers.length + (this.#shared?.count ?? 0);
  }

  resolve(metadataOf: (place: number, timestamp: number) => RecordMetadata): void {
    this.#shared?.settle(metadataOf);
    for (let i = 0; i < this.#settlers.length; i++) this.#settlers[i]!.resolve(metadataOf(this.#places[i]!, this.#timestamps[i]!));
  }

  reject(error: Error): void {
    this.#shared?.settle(() => {
      throw error;
    });
    for (const settler of this.#settlers) settler.reject(error);
  }

  /** Everybody by the places of their records, which go different ways from now on. */
  apart(): Map<number, Settler> {
    const settlers = this.#shared?.apart() ?? new Map<number, Settler>();
    for (const [i, place] of this.#places.entries()) settlers.set(place, this.#settlers[i]!);
    return settlers;
  }
}
