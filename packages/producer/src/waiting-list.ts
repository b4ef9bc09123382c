import type { Settler } from './message.ts';

/** Who waits for which record, by rising places. Three lists of the same length: no object for each, and nothing where nobody waits. */
export class WaitingList {
  readonly places: number[] = [];
  readonly timestamps: number[] = [];
  readonly settlers: Settler[] = [];

  add(place: number, timestamp: number, settler: Settler): void {
    this.places.push(place);
    this.timestamps.push(timestamp);
    this.settlers.push(settler);
  }
}
