import type { MessageBytes, Topic } from '@tskafka/core';
import { shown } from '@tskafka/core/internal';
import { checkList, type ProducerMessage, type RecordMetadata } from './message.ts';
import type { FlushOptions, Producer } from './producer.ts';

/** A message without its topic. */
export type TopicMessage<Value = MessageBytes, Key = MessageBytes> = Omit<ProducerMessage<Value, Key>, 'topic'>;

/** A view of a producer for one topic. It holds nothing, so any number of them costs nothing. PyKafka: `topic.get_producer()`. */
export class TopicProducer<Value = MessageBytes, Key = MessageBytes> {
  readonly topic: string;
  readonly #producer: Producer<Value, Key>;

  /** Use `producer.forTopic()`. Throws TypeError if `topic` is not a topic or its name. */
  constructor(topic: string | Topic, producer: Producer<Value, Key>) {
    const name: unknown = typeof topic === 'string' ? topic : topic?.name;
    if (typeof name !== 'string' || name === '') throw new TypeError(`forTopic needs a topic or its name, not ${shown(topic)}`);
    this.topic = name;
    this.#producer = producer;
  }

  /** Like `Producer.send`. */
  send(message: TopicMessage<Value, Key>): Promise<RecordMetadata> {
    return this.#producer.send({ ...message, topic: this.topic });
  }

  /** Like `Producer.produce`. */
  produce({ key, value, headers, timestamp, partition }: TopicMessage<Value, Key>): Promise<void> | undefined {
    return this.#producer.produce({ topic: this.topic, key, value, headers, timestamp, partition });
  }

  /** Like `Producer.sendBatch`. */
  async sendBatch(messages: readonly TopicMessage<Value, Key>[]): Promise<RecordMetadata[]> {
    checkList(messages);
    return this.#producer.sendBatch(messages.map((message) => ({ ...message, topic: this.topic })));
  }

  /** Flushes the whole producer. */
  flush(options?: FlushOptions): Promise<void> {
    return this.#producer.flush(options);
  }
}
