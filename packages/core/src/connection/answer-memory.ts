/** Shorter answers lie in ordinary memory. */
const smallestLent = 64 * 1024;
/** Sizes are multiples of this, so that answers of about the same length share memory. */
const stepBytes = 1024 * 1024;
/** So much of it may lie unused. */
const maxFreeBytes = 16 * 1024 * 1024;

/**
 * Memory for long answers, which is used again. Fresh memory costs a page fault for every 4 KiB, and since answers that wait live long, its
 * memory is what the garbage collector would run for.
 *
 * Memory that nobody gives back is the garbage collector's, as any other.
 */
export class AnswerMemory {
  readonly #free: Buffer[] = [];
  readonly #lent = new WeakSet<ArrayBufferLike>();
  #freeBytes = 0;

  /** Memory for an answer of so many bytes; what is in it is what was in it. */
  take(length: number): Buffer {
    if (length < smallestLent) return Buffer.allocUnsafe(length);
    const wanted = Math.ceil(length / stepBytes) * stepBytes;
    const found = this.#free.findIndex((memory) => memory.length >= length && memory.length <= 2 * wanted);
    const memory = found < 0 ? Buffer.allocUnsafeSlow(wanted) : this.#free.splice(found, 1)[0]!;
    if (found >= 0) this.#freeBytes -= memory.length;
    this.#lent.add(memory.buffer);
    return memory.subarray(0, length);
  }

  /** Whether these bytes lie in memory that is to be given back. */
  isLent({ buffer }: Uint8Array): boolean {
    return this.#lent.has(buffer);
  }

  /** Nobody looks at the memory of these bytes any more. It is ignored the second time, and for memory of others. */
  giveBack({ buffer }: Uint8Array): void {
    if (!this.#lent.delete(buffer)) return;
    if (this.#freeBytes + buffer.byteLength > maxFreeBytes) return;
    this.#freeBytes += buffer.byteLength;
    this.#free.push(Buffer.from(buffer));
  }
}
