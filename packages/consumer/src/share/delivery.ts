import type { KafkaError } from '@tskafka/core';
import type { AcknowledgeType } from './acknowledge-type.ts';
import type { ShareMessage } from './share-message.ts';
import type { SharePartition } from './share-partition.ts';

/** What was locked by one answer has one lock, and shares its fate. */
export interface Lock {
  /** By our clock. The broker has begun no later, and is through no later. */
  readonly since: number;
  readonly until: number;
}

/** Who acquired a delivery, and is told what becomes of it. */
export interface DeliveredBy {
  acknowledge(delivery: Delivery, type: AcknowledgeType): void;
}

/**
 * One record that was given to this member. It is `held` until it is acknowledged for good (all but `renew`), `acknowledged` until the broker
 * has answered to that, and `over` then; also when the lock has passed, or the broker gave it to somebody else.
 */
export class Delivery<Value = unknown, Key = unknown> {
  readonly partition: SharePartition;
  readonly offset: number;
  /** Undefined where it could not be made: `error` says why. */
  readonly message: ShareMessage<Value, Key> | undefined;
  readonly error: unknown;
  readonly by: DeliveredBy;
  state: 'held' | 'acknowledged' | 'over' = 'held';
  /** Whether the result of its acknowledgement is reported: of all but renewals that nobody has asked for. */
  isAwaited = false;
  /** Who has it: the queue, a handler of run(), or the program, which looks after the lock itself. */
  holder: 'queue' | 'handler' | 'program' = 'queue';
  lock: Lock;
  #lost: AbortController | undefined;
  #lostBy: KafkaError | undefined;

  constructor(
    by: DeliveredBy,
    { partition, offset, message, error, lock }: Pick<Delivery<Value, Key>, 'partition' | 'offset' | 'message' | 'error' | 'lock'>,
  ) {
    this.by = by;
    this.partition = partition;
    this.offset = offset;
    this.message = message;
    this.error = error;
    this.lock = lock;
  }

  /** Why it is not this member's any more. */
  get lostBy(): KafkaError | undefined {
    return this.#lostBy;
  }

  /** Aborted when it is not this member's any more. */
  get signal(): AbortSignal {
    this.#lost ??= new AbortController();
    if (this.#lostBy !== undefined) this.#lost.abort(this.#lostBy);
    return this.#lost.signal;
  }

  lose(error: KafkaError): void {
    this.state = 'over';
    this.#lostBy = error;
    this.#lost?.abort(error);
  }
}
