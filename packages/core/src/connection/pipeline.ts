import type { Clock, Timer } from '../clock.ts';
import type { Api } from '../protocol/api.ts';
import { onAbort } from '../signal.ts';
import { timeLimit } from '../time-limit.ts';
import type { AnswerMemory } from './answer-memory.ts';

/** A request, and somebody who waits for its answer. */
export interface Pending {
  readonly api: Api<unknown, unknown>;
  readonly version: number;
  readonly correlationId: number;
  readonly chunks: readonly Uint8Array[];
  /** How long the broker may hold it on purpose. */
  readonly heldMs: number;
  /** There is no answer; it is done when its bytes are handed over. */
  readonly noResponse: boolean;
  /** Goes out while ordinary requests wait. */
  readonly urgent: boolean;
  /** Where the answer is put, if it is long. */
  readonly memory?: AnswerMemory | undefined;
  resolve(response: unknown): void;
  reject(error: unknown): void;
}

export interface PipelineOptions {
  readonly clock: Clock;
  /** So long the peer may give no sign while something is expected of it. */
  readonly requestTimeoutMs: number;
  /** Requests that may wait for their answer at once; further ones wait for a place. */
  readonly maxInFlight: number;
  /** Hands bytes over; false when the stream takes no more until `drained`. */
  write(chunks: readonly Uint8Array[]): boolean;
  /** The peer has given no sign for too long. */
  expired(oldest: Pending | undefined, waitedMs: number): void;
}

/**
 * The requests of one connection, in order: those that wait for their turn, and those that wait for their answer.
 *
 * Only the oldest request in flight has a clock. A broker answers one after the other, so the others may have to wait for it; and with
 * a clock of their own, many requests to a slow broker that works would time out, be sent again and make it slower still.
 */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #queue: Pending[] = [];
  readonly #inFlight: Pending[] = [];
  #isChoked = false;
  #isPaused = false;
  #whenQuiet: (() => void) | undefined;
  #hasEnded = false;
  #mutedUntil = -Infinity;
  #unmute: Timer | undefined;
  /** The peer's last sign of life, or when something was first expected of it. */
  #lastSign: number;
  #lastUsed: number;
  #watch: Timer | undefined;
  #watchUntil = Infinity;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#lastSign = this.#lastUsed = options.clock.now();
  }

  /** Requests that wait for an answer or for their turn. */
  get load(): number {
    return this.#inFlight.length + this.#queue.length;
  }

  /** Milliseconds since the last request went out or the last answer came. */
  get idleMs(): number {
    return this.load > 0 ? 0 : this.#options.clock.now() - this.#lastUsed;
  }

  /** The request whose answer comes next. */
  get awaited(): Pending | undefined {
    return this.#inFlight[0];
  }

  /** The names of what is in flight, each once. */
  get inFlight(): string[] {
    return [...new Set(this.#inFlight.map(({ api }) => api.name))];
  }

  /** The signal takes a request out of the queue. One that is already out stays in its place, and its answer goes to nobody. */
  add(pending: Pending, signal?: AbortSignal): void {
    if (signal !== undefined) this.#rejectOnAbort(pending, signal);
    this.#queue.push(pending);
    this.#advance();
  }

  /** The answer to the oldest request in flight has come. */
  answered(response: unknown, throttleMs = 0): void {
    const pending = this.#inFlight.shift();
    this.#lastUsed = this.#lastSign = this.#options.clock.now();
    if (throttleMs > 0) this.#mute(throttleMs);
    pending?.resolve(response);
    this.#tellIfQuiet();
    this.#advance();
  }

  /** The stream takes bytes again. */
  drained(): void {
    this.#isChoked = false;
    this.#lastSign = this.#options.clock.now();
    this.#advance();
  }

  /** Holds ordinary requests back. Resolves when those that are out have been answered, or when all has ended. */
  pause(): Promise<void> {
    this.#isPaused = true;
    return new Promise((resolve) => {
      this.#whenQuiet = resolve;
      this.#tellIfQuiet();
    });
  }

  resume(): void {
    this.#isPaused = false;
    this.#advance();
  }

  /** Rejects everything, and keeps no timer. */
  end(error: Error): void {
    this.#hasEnded = true;
    this.#watch?.cancel();
    this.#unmute?.cancel();
    for (const pending of [...this.#inFlight.splice(0), ...this.#queue.splice(0)]) pending.reject(error);
    this.#tellIfQuiet();
  }

  #tellIfQuiet(): void {
    if (this.#inFlight.length === 0) this.#whenQuiet?.();
  }

  #rejectOnAbort(pending: Pending, signal: AbortSignal): void {
    const abort = (): void => {
      const at = this.#queue.indexOf(pending);
      if (at !== -1) this.#queue.splice(at, 1);
      pending.reject(signal.reason);
    };
    onAbort(signal, abort);
    const { resolve, reject } = pending;
    pending.resolve = (response) => {
      signal.removeEventListener('abort', abort);
      resolve(response);
    };
    pending.reject = (error) => {
      signal.removeEventListener('abort', abort);
      reject(error);
    };
  }

  /** Sends what may go out now. */
  #advance(): void {
    const { clock, maxInFlight } = this.#options;
    const now = clock.now();
    while (this.#queue.length > 0 && !this.#isChoked && !this.#hasEnded) {
      const next = this.#isPaused || now < this.#mutedUntil ? this.#queue.findIndex(({ urgent }) => urgent) : 0;
      if (next === -1 || (this.#inFlight.length >= maxInFlight && !this.#queue[next]!.urgent)) break;
      const pending = next === 0 ? this.#queue.shift()! : this.#queue.splice(next, 1)[0]!;
      this.#lastUsed = now;
      if (this.#inFlight.length === 0) this.#lastSign = now;
      if (!pending.noResponse) this.#inFlight.push(pending);
      this.#isChoked = !this.#options.write(pending.chunks);
      if (pending.noResponse) pending.resolve(undefined);
    }
    this.#watchPeer();
  }

  /** The broker asks for a pause (KIP-219): what waits goes out after it. It reads nothing meanwhile, so no clock runs. */
  #mute(throttleMs: number): void {
    const { clock } = this.#options;
    const until = clock.now() + throttleMs;
    if (until <= this.#mutedUntil) return;
    this.#mutedUntil = until;
    this.#unmute?.cancel();
    this.#unmute = clock.setTimeout(() => this.#advance(), throttleMs, { background: true });
  }

  /** When the peer must have given a sign; Infinity while nothing is expected of it. */
  get #deadline(): number {
    if (this.#inFlight.length === 0 && !this.#isChoked) return Infinity;
    return Math.max(this.#lastSign, this.#mutedUntil) + this.#patienceMs;
  }

  get #patienceMs(): number {
    return this.#options.requestTimeoutMs + (this.awaited?.heldMs ?? 0);
  }

  /** One timer, which is set anew when it fires too early: answers come far more often. */
  #watchPeer(): void {
    const { clock } = this.#options;
    const deadline = this.#deadline;
    if (this.#hasEnded || deadline >= this.#watchUntil) return;
    this.#watch?.cancel();
    this.#watchUntil = deadline;
    this.#watch = timeLimit(clock, () => this.#checkPeer(), deadline - clock.now());
  }

  #checkPeer(): void {
    this.#watchUntil = Infinity;
    if (this.#options.clock.now() >= this.#deadline) this.#options.expired(this.awaited, this.#patienceMs);
    else this.#watchPeer();
  }
}
