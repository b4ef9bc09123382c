import type { TransportEvents } from '../transport.ts';

/** For core's own tests: writes down what a stream reports, and lets a test wait for it. */
export class StreamWitness implements TransportEvents {
  readonly log: string[] = [];
  received = Buffer.alloc(0);
  error: Error | undefined;
  #wake: () => void = () => {};

  data(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    this.#note('data');
  }

  drain(): void {
    this.#note('drain');
  }

  close(error?: Error): void {
    this.error = error;
    this.#note('close');
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #note(event: string): void {
    this.log.push(event);
    this.#wake();
  }
}
