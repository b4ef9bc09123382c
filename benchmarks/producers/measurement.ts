/** What one process is asked to measure. */
export interface Measurement {
  readonly client: string;
  /**
   * `batched`: as many as the client can, the way that its authors advise. `outstanding`: a promise for each message, 10,000 unsettled.
   * `awaited`: one message after the other. `stopped`: without a limit to a broker that has stopped, for the memory.
   */
  readonly work: 'batched' | 'outstanding' | 'awaited' | 'stopped';
  readonly broker: string;
  readonly topic: string;
  /** Bytes of a value. */
  readonly size: number;
  readonly count: number;
  readonly compression: 'none' | 'gzip' | 'lz4' | 'zstd';
}

/** What came of it. Processor time and memory are the process' own. */
export interface Result {
  readonly perSecond?: number;
  readonly microsecondsPerMessage?: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly peakMiB?: number;
  /** Memory beyond that before the broker stopped. */
  readonly grownMiB?: number;
  readonly error?: string;
}

/** One of the clients, ready to send to a topic. */
export interface MeasuredProducer {
  /** One message; resolves when it is acknowledged. */
  send(value: Buffer): Promise<unknown>;
  /** So many messages, as quickly as it can; resolves when all are acknowledged. */
  sendAll(count: number, values: readonly Buffer[]): Promise<void>;
  close(): Promise<unknown>;
}

export type StartProducer = (measurement: Measurement) => Promise<MeasuredProducer>;

/**
 * Messages before the clock starts: connections are made, and for the slowest of a hundred all code must be compiled that runs once for each.
 * What is written in JavaScript needs more than ten thousand for that, and librdkafka's threads none.
 */
export const warmUpOf = ({ work }: Measurement): number => (work === 'awaited' ? 20_000 : 30);

/** Messages in one call, where a client takes many: what served each peer best. */
export const messagesPerCall = ({ size }: Measurement): number => (size > 500 ? 500 : 1000);
export const callsInFlight = 5;

export const valueCount = 4096;

/** Values of hexadecimal digits, about four bits of entropy a byte; the same in every process. */
export function valuesOf(size: number): Buffer[] {
  let state = 0x9e3779b9 ^ size;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 11;
  };
  const value = (): Buffer => Buffer.from(Array.from({ length: size }, () => '0123456789abcdef'.charCodeAt(next() & 15)));
  return Array.from({ length: valueCount }, value);
}

/** Keeps so many promises unsettled until `count` of them have been made, and all have resolved. */
export function keepOutstanding(count: number, outstanding: number, start: (i: number) => Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    let started = 0;
    let pending = 0;
    const done = (): void => {
      pending--;
      if (started < count) fill();
      else if (pending === 0) resolve();
    };
    const fill = (): void => {
      while (pending < outstanding && started < count) {
        pending++;
        start(started++).then(done, reject);
      }
    };
    fill();
  });
}
