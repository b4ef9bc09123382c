import type { MessageSink } from '@tskafka/core';
import { channels, type Cluster, publish } from '@tskafka/core/internal';
import { deadLetterOf } from './run/dead-letter.ts';
import type { Message } from './message.ts';

/** What to do with a message for which the deserializer throws or rejects. */
export type Unparsable = 'fail' | 'skip' | { readonly sink: MessageSink; readonly topic: string };

/** In place of a message: the reader does not get it. */
export const skipped = Symbol('skipped');
export type Skipped = typeof skipped;

/** Does what the policy says: throws again, or gives `skipped`, once the dead letter is written where there is one. */
export type HandleUnparsable = (error: unknown, message: Message) => Skipped | Promise<Skipped>;

export function unparsableHandler(
  policy: Unparsable,
  { cluster, consumerGroup }: { readonly cluster: Cluster; readonly consumerGroup: string | undefined },
): HandleUnparsable {
  return (error, message) => {
    if (policy === 'fail') throw error;
    const { topic, partition, offset } = message;
    cluster.options.logger.warn({ error, topic, partition, offset }, 'a message that the deserializer rejected is skipped');
    publish(channels.consumerError, () => ({ topic, partition, error: error as Error }));
    if (policy === 'skip') return skipped;
    const failure = { error, attempts: 1, consumerGroup, failedAt: cluster.options.clock.wallTime() };
    return policy.sink.send(deadLetterOf(message, policy.topic, failure)).then(() => skipped);
  };
}
