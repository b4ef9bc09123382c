import type { BufferRoom } from './buffer-room.ts';
import type { DeliveryReport } from './delivery-reports.ts';
import { heldBytes } from './message.ts';

/**
 * Reports that wait for their reader. They take part of the producer's room, so one who does not read holds up whoever produces, and
 * takes no more memory than maxBufferedBytes.
 */
export class ReportQueue<Value, Key> implements AsyncIterableIterator<DeliveryReport<Value, Key>> {
  readonly #room: BufferRoom;
  readonly #left: () => void;
  #reports: DeliveryReport<Value, Key>[] = [];
  /** What each takes: its message is the caller's, who may have put something else into it since. */
  #held: number[] = [];
  /** Those before it have been read. */
  #head = 0;
  readonly #readers: ((result: IteratorResult<DeliveryReport<Value, Key>>) => void)[] = [];
  #hasEnded = false;

  /** `left` is called when nothing more can come. */
  constructor(room: BufferRoom, left: () => void) {
    this.#room = room;
    this.#left = left;
  }

  push(report: DeliveryReport<Value, Key>): void {
    const reader = this.#readers.shift();
    if (reader !== undefined) return reader({ done: false, value: report });
    const held = heldBytes(report.message);
    this.#room.take(held);
    this.#reports.push(report);
    this.#held.push(held);
  }

  /** What is here can still be read. */
  end(): void {
    this.#hasEnded = true;
    this.#left();
    for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<DeliveryReport<Value, Key>>> {
    if (this.#head < this.#reports.length) return Promise.resolve({ done: false, value: this.#shift() });
    if (this.#hasEnded) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  /** The reader has left: the loop over the reports ends. */
  return(): Promise<IteratorResult<DeliveryReport<Value, Key>>> {
    this.end();
    while (this.#head < this.#reports.length) this.#shift();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #shift(): DeliveryReport<Value, Key> {
    const report = this.#reports[this.#head]!;
    const held = this.#held[this.#head++]!;
    if (this.#head * 2 > this.#reports.length) {
      this.#reports = this.#reports.slice(this.#head);
      this.#held = this.#held.slice(this.#head);
      this.#head = 0;
    }
    this.#room.release(held);
    return report;
  }
}
