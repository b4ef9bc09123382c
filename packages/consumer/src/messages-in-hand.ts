/** Below this what is done is not worth moving together. */
const fewDone = 1024;

/**
 * Messages of a partition that are being handled, in their order: the offset of each, and the leader epoch of the one before it.
 *
 * Nearly always it is one message, done at once, a million times a second: so two lists that are used again, and not a Map, whose
 * tables are made anew after every few deletions and keep each other alive.
 */
export class MessagesInHand {
  readonly #offsets: number[] = [];
  readonly #leaderEpochs: number[] = [];
  /** Where the first of them is, and where the next one goes; done ones in between have no epoch. */
  #first = 0;
  #end = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Where a reader goes on who has none of them. */
  get first(): { readonly offset: number; readonly leaderEpoch: number } | undefined {
    if (this.#size === 0) return undefined;
    return { offset: this.#offsets[this.#first]!, leaderEpoch: this.#leaderEpochs[this.#first]! };
  }

  /** Takes one that is behind all others. `leaderEpoch` is that of the message before it. */
  add(offset: number, leaderEpoch: number): void {
    this.#offsets[this.#end] = offset;
    this.#leaderEpochs[this.#end] = leaderEpoch;
    this.#end++;
    this.#size++;
  }

  /** It is done. What is not in hand is ignored. */
  delete(offset: number): void {
    const at = this.#indexOf(offset);
    if (at < 0) return;
    this.#leaderEpochs[at] = done;
    this.#size--;
    while (this.#first < this.#end && this.#leaderEpochs[this.#first] === done) this.#first++;
    if (this.#size === 0) this.#first = this.#end = 0;
    else if (this.#first >= fewDone && this.#first > this.#size) this.#moveTogether();
  }

  /** The leader epoch of the message before this one; -1 when it is not in hand. */
  leaderEpochBefore(offset: number): number {
    const at = this.#indexOf(offset);
    return at < 0 ? -1 : this.#leaderEpochs[at]!;
  }

  #indexOf(offset: number): number {
    let [low, high] = [this.#first, this.#end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#offsets[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low < this.#end && this.#offsets[low] === offset && this.#leaderEpochs[low] !== done ? low : -1;
  }

  #moveTogether(): void {
    for (const list of [this.#offsets, this.#leaderEpochs]) list.splice(0, this.#first);
    this.#end -= this.#first;
    this.#first = 0;
  }
}

/** No leader epoch: -1 means that it is not known. */
const done = -2;
