import type { MessageSink } from '@tskafka/core';
import { checkOptions, duration, shown, wholeNumber } from '@tskafka/core/internal';
import type { Message } from '../message.ts';

/** How `run` hands messages to its handler. */
export interface RunOptions {
  /**
   * The most messages that are handled at once. Default: with 'partition', one message of each partition; with 'key', 16 in total.
   */
  readonly concurrency?: number;
  /** What is handled in order: the messages of each 'partition' (default), or those of each 'key' of a partition. */
  readonly ordered?: 'partition' | 'key';
  /** How often, and after which pauses, to retry a message whose handler threw or rejected. Default: never. */
  readonly retry?: {
    /** Further attempts. */
    readonly attempts: number;
    /** The first pause; each further one is twice as long. Default 100 ms. */
    readonly initialMs?: number;
    /** The longest pause. Default 10,000 ms. */
    readonly maxMs?: number;
  };
  /** Where a message goes that failed in every attempt; then it is done. Default: nowhere, and run() rejects with the handler's error. */
  readonly deadLetter?: {
    /** Usually a producer. */
    readonly sink: MessageSink;
    readonly topic: string;
  };
  /** How often to commit what is done, with a consumerGroup. Default 5,000 ms. */
  readonly commitIntervalMs?: number;
}

/** What a handler gets besides the message. */
export interface HandlerContext {
  /** Aborted when the partition is taken away from this consumer, and when stop() or close() has waited for four fifths of closeTimeoutMs. */
  readonly signal: AbortSignal;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/** Called for each message, which is done when the handler returns, or when its promise is fulfilled. */
export type Handler<Value = Buffer | null, Key = Buffer | null> = (message: Message<Value, Key>, context: HandlerContext) => unknown;

export interface ResolvedRunOptions {
  readonly concurrency: number;
  readonly ordered: 'partition' | 'key';
  /** Messages of a partition that may be in hand at once, done or waiting for another with their key. */
  readonly maxInHand: number;
  readonly retry: { readonly attempts: number; readonly initialMs: number; readonly maxMs: number };
  readonly deadLetter: { readonly sink: MessageSink; readonly topic: string } | undefined;
  readonly commitIntervalMs: number;
}

const waitingPerHandler = 4;

/** Checks every option and fills in the defaults. */
export function resolveRunOptions(options: RunOptions): ResolvedRunOptions {
  checkOptions('run', options, ['concurrency', 'ordered', 'retry', 'deadLetter', 'commitIntervalMs']);
  const { ordered = 'partition', retry = { attempts: 0 }, deadLetter } = options;
  if (ordered !== 'partition' && ordered !== 'key') throw new TypeError(`ordered must be 'partition' or 'key', not ${shown(ordered)}`);
  checkOptions('retry', retry, ['attempts', 'initialMs', 'maxMs']);
  if (deadLetter !== undefined && (typeof deadLetter?.sink?.send !== 'function' || typeof deadLetter.topic !== 'string'))
    throw new TypeError('deadLetter must be { sink, topic }: something with send(), such as a producer, and the name of a topic');
  const byDefault = ordered === 'partition' ? Infinity : 16;
  const concurrency =
    options.concurrency === undefined ? byDefault : wholeNumber('concurrency', options.concurrency, 1, Number.MAX_SAFE_INTEGER);
  return {
    concurrency,
    ordered,
    maxInHand: ordered === 'partition' ? 1 : concurrency * waitingPerHandler,
    retry: {
      attempts: wholeNumber('retry.attempts', retry.attempts, 0, Number.MAX_SAFE_INTEGER),
      initialMs: duration('retry.initialMs', retry.initialMs, 100),
      maxMs: duration('retry.maxMs', retry.maxMs, 10_000),
    },
    deadLetter,
    commitIntervalMs: duration('commitIntervalMs', options.commitIntervalMs, 5_000),
  };
}
