import { checkList, type ProducerMessage, type RecordMetadata, type Settler, type TakeMessage } from './message.ts';

/** Waits for many sends with one promise. It rejects, when all have been told, with the first error in their order. */
export function sendAll<Value, Key>(
  messages: readonly ProducerMessage<Value, Key>[],
  take: TakeMessage<Value, Key>,
): Promise<RecordMetadata[]> {
  return new Promise((resolve, reject) => {
    checkList(messages);
    const count = messages.length;
    const results = new Array<RecordMetadata>(count);
    const tally: Tally = {
      left: count,
      results,
      failure: undefined,
      failedAt: count,
      done: () => (tally.failure === undefined ? resolve(results) : reject(tally.failure)),
    };
    if (count === 0) return resolve([]);
    for (let place = 0; place < count; place++) {
      const settler = new Place(tally, place);
      try {
        take(messages[place]!, settler)?.catch((error: Error) => settler.reject(error));
      } catch (error) {
        settler.reject(error as Error);
      }
    }
  });
}

interface Tally {
  left: number;
  readonly results: RecordMetadata[];
  failure: Error | undefined;
  failedAt: number;
  done(): void;
}

class Place implements Settler {
  readonly #tally: Tally;
  readonly #place: number;

  constructor(tally: Tally, place: number) {
    this.#tally = tally;
    this.#place = place;
  }

  resolve(metadata: RecordMetadata): void {
    this.#tally.results[this.#place] = metadata;
    if (--this.#tally.left === 0) this.#tally.done();
  }

  reject(error: Error): void {
    const tally = this.#tally;
    if (this.#place < tally.failedAt) [tally.failure, tally.failedAt] = [error, this.#place];
    if (--tally.left === 0) tally.done();
  }
}
