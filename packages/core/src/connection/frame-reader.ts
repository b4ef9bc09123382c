import { ProtocolError } from '../errors.ts';

/** The smallest response: a correlation id. */
const smallestFrame = 4;
/** As much as a system hands over at once between long frames. */
const scratchBytes = 64 * 1024;
/** What lies here is taken out as soon as it is reported, so that all connections share it. */
let scratch: Buffer | undefined;

/**
 * Cuts a stream of chunks into frames, whatever the cuts of the chunks are. A frame that lies within one chunk is a view of it; any other is
 * gathered in memory of its own, into which a transport can put the bytes itself (`room`). That memory is only touched by bytes that have
 * come, so a length that lies costs none.
 */
export class FrameReader {
  /** The longest frame that is accepted, in bytes. */
  maxFrameBytes: number;
  readonly #length = Buffer.alloc(4);
  #lengthBytes = 0;
  #frame: Buffer | undefined;
  #frameBytes = 0;
  readonly #memoryFor: (length: number) => Buffer;

  /** `memoryFor` gives the memory in which a frame is gathered. */
  constructor(maxFrameBytes: number, memoryFor: (length: number) => Buffer = Buffer.allocUnsafe) {
    this.maxFrameBytes = maxFrameBytes;
    this.#memoryFor = memoryFor;
  }

  /** Where the next bytes may be put before they are pushed. It is good for one push. */
  room(): Buffer {
    return this.#frame?.subarray(this.#frameBytes) ?? (scratch ??= Buffer.allocUnsafeSlow(scratchBytes));
  }

  /** Takes the next chunk and gives the frames that it completes, without their lengths. */
  *push(chunk: Buffer): Generator<Buffer, void> {
    for (let at = 0; at < chunk.length;) {
      if (this.#frame === undefined) {
        const copied = chunk.copy(this.#length, this.#lengthBytes, at);
        at += copied;
        this.#lengthBytes += copied;
        if (this.#lengthBytes < 4) return;
        this.#lengthBytes = 0;
        const length = this.#checked(this.#length.readInt32BE(0));
        if (at + length <= chunk.length && chunk.buffer !== scratch?.buffer) {
          yield chunk.subarray(at, at + length);
          at += length;
          continue;
        }
        this.#frame = this.#memoryFor(length);
        this.#frameBytes = 0;
      }
      const frame = this.#frame;
      const taken = Math.min(chunk.length - at, frame.length - this.#frameBytes);
      const isThere = chunk.buffer === frame.buffer && chunk.byteOffset + at === frame.byteOffset + this.#frameBytes;
      if (!isThere) chunk.copy(frame, this.#frameBytes, at, at + taken);
      at += taken;
      this.#frameBytes += taken;
      if (this.#frameBytes < frame.length) return;
      this.#frame = undefined;
      yield frame;
    }
  }

  #checked(length: number): number {
    if (length < smallestFrame) throw new ProtocolError(`a frame of ${length} bytes: the shortest response has ${smallestFrame}`);
    if (length > this.maxFrameBytes) {
      throw new ProtocolError(`a frame of ${length} bytes is longer than maxFrameBytes (${this.maxFrameBytes})`);
    }
    return length;
  }
}
