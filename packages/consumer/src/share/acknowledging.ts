import type { Logger } from '@tskafka/core';
import { channels, publish } from '@tskafka/core/internal';
import type { AcknowledgeType } from './acknowledge-type.ts';
import { AcknowledgementResults } from './acknowledgement-results.ts';
import type { Delivery } from './delivery.ts';
import type { Outcome } from './outcome.ts';
import type { ShareMessage } from './share-message.ts';
import type { ResolvedShareOptions } from './share-options.ts';

export interface AcknowledgingOptions extends Pick<ResolvedShareOptions<unknown, unknown>, 'isExplicit' | 'onAcknowledged'> {
  readonly logger: Logger;
}

/** What was handed out to the program, what it says of that, and what brokers make of it. */
export class Acknowledging<Value, Key> {
  readonly results = new AcknowledgementResults();
  readonly #options: AcknowledgingOptions;
  /** Implicit mode: what was handed out since the last time that something was asked for. */
  #given: Delivery<Value, Key>[] = [];
  /** Explicit mode: what was handed out. */
  readonly #byMessage = new WeakMap<object, Delivery<Value, Key>>();

  constructor(options: AcknowledgingOptions) {
    this.#options = options;
  }

  /** The message is the program's from now on. */
  handOut(delivery: Delivery<Value, Key>): ShareMessage<Value, Key> {
    const message = delivery.message!;
    delivery.holder = 'program';
    if (this.#options.isExplicit) this.#byMessage.set(message, delivery);
    else this.#given.push(delivery);
    return message;
  }

  /** Implicit mode: what was handed out is done. */
  acceptGiven(): void {
    if (this.#given.length === 0) return;
    const given = this.#given;
    this.#given = [];
    // One whose lock has passed is told of as well: nothing is lost in silence.
    for (const delivery of given) delivery.by.acknowledge(delivery, 'accept');
  }

  /** Explicit mode. Throws TypeError for a message that was not handed out, and one of which something final was said. */
  acknowledge(message: ShareMessage<Value, Key>, type: AcknowledgeType): void {
    const delivery = this.#byMessage.get(message);
    if (delivery === undefined) throw new TypeError('only a message that this consumer has handed out can be acknowledged');
    const isLost = delivery.lostBy !== undefined;
    if (delivery.state !== 'held' && !isLost) {
      const { topic, partition, offset } = message;
      throw new TypeError(`the message of '${topic}' partition ${partition} at offset ${offset} has been acknowledged already`);
    }
    delivery.by.acknowledge(delivery, type);
    if (isLost) this.#byMessage.delete(message);
  }

  /** A broker has answered, or nobody will. */
  settled(outcome: Outcome): void {
    const { deliveries, error } = outcome;
    const { topic, partition } = outcome.partition;
    const { logger, onAcknowledged } = this.#options;
    this.results.add(outcome);
    const offsets = deliveries.map(({ offset }) => offset);
    if (error !== undefined) {
      logger.warn({ error, topic, partition, offsets }, 'messages could not be acknowledged, and may be delivered again');
      publish(channels.consumerError, () => ({ topic, partition, error }));
    }
    try {
      onAcknowledged?.({ topic, partition, offsets, error });
    } catch (failure) {
      logger.error({ error: failure }, 'onAcknowledged threw');
    }
  }
}
