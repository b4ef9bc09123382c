import type { MessageSink, MessageToSend, TransactionSource } from '@tskafka/core';
import { checkOptions, duration, wholeNumber } from '@tskafka/core/internal';
import type { Message } from '../message.ts';
import { type HandlerContext, type ResolvedRunOptions, resolveRunOptions, type RunOptions } from '../run/run-options.ts';

/** How `process` hands messages to its handler, and when it commits. */
export interface ProcessOptions extends Pick<RunOptions, 'concurrency' | 'ordered' | 'retry'> {
  /**
   * A producer with a transactionalId that nobody else uses, or a function that starts one. The function is called again if the
   * last producer cannot continue, and process() closes the producers that it returns.
   */
  readonly producer: TransactionSource | (() => TransactionSource | Promise<TransactionSource>);
  /** The most messages in one transaction. Default 1000. */
  readonly maxMessages?: number;
  /** The longest time from the first message of a transaction to its commit. Default 100 ms. Kafka Streams: commit.interval.ms. */
  readonly commitIntervalMs?: number;
  /**
   * Where a message goes, within the transaction, that failed in every attempt; then it is done. Default: nowhere, and process() rejects
   * with the handler's error.
   */
  readonly deadLetter?: { readonly topic: string };
}

/** What a handler sends with. What it sends takes effect together with the message. */
export interface HandlerTransaction extends MessageSink {
  /** Sends a message in the transaction. No need to await it: the commit waits for it, and fails if it fails. */
  send(message: MessageToSend): Promise<unknown>;
  /** The same for several, with one promise for all. */
  sendBatch(messages: readonly MessageToSend[]): Promise<unknown>;
}

/** Called for each message, which is handled when it returns, or when its promise is fulfilled. */
export type ProcessHandler<Value = Buffer | null, Key = Buffer | null> = (
  message: Message<Value, Key>,
  transaction: HandlerTransaction,
  context: HandlerContext,
) => unknown;

export interface ResolvedProcessOptions {
  readonly producer: TransactionSource | (() => TransactionSource | Promise<TransactionSource>);
  readonly maxMessages: number;
  readonly commitIntervalMs: number;
  readonly deadLetterTopic: string | undefined;
  readonly retry: ResolvedRunOptions['retry'];
  /** How the messages of one transaction are handed out: what fails is repeated with the whole transaction. */
  readonly run: ResolvedRunOptions;
}

const knownOptions = ['producer', 'maxMessages', 'commitIntervalMs', 'deadLetter', 'concurrency', 'ordered', 'retry'] as const satisfies readonly (keyof ProcessOptions)[]; // prettier-ignore

/** Checks every option and fills in the defaults. Throws TypeError or RangeError with the option's name. */
export function resolveProcessOptions(options: ProcessOptions): ResolvedProcessOptions {
  checkOptions('process', options, knownOptions);
  const { producer, deadLetter, concurrency, ordered, retry } = options;
  if (typeof producer !== 'function' && typeof producer?.transaction !== 'function')
    throw new TypeError('process needs a producer with a transactionalId, or a function that starts one');
  if (deadLetter !== undefined && typeof deadLetter?.topic !== 'string')
    throw new TypeError('deadLetter must be { topic }, with the name of a topic');
  const run = resolveRunOptions({
    ...(concurrency !== undefined && { concurrency }),
    ...(ordered !== undefined && { ordered }),
    ...(retry !== undefined && { retry }),
  });
  return {
    producer,
    maxMessages: wholeNumber('maxMessages', options.maxMessages ?? 1000, 1, Number.MAX_SAFE_INTEGER),
    commitIntervalMs: duration('commitIntervalMs', options.commitIntervalMs, 100),
    deadLetterTopic: deadLetter?.topic,
    retry: run.retry,
    run: { ...run, retry: { ...run.retry, attempts: 0 } },
  };
}
