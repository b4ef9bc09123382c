/** The error code of each topic that an answer had nothing else to say of. */
export type TopicErrors = ReadonlyMap<string, number>;

interface Round {
  readonly topics: Set<string>;
  readonly done: Promise<TopicErrors>;
}

/** Fetches the metadata of topics, one request at a time: who comes while one is under way shares it, or the one after it. */
export class MetadataRefresh {
  readonly #fetch: (topics: readonly string[]) => Promise<TopicErrors>;
  #current: Round | undefined;
  #next: Round | undefined;

  constructor(fetch: (topics: readonly string[]) => Promise<TopicErrors>) {
    this.#fetch = fetch;
  }

  request(topics: readonly string[]): Promise<TopicErrors> {
    const current = this.#current;
    if (current !== undefined && topics.every((topic) => current.topics.has(topic))) return current.done;
    if (current === undefined && this.#next === undefined) return this.#begin(new Set(topics));
    this.#next ??= this.#after(current!.done);
    for (const topic of topics) this.#next.topics.add(topic);
    return this.#next.done;
  }

  #begin(topics: Set<string>): Promise<TopicErrors> {
    const done = this.#fetch([...topics]).finally(() => (this.#current = undefined));
    done.catch(() => {}); // whoever asked may have given up
    this.#current = { topics, done };
    return done;
  }

  #after(previous: Promise<unknown>): Round {
    const topics = new Set<string>();
    const begin = (): Promise<TopicErrors> => {
      this.#next = undefined;
      return this.#begin(topics);
    };
    const done = previous.then(begin, begin);
    done.catch(() => {});
    return { topics, done };
  }
}
