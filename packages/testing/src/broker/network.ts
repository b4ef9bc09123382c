import type { Clock, Random } from '@tskafka/core/protocol';

/** What is wrong with the network between clients and one broker. */
export interface NetworkFaults {
  /** Nothing arrives any more, either way, and nobody is told. */
  blackhole: boolean;
  /** New connections are refused. */
  refuse: boolean;
  /** Milliseconds from a request to its answer, half of it each way. */
  rttMs: number;
  /** Up to as many milliseconds more, at random. */
  jitterMs: number;
  /** Bytes that arrive at once; 0 for as they were sent. */
  sliceBytes: number;
}

export function noFaults(): NetworkFaults {
  return { blackhole: false, refuse: false, rttMs: 0, jitterMs: 0, sliceBytes: 0 };
}

/** Delivers in order, each thing some time after it was sent. Without a delay it delivers at once. */
export class DelayLine {
  readonly #clock: Clock;
  #waiting = 0;
  #lastDue = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How much is on its way. */
  get waiting(): number {
    return this.#waiting;
  }

  push(delayMs: number, deliver: () => void): void {
    if (delayMs === 0 && this.#waiting === 0) return deliver();
    const due = Math.max(this.#lastDue, this.#clock.now() + delayMs);
    this.#lastDue = due;
    this.#waiting++;
    this.#clock.setTimeout(() => {
      this.#waiting--;
      deliver();
    }, due - this.#clock.now());
  }
}

/** How long one way takes now. */
export function oneWayMs(faults: NetworkFaults, random: Random): number {
  if (faults.rttMs === 0 && faults.jitterMs === 0) return 0;
  return (faults.rttMs + faults.jitterMs * random()) / 2;
}

/** The bytes as they arrive. */
export function slices(bytes: Buffer, size: number): Buffer[] {
  if (size <= 0) return [bytes];
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}
