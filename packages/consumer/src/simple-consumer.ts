import type { KafkaClient, Topic, TopicPartition } from '@tskafka/core';
import { Consumer, type ReadRange } from './consumer.ts';
import { FixedAssignment } from './fixed-assignment.ts';
import { type ResolvedConsumerOptions, resolveConsumerOptions, type SimpleConsumerOptions } from './options.ts';
import { endOffsets, startOffsets } from './start-offsets.ts';

/** Reads partitions that it does not share: a group is only where it keeps its offsets. PyKafka: SimpleConsumer. */
export class SimpleConsumer<Value = Buffer | null, Key = Buffer | null> extends Consumer<Value, Key> {
  readonly #assignment: FixedAssignment;
  readonly #options: ResolvedConsumerOptions<Value, Key>;

  /**
   * A consumer that reads nothing until start(). PyKafka: auto_start=False.
   *
   * Throws TypeError or RangeError for a bad option, and TypeError for an option that does not exist.
   */
  constructor(source: Topic | KafkaClient, options: SimpleConsumerOptions<Value, Key> = {}) {
    const resolved = resolveConsumerOptions('SimpleConsumer', options, ['topics', 'partitions']);
    const assignment = new FixedAssignment(source, options);
    super(assignment.cluster, resolved);
    this.#assignment = assignment;
    this.#options = resolved;
  }

  /** A running consumer of a topic, or of the client's topics that the options name. Rejects as the constructor and start() do. */
  static async start<Value = Buffer | null, Key = Buffer | null>(
    source: Topic | KafkaClient,
    options: SimpleConsumerOptions<Value, Key> = {},
  ): Promise<SimpleConsumer<Value, Key>> {
    const consumer = new SimpleConsumer<Value, Key>(source, options);
    await consumer.start();
    return consumer;
  }

  protected override async rangesToRead(isKnown: (partition: TopicPartition) => boolean, signal: AbortSignal): Promise<ReadRange[]> {
    const { cluster } = this.#assignment;
    const partitions = (await this.#assignment.partitions(signal)).filter((partition) => !isKnown(partition));
    const starts = await startOffsets(cluster, partitions, { ...this.#options, signal });
    const { until, isolation } = this.#options;
    const ends = until && (await endOffsets(cluster, partitions, { until, isolation, signal }));
    return starts.map((start, i) => ({ ...start, until: ends?.[i] ?? Infinity }));
  }
}
