import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Diagnostics, KafkaClient, KafkaError, MessageToSend } from '@tskafka/core';
import { type DeliveryReport, Producer, type ProducerOptions, type RecordMetadata, type Transaction } from '@tskafka/producer';
import type { Context } from '../frame/context.ts';
import { Progress } from '../terminal/progress.ts';
import { Pace } from './pace.ts';

/** What became of all that was sent. */
export interface Sent {
  sent: number;
  failed: number;
  firstError: Error | undefined;
  /** How many messages each partition got. */
  readonly partitions: Map<number, number>;
}

export interface Sending {
  readonly context: Context;
  readonly options?: ProducerOptions;
  /** Messages in a second, at most. */
  readonly rate?: number | undefined;
  /** All together or not at all. */
  readonly transaction?: boolean | undefined;
  readonly total?: number | undefined;
  /** Told of each that was delivered. */
  readonly onSent?: ((metadata: RecordMetadata) => void) | undefined;
  /** Something is written to the terminal, or typed there, meanwhile. */
  readonly besideData?: boolean;
  /** The first that fails ends it: for copies, where what follows is not to come without what was before. */
  readonly stopAtFailure?: boolean;
}

/** Sends messages as they come, and waits until each has been delivered or has failed. An interruption ends the taking, not the delivering. */
export async function sendRecords(client: KafkaClient, batches: AsyncIterable<readonly MessageToSend[]>, sending: Sending): Promise<Sent> {
  const {
    context,
    options,
    rate,
    transaction: wantsTransaction = false,
    total,
    onSent,
    besideData = false,
    stopAtFailure = false,
  } = sending;
  const result: Sent = { sent: 0, failed: 0, firstError: undefined, partitions: new Map() };
  const sent = (partition: number, messages: number): void => {
    result.sent += messages;
    result.partitions.set(partition, (result.partitions.get(partition) ?? 0) + messages);
  };
  const failed = (error: Error, messages = 1): void => {
    result.failed += messages;
    result.firstError ??= error;
  };
  const id = wantsTransaction ? { transactionalId: `tskafka-produce-${process.pid}-${Date.now()}` } : {};
  const each = ({ metadata, error }: DeliveryReport): void => {
    if (error !== undefined) return failed(error);
    sent(metadata.partition, 1);
    onSent?.(metadata);
  };
  // Where nobody wants to know of each message, batches are counted: so no message is kept until it has been delivered.
  using _counting = onSent === undefined && !wantsTransaction ? countBatches(sent, failed) : undefined;
  const onDelivery = onSent === undefined ? undefined : each;
  const closeTimeoutMs = context.timeoutMs ?? 30_000;
  await using producer = await Producer.start(client, { ...options, ...id, ...(onDelivery && { onDelivery }), closeTimeoutMs });
  await using transaction = wantsTransaction ? await producer.transaction() : undefined;
  const inOne = (metadata: RecordMetadata): void => each({ metadata } as DeliveryReport);
  const take =
    transaction === undefined ? (message: MessageToSend) => producer.produce(message) : inTransaction(transaction, inOne, failed);
  const progress = new Progress(context, 'sent', { total, besideData: besideData || onSent !== undefined });
  const pace = rate === undefined ? undefined : new Pace(rate);
  let taken = 0;
  taking: for await (const messages of batches) {
    for (const message of messages) {
      if (pace !== undefined) await pace.next(context.signal);
      if (context.signal.aborted || (stopAtFailure && result.failed > 0)) break taking;
      try {
        const full = take(message);
        if (full !== undefined) await full;
      } catch (error) {
        failed(error as Error);
      }
      taken++;
      if (pace !== undefined) progress.at(taken);
    }
    progress.at(taken);
  }
  await producer.flush().catch(() => {});
  progress.end();
  if (transaction !== undefined) {
    if (context.signal.aborted || result.failed > 0) {
      await transaction.abort();
      result.sent = 0;
    } else await transaction.commit();
  }
  return result;
}

/** Counts what the process' producers have delivered and given up, until it is disposed. */
function countBatches(sent: (partition: number, messages: number) => void, failed: (error: Error, messages: number) => void): Disposable {
  const onBatch = (event: unknown): void => {
    const { partition, messages } = event as Diagnostics['tskafka:producer:batch'];
    sent(partition, messages);
  };
  const onError = (event: unknown): void => {
    const { error, messages } = event as Diagnostics['tskafka:producer:error'];
    failed(error, messages);
  };
  subscribe('tskafka:producer:batch', onBatch);
  subscribe('tskafka:producer:error', onError);
  return {
    [Symbol.dispose]() {
      unsubscribe('tskafka:producer:batch', onBatch);
      unsubscribe('tskafka:producer:error', onError);
    },
  };
}

/** So many answers of a transaction may be outstanding. */
const maxPending = 10_000;

function inTransaction(transaction: Transaction, sent: (metadata: RecordMetadata) => void, failed: (error: KafkaError) => void) {
  const pending: Promise<void>[] = [];
  return (message: MessageToSend): Promise<void> | undefined => {
    pending.push(transaction.send(message).then(sent, failed));
    return pending.length >= maxPending ? pending.shift() : undefined;
  };
}
