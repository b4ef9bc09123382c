import type { ProducerMessage, RecordMetadata, Settler, TakeMessage } from './message.ts';

/** Has a message taken, and promises what becomes of it. Rejects, too, where it is not taken. */
export function send<Value, Key>(message: ProducerMessage<Value, Key>, take: TakeMessage<Value, Key>): Promise<RecordMetadata> {
  try {
    const sending = new Sending();
    const taken = take(message, sending);
    return sending.promise ?? sending.wait(taken);
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

/**
 * Who sends one message. Nearly always it comes into a batch at once, which has a promise for it; where it waits before, or interceptors watch
 * over it, it gets one here, and is told as anybody else.
 */
export class Sending implements Settler {
  promise: Promise<RecordMetadata> | undefined;
  #settler: Settler | undefined;

  /** Whether it waits here already. */
  get isWaiting(): boolean {
    return this.#settler !== undefined;
  }

  /** Rejects, too, as `taken` does. */
  wait(taken: Promise<void> | undefined): Promise<RecordMetadata> {
    return new Promise((resolve, reject) => {
      this.#settler = { resolve, reject };
      taken?.catch(reject);
    });
  }

  resolve(metadata: RecordMetadata): void {
    this.#settler!.resolve(metadata);
  }

  reject(error: Error): void {
    this.#settler!.reject(error);
  }
}
