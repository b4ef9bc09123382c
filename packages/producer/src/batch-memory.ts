/** What lies ready at most. */
const maxFreeBytes = 4 * 1024 * 1024;

/**
 * Memory for full batches, used again and again: new memory for each costs a quarter of a producer's processor time, in pages that the
 * system has to clear and in collections of garbage.
 *
 * It knows what it has lent, so nothing comes back twice. What never comes back is the garbage collector's.
 */
export class BatchMemory {
  readonly #size: number;
  readonly #free: Buffer[] = [];
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** `size` is that of a full batch. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Memory of so many bytes, whatever is in them. */
  readonly take = (bytes: number): Buffer => {
    if (bytes !== this.#size) return Buffer.allocUnsafe(bytes);
    const memory = this.#free.pop() ?? Buffer.allocUnsafeSlow(bytes);
    this.#lent.add(memory.buffer);
    return memory;
  };

  /** Gives back the memory of these bytes. Only who alone has them may: not while a transport, or anybody else, could still read them. */
  give(bytes: Buffer): void {
    if (!this.#lent.delete(bytes.buffer)) return;
    if ((this.#free.length + 1) * this.#size <= maxFreeBytes) this.#free.push(Buffer.from(bytes.buffer));
  }
}
