import { ProtocolError } from '../errors.ts';

/** The smallest response: a correlation id. */
const smallestFrame = 4;

/**
 * Cuts a stream of chunks into frames, whatever the cuts of the chunks are. A frame that lies within one chunk is a view of it;
 * any other is copied together once, when its last byte is there, so a length that lies costs no memory.
 */
export class FrameReader {
  /** The longest frame that is accepted, in bytes. */
  maxFrameBytes: number;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #frameBytes = -1;

  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Takes the next chunk and gives the frames that it completes, without their lengths. */
  *push(chunk: Buffer): Generator<Buffer, void> {
    let rest = chunk;
    if (this.#buffered > 0) {
      this.#chunks.push(chunk);
      this.#buffered += chunk.length;
      if (this.#buffered < this.#wanted()) return;
      rest = Buffer.concat(this.#chunks, this.#buffered);
      this.#chunks = [];
      this.#buffered = 0;
    }
    while (rest.length >= 4) {
      this.#frameBytes = this.#checked(rest.readInt32BE(0));
      if (rest.length < 4 + this.#frameBytes) break;
      const frame = rest.subarray(4, 4 + this.#frameBytes);
      rest = rest.subarray(4 + this.#frameBytes);
      this.#frameBytes = -1;
      yield frame;
    }
    if (rest.length > 0) {
      this.#chunks = [rest];
      this.#buffered = rest.length;
    }
  }

  /** Bytes that must have come before looking again: one length, or one frame with its length. */
  #wanted(): number {
    if (this.#frameBytes < 0 && this.#buffered >= 4) this.#frameBytes = this.#checked(Buffer.concat(this.#chunks).readInt32BE(0));
    return this.#frameBytes < 0 ? 4 : 4 + this.#frameBytes;
  }

  #checked(length: number): number {
    if (length < smallestFrame) throw new ProtocolError(`a frame of ${length} bytes: the shortest response has ${smallestFrame}`);
    if (length > this.maxFrameBytes) {
      throw new ProtocolError(`a frame of ${length} bytes is longer than the ${this.maxFrameBytes} that are accepted`);
    }
    return length;
  }
}
