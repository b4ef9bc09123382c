/** What one process is asked to read. */
export interface Reading {
  readonly client: string;
  /** `stored`: all that a topic has, as fast as it can. `latency`: one message after the other, from before it is sent until it is read. */
  readonly work: 'stored' | 'latency';
  readonly broker: string;
  readonly topic: string;
  readonly count: number;
  /** Bytes of a value: what was read is held against it. */
  readonly size: number;
}

/** Counts what a client reads. The clock starts when it has its partitions. */
export interface Sink {
  start(): void;
  add(count: number, bytes: number): void;
  /** Resolves when everything has been read. */
  readonly done: Promise<void>;
}

/** Reads a topic into the sink: from its start, or for the latency from its end. Resolves when the sink is done. */
export type Read = (reading: Reading, sink: Sink) => Promise<void>;
