import type { MessageSink } from '@tskafka/core';
import { checkOptions, duration, shown, wholeNumber } from '@tskafka/core/internal';
import type { HandlerContext } from '../run/run-options.ts';
import type { AcknowledgeType } from './acknowledge-type.ts';
import type { ShareMessage } from './share-message.ts';

/** Called for each message, which is accepted when it returns, or when its promise is fulfilled. `attempt` is the message's deliveryCount. */
export type ShareHandler<Value = Buffer | null, Key = Buffer | null> = (
  message: ShareMessage<Value, Key>,
  context: HandlerContext,
) => unknown;

/** What happens to a message whose handler failed. */
export type AfterFailure = Exclude<AcknowledgeType, 'renew'>;

/** How `run` hands messages to its handler. */
export interface ShareRunOptions<Value = Buffer | null, Key = Buffer | null> {
  /** The most messages that are handled at once. Default 16. */
  readonly concurrency?: number;
  /**
   * What happens when the handler throws or rejects. 'release' (default): the message is delivered again after a pause. 'reject': it is not. A
   * function decides for each message, and is awaited, so it may store the message elsewhere.
   */
  readonly onFailure?:
    'release' | 'reject' | ((error: unknown, message: ShareMessage<Value, Key>) => AfterFailure | PromiseLike<AfterFailure>);
  /** How long a failed message stays locked before it is released; doubles with each delivery. Default 100 ms up to 10,000 ms. */
  readonly backoff?: { readonly initialMs?: number; readonly maxMs?: number };
  /**
   * Where a message goes that would be released after `afterDeliveries` deliveries; then it is accepted. The default is 5, the number after
   * which a group gives a message up (group.share.delivery.count.limit).
   */
  readonly deadLetter?: {
    /** Usually a producer. */
    readonly sink: MessageSink;
    readonly topic: string;
    readonly afterDeliveries?: number;
  };
}

export interface ResolvedShareRunOptions<Value, Key> {
  readonly concurrency: number;
  readonly onFailure: (error: unknown, message: ShareMessage<Value, Key>) => AfterFailure | PromiseLike<AfterFailure>;
  readonly backoff: { readonly initialMs: number; readonly maxMs: number };
  readonly deadLetter: { readonly sink: MessageSink; readonly topic: string; readonly afterDeliveries: number } | undefined;
}

/** Checks every option and fills in the defaults. Throws TypeError or RangeError with the option's name. */
export function resolveShareRunOptions<Value, Key>(options: ShareRunOptions<Value, Key>): ResolvedShareRunOptions<Value, Key> {
  checkOptions('run', options, ['concurrency', 'onFailure', 'backoff', 'deadLetter']);
  const { onFailure = 'release', backoff = {}, deadLetter } = options;
  checkOptions('backoff', backoff, ['initialMs', 'maxMs']);
  if (onFailure !== 'release' && onFailure !== 'reject' && typeof onFailure !== 'function')
    throw new TypeError(`onFailure must be 'release', 'reject' or a function, not ${shown(onFailure)}`);
  if (deadLetter !== undefined && (typeof deadLetter?.sink?.send !== 'function' || typeof deadLetter.topic !== 'string'))
    throw new TypeError('deadLetter must be { sink, topic }: something with send(), such as a producer, and the name of a topic');
  return {
    concurrency: wholeNumber('concurrency', options.concurrency ?? 16, 1, Number.MAX_SAFE_INTEGER),
    onFailure: typeof onFailure === 'function' ? onFailure : () => onFailure,
    backoff: {
      initialMs: duration('backoff.initialMs', backoff.initialMs, 100),
      maxMs: duration('backoff.maxMs', backoff.maxMs, 10_000),
    },
    deadLetter: deadLetter && {
      ...deadLetter,
      afterDeliveries: wholeNumber('deadLetter.afterDeliveries', deadLetter.afterDeliveries ?? 5, 1, Number.MAX_SAFE_INTEGER),
    },
  };
}
