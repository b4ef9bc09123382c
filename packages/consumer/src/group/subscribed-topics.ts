import type { Cluster } from '@tskafka/core/internal';
import type { TopicsOf } from './group-member.ts';

/** The topics of a member: those that it names, or those that exist and whose whole name matches. */
export class Subscription {
  #topics: TopicsOf;
  /** The pattern, if it is one, for whole names. */
  #whole: RegExp | undefined;
  readonly #cluster: Cluster;
  #names: readonly string[] = [];
  #lookedAt = -Infinity;
  #isLooking = false;
  #hasChanged = false;

  constructor(cluster: Cluster, topics: TopicsOf) {
    this.#cluster = cluster;
    this.#topics = topics;
    this.#whole = wholeOf(topics);
  }

  get topics(): TopicsOf {
    return this.#topics;
  }

  /** Whether this topic is meant. */
  has(name: string): boolean {
    return this.#whole?.test(name) ?? (this.#topics as readonly string[]).includes(name);
  }

  /** Other topics from now on. */
  change(topics: TopicsOf): void {
    this.#topics = topics;
    this.#whole = wholeOf(topics);
    this.#hasChanged = true;
  }

  /** The names now. */
  async names(signal?: AbortSignal): Promise<readonly string[]> {
    this.#hasChanged = false;
    this.#names = await this.#find(signal);
    return this.#names;
  }

  /** Whether other topics are meant than those that were found last, or other topics match. It looks in the background, every metadataMaxAgeMs. */
  hasChanged(): boolean {
    const { clock, metadataMaxAgeMs } = this.#cluster.options;
    if (this.topics instanceof RegExp && !this.#isLooking && clock.now() - this.#lookedAt >= metadataMaxAgeMs) void this.#look();
    return this.#hasChanged;
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    try {
      const found = await this.#find();
      if (found.join() !== this.#names.join()) this.#hasChanged = true;
    } catch (error) {
      this.#cluster.options.logger.warn({ error }, 'the topics of a subscription could not be listed');
    } finally {
      this.#isLooking = false;
    }
  }

  async #find(signal?: AbortSignal): Promise<readonly string[]> {
    const { topics } = this;
    if (!(topics instanceof RegExp)) return topics;
    this.#lookedAt = this.#cluster.options.clock.now();
    const all = await this.#cluster.listTopics(signal);
    return all.flatMap(({ name, isInternal }) => (!isInternal && this.has(name) ? [name] : [])).sort();
  }
}

function wholeOf(topics: TopicsOf): RegExp | undefined {
  return topics instanceof RegExp ? new RegExp(`^(?:${topics.source})$`, topics.flags.replace(/[gy]/g, '')) : undefined;
}
