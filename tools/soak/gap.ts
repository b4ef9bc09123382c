/** The longest time without progress while there was something to wait for. */
export class Gap {
  longestMs = 0;
  /** When the longest ended, in seconds of the process. */
  endedAt = 0;
  #since: number | undefined;

  /** Something is to be waited for now. */
  begin(): void {
    this.#since ??= performance.now();
  }

  /** Something has come; `more` when there is more to wait for. */
  progress(more: boolean): void {
    const now = performance.now();
    if (this.#since !== undefined && now - this.#since > this.longestMs) {
      this.longestMs = now - this.#since;
      this.endedAt = now / 1000;
    }
    this.#since = more ? now : undefined;
  }
}
