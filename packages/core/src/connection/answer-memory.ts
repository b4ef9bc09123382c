/** Shorter answers lie in ordinary memory. */
const smallestLent = 64 * 1024;
/** Sizes are multiples of this, so that answers of about the same length share memory. */
const stepBytes = 1024 * 1024;
/** After so many short answers in a row nobody reads what has piled up: nothing is kept for long ones. */
const shortAnswers = 16;

/**
 * Memory for long answers, which is used again. Fresh memory costs a page fault for every 4 KiB, and since answers that wait live long, its
 * memory is what the garbage collector would run for.
 *
 * Memory that nobody gives back is the garbage collector's, as any other.
 */
export class AnswerMemory {
  readonly #maxFreeBytes: number;
  /** Those that were given back last are last. */
  #free: Buffer[] = [];
  readonly #lent = new WeakSet<ArrayBufferLike>();
  #freeBytes = 0;
  #shortInRow = 0;

  /** So much may lie unused. */
  constructor(maxFreeBytes: number) {
    this.#maxFreeBytes = maxFreeBytes;
  }

  /** Memory for an answer of so many bytes; what is in it is what was in it. */
  take(length: number): Buffer {
    if (length < smallestLent) return Buffer.allocUnsafe(length);
    this.#shortInRow = 0;
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
    if (buffer.byteLength > this.#maxFreeBytes) return;
    this.#freeBytes += buffer.byteLength;
    this.#free.push(Buffer.from(buffer));
    // Answers may have become longer: the older ones make place.
    while (this.#freeBytes > this.#maxFreeBytes) this.#freeBytes -= this.#free.shift()!.length;
  }

  /** An answer was short, wherever it lay. */
  wasShort(): void {
    if (++this.#shortInRow === shortAnswers) this.clear();
  }

  /** Keeps nothing that is not lent. */
  clear(): void {
    this.#free = [];
    this.#freeBytes = 0;
  }
}
