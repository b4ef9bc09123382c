import { once } from 'node:events';
import type { Writable } from 'node:stream';

const bufferBytes = 128 * 1024;
const newline = 0x0a;

/** Many small writes cost more than what is written: they are gathered, until the buffer is full or the turn of the event loop is over. */
export class BufferedWriter {
  readonly #stream: Writable;
  #buffer = Buffer.allocUnsafe(bufferBytes);
  #filled = 0;
  #later: NodeJS.Immediate | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Writes soon. Await what it returns when it is not undefined: then the reader is slower than we. */
  write(data: string | Uint8Array): Promise<void> | undefined {
    const most = typeof data === 'string' ? data.length * 3 : data.length;
    const full = this.#makeRoom(most);
    // What the buffer cannot hold at all goes by itself.
    if (most > bufferBytes) return this.#stream.write(data) ? undefined : this.#drained();
    if (typeof data === 'string') this.#filled += this.#buffer.write(data, this.#filled);
    else {
      this.#buffer.set(data, this.#filled);
      this.#filled += data.length;
    }
    return full;
  }

  /** The same with a line feed behind it. */
  writeLine(data: Uint8Array): Promise<void> | undefined {
    if (data.length >= bufferBytes) {
      void this.write(data);
      return this.write('\n');
    }
    const full = this.#makeRoom(data.length + 1);
    this.#buffer.set(data, this.#filled);
    this.#filled += data.length;
    this.#buffer[this.#filled++] = newline;
    return full;
  }

  /** Gives what is gathered to the stream. False: the reader is slower than we. */
  send(): boolean {
    if (this.#later !== undefined) clearImmediate(this.#later);
    this.#later = undefined;
    if (this.#filled === 0) return !this.#stream.writableNeedDrain;
    const isTaken = this.#stream.write(this.#buffer.subarray(0, this.#filled));
    // What has been written at once, as pipes and files are, needs its memory no more.
    if (this.#stream.writableLength > 0) this.#buffer = Buffer.allocUnsafe(bufferBytes);
    this.#filled = 0;
    return isTaken;
  }

  /** Resolves when all that was given has left this process. */
  async flush(): Promise<void> {
    this.send();
    if (this.#stream.writableLength > 0) await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
  }

  #makeRoom(bytes: number): Promise<void> | undefined {
    if (this.#filled + bytes > bufferBytes && !this.send()) return this.#drained();
    this.#later ??= setImmediate(() => this.send());
    return undefined;
  }

  async #drained(): Promise<void> {
    if (this.#stream.writableNeedDrain) await once(this.#stream, 'drain');
  }
}
