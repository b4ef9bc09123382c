import { type Clock, ProducerQueueFullError, TimeoutError } from '@tskafka/core';
import { Alarm } from './alarm.ts';
import { deliveryError } from './delivery-state.ts';

export interface RoomOptions {
  readonly maxBufferedBytes: number;
  readonly maxBlockMs: number;
  readonly blockOnQueueFull: boolean;
  readonly clock: Clock;
}

interface InLine {
  readonly deadline: number;
  readonly enter: () => void;
  readonly giveUp: (error: Error) => void;
}

/** The bytes that a producer may hold. Whoever finds none left waits in line, first come first served. */
export class BufferRoom {
  readonly #options: RoomOptions;
  readonly #alarm: Alarm;
  /** Those before `#head` have left. */
  #line: InLine[] = [];
  #head = 0;
  #used = 0;

  constructor(options: RoomOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock, () => this.#expire(), { endsWaits: true });
  }

  get usedBytes(): number {
    return this.#used;
  }

  /** Whether somebody who comes now has to wait. */
  get isFull(): boolean {
    return this.#line.length > this.#head || this.#used >= this.#options.maxBufferedBytes;
  }

  /** Throws ProducerQueueFullError where nobody waits for room, and there is none. */
  refuseWhenFull(): void {
    const { maxBufferedBytes, blockOnQueueFull } = this.#options;
    if (blockOnQueueFull || !this.isFull) return;
    const message = `the producer holds ${this.#used} bytes, and maxBufferedBytes is ${maxBufferedBytes}`;
    throw new ProducerQueueFullError(message, { retriable: true, persistence: 'not persisted' });
  }

  take(bytes: number): void {
    this.#used += bytes;
  }

  /** Gives bytes back, and lets in who waits for them. */
  release(bytes: number): void {
    this.#used -= bytes;
    while (this.#head < this.#line.length && this.#used < this.#options.maxBufferedBytes) this.#line[this.#head++]!.enter();
    if (this.#head * 2 > this.#line.length) this.#forget();
  }

  /** Calls `enter` when there is room, or `giveUp` after maxBlockMs. Throws ProducerQueueFullError where nobody waits. */
  wait(enter: () => void, giveUp: (error: Error) => void): void {
    this.refuseWhenFull();
    const { clock, maxBlockMs } = this.#options;
    const deadline = clock.now() + maxBlockMs;
    this.#line.push({ deadline, enter, giveUp });
    this.#alarm.set(deadline);
  }

  /** Resolves when everybody who is in line now has left it. */
  whenPassed(): Promise<void> {
    if (this.#line.length === this.#head) return Promise.resolve();
    const deadline = this.#options.clock.now() + this.#options.maxBlockMs;
    return new Promise((resolve) => this.#line.push({ deadline, enter: resolve, giveUp: () => resolve() }));
  }

  /** Sends everybody in line away. */
  clear(cause: unknown): void {
    this.#forget();
    const error = deliveryError('Produce', cause, 'not persisted');
    for (const { giveUp } of this.#line.splice(0)) giveUp(error);
    this.#alarm.cancel();
  }

  #expire(): void {
    const { clock, maxBlockMs, maxBufferedBytes } = this.#options;
    const now = clock.now();
    this.#forget();
    const late = this.#line.findIndex(({ deadline }) => deadline > now);
    for (const { giveUp } of this.#line.splice(0, late === -1 ? this.#line.length : late)) {
      const held = `maxBufferedBytes (${maxBufferedBytes}) of messages that are not delivered yet, or whose delivery reports nobody reads`;
      const message = `no room within ${maxBlockMs} ms: the producer holds ${held}`;
      giveUp(new TimeoutError(message, { retriable: true, persistence: 'not persisted' }));
    }
    if (this.#line.length > 0) this.#alarm.set(this.#line[0]!.deadline);
  }

  /** Those who have left are let go of. */
  #forget(): void {
    this.#line = this.#line.slice(this.#head);
    this.#head = 0;
  }
}
