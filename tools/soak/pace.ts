/** Spreads records over faults: a part of them before the first, one more with each, and the last behind it, so that each fault finds records on their way. */
export class Pace {
  readonly #total: number;
  readonly #parts: number;
  #part = 0;

  constructor(total: number, faults: number) {
    this.#total = total;
    this.#parts = faults + 1;
  }

  /** How many may have been sent by now. */
  get allowed(): number {
    return Math.floor((this.#total * this.#part) / this.#parts);
  }

  /** When so many have been sent, the fault of this part begins. */
  get middle(): number {
    return Math.floor((this.#total * (this.#part - 0.7)) / this.#parts);
  }

  /** The next part may be sent, too. */
  next(): void {
    this.#part++;
  }
}
