import type { Clock } from '../clock.ts';
import { BrokerError, type KafkaError } from '../errors.ts';
import { errorCodes } from '../protocol/error-codes.ts';

const codes: ReadonlySet<number> = new Set([errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorCodes.UNKNOWN_TOPIC_ID]);

/** Whether a broker does not know the topic. */
export function isMissing(error: unknown): error is BrokerError {
  return error instanceof BrokerError && codes.has(error.code);
}

/**
 * For a retry: what does not exist is asked for again for topicTimeoutMs only, since it may just have been made, and not be known everywhere. A
 * cluster that cannot be reached says nothing about the topic.
 */
export function finalWhenMissing(options: { readonly clock: Clock; readonly topicTimeoutMs: number }): (error: KafkaError) => number {
  let since: number | undefined;
  return (error) => (isMissing(error) ? (since ??= options.clock.now()) + options.topicTimeoutMs : Infinity);
}
