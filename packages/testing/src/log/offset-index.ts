/** The sparse index of a segment, as Kafka keeps it: the place of a batch, noted about every `index.interval.bytes`. */
export class OffsetIndex {
  readonly #marks: { readonly offset: number; readonly position: number }[] = [];
  #bytesSinceMark = 0;

  clone(): OffsetIndex {
    const clone = new OffsetIndex();
    clone.#marks.push(...this.#marks);
    clone.#bytesSinceMark = this.#bytesSinceMark;
    return clone;
  }

  /** Counts in a batch of so many bytes that begins at `position` of the segment. */
  append(lastOffset: number, position: number, bytes: number, intervalBytes: number): void {
    if (this.#bytesSinceMark > intervalBytes) {
      this.#marks.push({ offset: lastOffset, position });
      this.#bytesSinceMark = 0;
    }
    this.#bytesSinceMark += bytes;
  }

  /** An offset at this position or behind it, if one was noted: the nearest of those. Kafka's search overlooks the first mark where it is exactly there. */
  offsetBehind(position: number): number | undefined {
    return this.#marks.find((mark, i) => mark.position > position || (mark.position === position && i > 0))?.offset;
  }
}
