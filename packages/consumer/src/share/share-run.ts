import { backoffMs, type Cluster, raceWithSignal, underSignals } from '@tskafka/core/internal';
import { delay } from '@tskafka/core/protocol';
import { isPromise } from '../is-promise.ts';
import { deadLetterOf } from '../run/dead-letter.ts';
import { Slice } from '../run/slice.ts';
import type { Delivery } from './delivery.ts';
import type { AfterFailure, ResolvedShareRunOptions, ShareHandler } from './share-run-options.ts';

export interface ShareRunDependencies<Value, Key> {
  readonly cluster: Cluster;
  readonly consumerGroup: string;
  /** The next message, or a promise of it; undefined when no more comes. */
  readonly next: (signal: AbortSignal) => Delivery<Value, Key> | Promise<Delivery<Value, Key> | undefined>;
}

/**
 * Hands messages to a handler, several at once, in no order. A message stays locked as long as its handler takes, and is accepted when that
 * is done; one that fails is kept for a pause, and released then.
 */
export class ShareRun<Value, Key> {
  readonly #handler: ShareHandler<Value, Key>;
  readonly #options: ResolvedShareRunOptions<Value, Key>;
  readonly #dependencies: ShareRunDependencies<Value, Key>;
  readonly #working = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  readonly #abandoning = new AbortController();
  #failure: { readonly error: unknown } | undefined;
  #hasRoom: (() => void) | undefined;
  readonly #slice: Slice;

  constructor(
    handler: ShareHandler<Value, Key>,
    options: ResolvedShareRunOptions<Value, Key>,
    dependencies: ShareRunDependencies<Value, Key>,
  ) {
    this.#handler = handler;
    this.#options = options;
    this.#dependencies = dependencies;
    this.#slice = new Slice(dependencies.cluster.options.clock);
  }

  /** Handlers that are busy, and failed messages whose pause is not over. */
  get busy(): number {
    return this.#working.size;
  }

  /** Resolves when nothing more comes, or after end(), and every handler is done. Rejects with what the consumer was told instead of a message. */
  async start(): Promise<void> {
    const { signal } = this.#ending;
    try {
      while (!signal.aborted) {
        if (this.#working.size >= this.#options.concurrency) await new Promise<void>((resolve) => (this.#hasRoom = resolve));
        else if (this.#slice.isOver) await this.#slice.turn();
        else {
          const next = this.#dependencies.next(signal);
          const delivery = next instanceof Promise ? await this.#slice.waitFor(next) : next;
          if (delivery === undefined) break;
          // What came when it was over already goes back to the group when the consumer closes.
          if (!signal.aborted) this.#handle(delivery);
        }
      }
    } catch (error) {
      if (!signal.aborted) this.#failure = { error };
    }
    this.#ending.abort();
    const handled = (async () => {
      while (this.#working.size > 0) await Promise.all(this.#working);
    })();
    await raceWithSignal(handled, this.#abandoning.signal).catch(() => {});
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Hands out nothing more, and ends pauses. */
  end(): void {
    this.#ending.abort();
    this.#hasRoom?.();
  }

  /** Does not wait for handlers any more. */
  abandon(): void {
    this.end();
    this.#abandoning.abort();
  }

  /** Calls the handler; with one that does not wait the message is done at once. */
  #handle(delivery: Delivery<Value, Key>): void {
    let result: unknown;
    try {
      result = this.#handler(delivery.message!, { signal: delivery.signal, attempt: delivery.message!.deliveryCount });
    } catch (error) {
      result = Promise.reject(error as Error);
    }
    if (!isPromise(result)) return delivery.by.acknowledge(delivery, 'accept');
    const work = this.#finish(delivery, result).finally(() => {
      this.#working.delete(work);
      this.#hasRoom?.();
    });
    this.#working.add(work);
  }

  async #finish(delivery: Delivery<Value, Key>, result: PromiseLike<unknown>): Promise<void> {
    try {
      await result;
    } catch (error) {
      const then = await this.#afterFailure(delivery, error);
      // Whoever has lost it meanwhile has nothing to say.
      if (delivery.state === 'held') delivery.by.acknowledge(delivery, then);
      return;
    }
    // Where the lock is lost by now, this tells that the work was done for nothing.
    delivery.by.acknowledge(delivery, 'accept');
  }

  async #afterFailure(delivery: Delivery<Value, Key>, error: unknown): Promise<AfterFailure> {
    const { cluster, consumerGroup } = this.#dependencies;
    const { clock, random, logger } = cluster.options;
    const { backoff, deadLetter, onFailure } = this.#options;
    const message = delivery.message!;
    const { topic, partition, offset, deliveryCount } = message;
    logger.warn({ error, topic, partition, offset, deliveryCount }, 'a message could not be handled');
    try {
      const then = await onFailure(error, message);
      if (then !== 'release') return then;
      if (deadLetter !== undefined && deliveryCount >= deadLetter.afterDeliveries) {
        const failure = { error, attempts: deliveryCount, consumerGroup, failedAt: clock.wallTime() };
        await deadLetter.sink.send(deadLetterOf(message, deadLetter.topic, failure));
        return 'accept';
      }
    } catch (failure) {
      logger.error({ error: failure, topic, partition, offset }, 'onFailure or the dead letter failed too: the message is released');
    }
    const rest = (over: AbortSignal): Promise<void> => delay(clock, backoffMs(deliveryCount, backoff, random), over);
    await underSignals([this.#ending.signal, delivery.signal], rest).catch(() => {});
    return 'release';
  }
}
