import type { Clock, Timer, Transport, TransportEvents, TransportStream } from '@tskafka/core';

/**
 * The process that a client runs in, as far as the client can tell: its timers and its sockets. It may stand still, as when its event loop is
 * blocked or the whole process is stopped, and it may die without a word. All that is around it goes on.
 */
export class Machine implements Clock {
  readonly #clock: Clock;
  readonly #streams = new Set<TransportStream>();
  /** What would have happened meanwhile; undefined while it runs. */
  #missed: { readonly timers: (() => void)[]; readonly io: (() => void)[] } | undefined;
  #isCatchingUp = false;
  #isDead = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isRunning(): boolean {
    return (this.#missed === undefined || this.#isCatchingUp) && !this.#isDead;
  }

  now(): number {
    return this.#clock.now();
  }

  wallTime(): number {
    return this.#clock.wallTime();
  }

  setTimeout(callback: () => void, ms: number, options?: { readonly background?: boolean }): Timer {
    let isCancelled = false;
    const ring = (): void => {
      if (!isCancelled) callback();
    };
    const timer = this.#clock.setTimeout(() => this.#happens('timers', ring), ms, options);
    return {
      cancel() {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  /** The same way to the brokers, from this machine. */
  transport(transport: Transport): Transport {
    return {
      connect: async (address, events, signal) => {
        const stream = await transport.connect(address, this.#heard(events), signal);
        this.#streams.add(stream);
        if (this.#isDead) stream.destroy();
        await new Promise<void>((resolve) => this.#happens('io', resolve));
        return stream;
      },
    };
  }

  stop(): void {
    this.#missed ??= { timers: [], io: [] };
  }

  /** Goes on: as in Node, with the timers that are late, and then with what the sockets have. */
  async goOn(): Promise<void> {
    const missed = this.#missed;
    if (missed === undefined || this.#isCatchingUp || this.#isDead) return;
    this.#isCatchingUp = true;
    for (;;) {
      const next = missed.timers.shift() ?? missed.io.shift();
      if (next === undefined) break;
      next();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#missed = undefined;
    this.#isCatchingUp = false;
  }

  /** Its connections end, and it is heard of no more. */
  die(): void {
    this.#isDead = true;
    for (const stream of this.#streams) stream.destroy();
  }

  #heard(events: TransportEvents): TransportEvents {
    return {
      data: (chunk) => {
        const bytes = this.#missed === undefined ? chunk : Buffer.from(chunk);
        this.#happens('io', () => events.data(bytes));
      },
      drain: () => this.#happens('io', () => events.drain()),
      close: (error) => this.#happens('io', () => events.close(error)),
    };
  }

  #happens(kind: 'timers' | 'io', what: () => void): void {
    if (this.#isDead) return;
    if (this.#missed === undefined) what();
    else this.#missed[kind].push(what);
  }
}
