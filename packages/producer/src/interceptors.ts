import type { HeadersToSend, Logger, MessageBytes } from '@tskafka/core';
import type { DeliveryReport } from './delivery-reports.ts';
import { headersOf, type ProducerMessage, type RecordMetadata, type Settler, type TakeMessage } from './message.ts';

/** Sees each message and its result, for tracing and the like. An error that it throws is logged and stops nothing. Java: ProducerInterceptor. */
export interface ProducerInterceptor<Value = MessageBytes, Key = MessageBytes> {
  /** Called before the serializer and the partitioner. Its result is sent instead of the message; `withHeaders` adds headers. */
  onSend?(message: ProducerMessage<Value, Key>): ProducerMessage<Value, Key> | void;
  /** Called once for each message that `onSend` saw, with the message that was sent, even if the producer did not accept it. Keep it short. */
  onAcknowledgement?(report: DeliveryReport<Value, Key>): void;
}

/**
 * Returns the message with these headers added after its own.
 *
 * @example
 * onSend(message) {
 *   const carrier: Record<string, string> = {};
 *   propagation.inject(context.active(), carrier);
 *   return withHeaders(message, carrier);
 * }
 */
export function withHeaders<Message extends { readonly headers?: HeadersToSend | undefined }>(
  message: Message,
  headers: HeadersToSend,
): Message {
  return { ...message, headers: [...headersOf(message.headers), ...headersOf(headers)] };
}

interface InterceptedOptions<Value, Key> {
  readonly interceptors: readonly ProducerInterceptor<Value, Key>[];
  readonly take: TakeMessage<Value, Key>;
  readonly logger: Logger;
  /** Called when a message fails that nobody but an interceptor waits for. */
  readonly undelivered: (error: Error) => void;
}

/** Takes messages as `take` does, past the interceptors in their order. */
export function intercepted<Value, Key>(options: InterceptedOptions<Value, Key>): TakeMessage<Value, Key> {
  const { interceptors, take, logger } = options;
  const guarded = <T>(hook: string, call: () => T): T | undefined => {
    try {
      return call();
    } catch (error) {
      logger.warn({ error }, `a producer's interceptor threw in ${hook}`);
      return undefined;
    }
  };
  const acknowledge = (report: DeliveryReport<Value, Key>): void => {
    for (const interceptor of interceptors) guarded('onAcknowledgement', () => interceptor.onAcknowledgement?.(report));
  };
  return (message, settler) => {
    let sent = message;
    for (const interceptor of interceptors) sent = guarded('onSend', () => interceptor.onSend?.(sent)) ?? sent;
    const notTaken = (error: unknown): never => {
      acknowledge({ message: sent, metadata: undefined, error: error as Error });
      throw error;
    };
    const watched: Settler = {
      resolve(metadata: RecordMetadata) {
        acknowledge({ message: sent, metadata, error: undefined });
        settler?.resolve(metadata);
      },
      reject(error: Error) {
        acknowledge({ message: sent, metadata: undefined, error });
        if (settler === undefined) options.undelivered(error);
        else settler.reject(error);
      },
    };
    try {
      return take(sent, watched)?.catch(notTaken);
    } catch (error) {
      return notTaken(error);
    }
  };
}
