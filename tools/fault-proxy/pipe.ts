import type { Socket } from 'node:net';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Direction, Weather } from './weather.ts';

/** Little, so that a way that is closed is soon felt at its beginning. */
const maxQueuedBytes = 256 * 1024;

/** One direction of a connection: takes bytes from one socket and brings them to the other as the weather lets it. */
export class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #direction: Direction;
  readonly #weather: Weather;
  readonly #random: () => number;
  /** `undefined` is the end of the stream. */
  readonly #queue: { readonly bytes: Buffer | undefined; readonly dueAt: number }[] = [];
  #queuedBytes = 0;
  #isFlowing = false;

  constructor(from: Socket, to: Socket, direction: Direction, weather: Weather, random: () => number) {
    this.#from = from;
    this.#to = to;
    this.#direction = direction;
    this.#weather = weather;
    this.#random = random;
  }

  /** These bytes are next, after `delayMs` on top of the weather's; undefined ends the stream (FIN). */
  push(bytes: Buffer | undefined, delayMs = 0): void {
    const { latencyMs, jitterMs } = this.#weather;
    this.#queue.push({ bytes, dueAt: performance.now() + delayMs + latencyMs + jitterMs * this.#random() });
    this.#queuedBytes += bytes?.length ?? 0;
    if (this.#queuedBytes > maxQueuedBytes) this.#from.pause();
    if (!this.#isFlowing) void this.#flow();
  }

  async #flow(): Promise<void> {
    this.#isFlowing = true;
    while (this.#queue.length > 0 && !this.#to.destroyed) {
      const { bytes, dueAt } = this.#queue[0]!;
      const earlyMs = dueAt - performance.now();
      if (earlyMs > 0) await sleep(earlyMs);
      if (bytes === undefined) {
        await this.#weather.opening(this.#direction);
        this.#to.end();
      } else {
        await this.#carry(bytes);
        this.#queuedBytes -= bytes.length;
        if (this.#queuedBytes <= maxQueuedBytes) this.#from.resume();
      }
      this.#queue.shift();
    }
    this.#isFlowing = false;
  }

  async #carry(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#to.destroyed;) {
      await this.#weather.opening(this.#direction);
      const { sliceBytes, bytesPerSecond } = this.#weather;
      // A slow way in small steps, so that a fault can fall into the middle of a frame.
      const step = Math.max(1, Math.min(sliceBytes, bytesPerSecond === Infinity ? Infinity : Math.ceil(bytesPerSecond / 20)));
      const piece = bytes.subarray(at, at + step);
      at += piece.length;
      // The callback comes with an error when the socket is gone: the loops above see that.
      await new Promise<void>((resolve) => this.#to.write(piece, () => resolve()));
      if (bytesPerSecond < Infinity) await sleep((piece.length / bytesPerSecond) * 1000);
      else if (sliceBytes < Infinity) await turn();
    }
  }
}
