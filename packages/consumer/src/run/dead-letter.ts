import type { MessageToSend } from '@tskafka/core';
import { type Message, rawBytesOf } from '../message.ts';

export interface Failure {
  readonly error: unknown;
  readonly attempts: number;
  readonly consumerGroup: string | undefined;
  /** Milliseconds since 1970. */
  readonly failedAt: number;
}

/** What a header of a dead letter tells begins with this. A letter that dies twice has the headers twice, the older ones first. */
const prefix = 'tskafka.dead-letter.';
/** An error's text may be of any length, and headers count for the size of the record. */
const longestText = 1000;

/** The message as it came, for a topic of dead letters, with its history in further headers. */
export function deadLetterOf(
  message: Message<unknown, unknown>,
  topic: string,
  { error, attempts, consumerGroup, failedAt }: Failure,
): MessageToSend {
  const { name, message: text } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const history: Record<string, string | number | undefined> = {
    topic: message.topic,
    partition: message.partition,
    offset: message.offset,
    timestamp: message.timestamp,
    group: consumerGroup,
    error: name,
    message: text.slice(0, longestText),
    attempts,
    'failed-at': failedAt,
  };
  const added = Object.entries(history).flatMap(([key, value]) =>
    value === undefined ? [] : [[`${prefix}${key}`, String(value)] as const],
  );
  return { topic, ...rawBytesOf(message), headers: [...message.headers, ...added] };
}
