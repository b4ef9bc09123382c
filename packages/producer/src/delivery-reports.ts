import type { Logger, MessageBytes } from '@tskafka/core';
import { channels, publish } from '@tskafka/core/internal';
import type { BufferRoom } from './buffer-room.ts';
import type { ProducerMessage, RecordMetadata, Settler } from './message.ts';
import { ReportQueue } from './report-queue.ts';

/** The result of a message passed to `produce`. PyKafka: what `get_delivery_report` returns. */
export type DeliveryReport<Value = MessageBytes, Key = MessageBytes> =
  | { readonly message: ProducerMessage<Value, Key>; readonly metadata: RecordMetadata; readonly error: undefined }
  /** Not delivered; the error's `persistence` says whether the message may be in the log anyway. */
  | { readonly message: ProducerMessage<Value, Key>; readonly metadata: undefined; readonly error: Error };

/** Tells whoever wants to know what became of produced messages; what nobody is told of failures is kept for `flush`. */
export class DeliveryReports<Value, Key> {
  readonly #onDelivery: ((report: DeliveryReport<Value, Key>) => void) | undefined;
  readonly #room: BufferRoom;
  readonly #logger: Logger;
  readonly #queues = new Set<ReportQueue<Value, Key>>();
  #failure: Error | undefined;
  #hasEnded = false;

  constructor(onDelivery: ((report: DeliveryReport<Value, Key>) => void) | undefined, room: BufferRoom, logger: Logger) {
    this.#onDelivery = onDelivery;
    this.#room = room;
    this.#logger = logger;
  }

  /** Who is told of this message; undefined, which costs nothing, when nobody wants reports. */
  settlerOf(message: ProducerMessage<Value, Key>): Settler | undefined {
    return this.#onDelivery === undefined && this.#queues.size === 0 ? undefined : new Reporter(this, message);
  }

  /** The reports of what is produced from now on. */
  subscribe(): ReportQueue<Value, Key> {
    const queue: ReportQueue<Value, Key> = new ReportQueue(this.#room, () => this.#queues.delete(queue));
    if (this.#hasEnded) queue.end();
    else this.#queues.add(queue);
    return queue;
  }

  report(report: DeliveryReport<Value, Key>): void {
    for (const queue of this.#queues) queue.push(report);
    try {
      this.#onDelivery?.(report);
    } catch (error) {
      // The error is its writer's and must not keep others from being told: it surfaces as one that nobody caught.
      process.nextTick(() => {
        throw error;
      });
    }
  }

  /** Messages failed, and nobody asked to be told. */
  failed(error: Error, count: number): void {
    this.#failure ??= error;
    const message = `${count === 1 ? 'a produced message was' : `${count} produced messages were`} not delivered: ${error.message}`;
    this.#logger.warn({ error }, message);
    publish(channels.warning, () => ({ message }));
  }

  /** The first failure that nobody was told of; only once. */
  takeFailure(): Error | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  /** No more reports will come. */
  end(): void {
    this.#hasEnded = true;
    for (const queue of this.#queues) queue.end();
  }
}

class Reporter<Value, Key> implements Settler {
  readonly #reports: DeliveryReports<Value, Key>;
  readonly #message: ProducerMessage<Value, Key>;

  constructor(reports: DeliveryReports<Value, Key>, message: ProducerMessage<Value, Key>) {
    this.#reports = reports;
    this.#message = message;
  }

  resolve(metadata: RecordMetadata): void {
    this.#reports.report({ message: this.#message, metadata, error: undefined });
  }

  reject(error: Error): void {
    this.#reports.report({ message: this.#message, metadata: undefined, error });
  }
}
