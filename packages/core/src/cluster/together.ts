import { KafkaError } from '../errors.ts';

interface Question<Key, Answer> {
  readonly keys: Set<Key>;
  readonly answers: Promise<ReadonlyMap<Key, Answer>>;
}

/**
 * Joins what is asked for at the same time into one question: all keys that come before `later` calls back, which is at the end of this
 * turn or soon after it. Whoever asks is given the answer of its key, and may ask again, by itself, when that has failed.
 */
export class Together<Key, Answer> {
  readonly #askAll: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Answer>>;
  readonly #later: (then: () => void) => void;
  #next: Question<Key, Answer> | undefined;

  constructor(askAll: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Answer>>, later: (then: () => void) => void = queueMicrotask) {
    this.#askAll = askAll;
    this.#later = later;
  }

  async ask(key: Key): Promise<Answer> {
    this.#next ??= this.#begin();
    this.#next.keys.add(key);
    const answers = await this.#next.answers;
    if (!answers.has(key)) throw new KafkaError(`${String(key)}: the broker's answer does not mention it`, { retriable: true });
    return answers.get(key)!;
  }

  #begin(): Question<Key, Answer> {
    const keys = new Set<Key>();
    const isFull = new Promise<void>((resolve) => this.#later(resolve));
    const answers = isFull.then(() => {
      this.#next = undefined;
      return this.#askAll([...keys]);
    });
    return { keys, answers };
  }
}
