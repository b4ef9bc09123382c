export type Direction = 'up' | 'down';

/** What the way to one node is like now. */
export class Weather {
  latencyMs = 0;
  /** Up to so much more, by chance. */
  jitterMs = 0;
  bytesPerSecond = Infinity;
  /** No write is longer. */
  sliceBytes = Infinity;
  readonly #holes = new Map<Direction, { readonly passed: Promise<void>; readonly pass: () => void }>();

  /** Bytes of this direction wait. */
  close(direction: Direction): void {
    if (!this.#holes.has(direction)) {
      let pass = (): void => {};
      const passed = new Promise<void>((resolve) => (pass = resolve));
      this.#holes.set(direction, { passed, pass: () => pass() });
    }
  }

  open(direction: Direction): void {
    this.#holes.get(direction)?.pass();
    this.#holes.delete(direction);
  }

  /** Resolves when bytes of this direction may go; undefined when they may now. */
  opening(direction: Direction): Promise<void> | undefined {
    return this.#holes.get(direction)?.passed;
  }
}
