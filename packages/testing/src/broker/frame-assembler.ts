import { ProtocolError } from '@tskafka/core/protocol';

/** Cuts the bytes of a connection into frames: four bytes of length, then as many bytes. */
export class FrameAssembler {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes a chunk, and gives the frames that it completes, without their lengths. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Buffer[] = [];
    for (;;) {
      const length = this.#peekLength();
      if (length === undefined || this.#size < 4 + length) return frames;
      const bytes = this.#join();
      frames.push(bytes.subarray(4, 4 + length));
      this.#size -= 4 + length;
      this.#chunks = this.#size === 0 ? [] : [bytes.subarray(4 + length)];
    }
  }

  #peekLength(): number | undefined {
    if (this.#size < 4) return undefined;
    if (this.#chunks[0]!.length < 4) this.#join();
    const length = this.#chunks[0]!.readInt32BE(0);
    if (length < 0 || length > this.#maxBytes) throw new ProtocolError(`a request of ${length} bytes; at most ${this.#maxBytes} are taken`);
    return length;
  }

  #join(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }
}
