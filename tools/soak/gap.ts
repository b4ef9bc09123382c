/** The longest time without progress while there was something to wait for. */
export class Gap {
  longestMs = 0;
  #longestOfLapMs = 0;
  #since: number | undefined;

  /** Something is to be waited for now. */
  begin(): void {
    this.#since ??= performance.now();
  }

  /** Something has come; `more` when there is more to wait for. */
  progress(more: boolean): void {
    const now = performance.now();
    if (this.#since !== undefined) this.#longestOfLapMs = Math.max(this.#longestOfLapMs, now - this.#since);
    this.longestMs = Math.max(this.longestMs, this.#longestOfLapMs);
    this.#since = more ? now : undefined;
  }

  /** The longest since the last call. */
  lap(): number {
    const lapMs = this.#longestOfLapMs;
    this.#longestOfLapMs = 0;
    return lapMs;
  }
}
