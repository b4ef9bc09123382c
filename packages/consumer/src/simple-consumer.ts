import type { KafkaClient, Topic } from '@tskafka/core';
import { Consumer } from './consumer.ts';
import { Engine } from './engine.ts';
import { FixedAssignment } from './fixed-assignment.ts';
import { resolveConsumerOptions, type SimpleConsumerOptions } from './options.ts';
import { fixedSource } from './partition-source.ts';
import { endOffsets, startOffsets } from './start-offsets.ts';

/** Reads the partitions that you choose, without sharing them: a group only stores its offsets. PyKafka: SimpleConsumer. */
export class SimpleConsumer<Value = Buffer | null, Key = Buffer | null> extends Consumer<Value, Key> {
  /**
   * A consumer that reads nothing until start(). PyKafka: auto_start=False.
   *
   * Throws TypeError or RangeError for a bad option, and TypeError for an option that does not exist.
   */
  constructor(source: Topic | KafkaClient, options: SimpleConsumerOptions<Value, Key> = {}) {
    const resolved = resolveConsumerOptions('SimpleConsumer', options, ['topics', 'partitions']);
    const assignment = new FixedAssignment(source, options);
    const { cluster } = assignment;
    const { until, isolation } = resolved;
    const partitions = fixedSource(async (isKnown, signal) => {
      const added = (await assignment.partitions(signal)).filter((partition) => !isKnown(partition));
      const starts = await startOffsets(cluster, added, { ...resolved, signal });
      const ends = until && (await endOffsets(cluster, added, { until, isolation, signal }));
      return starts.map((start, i) => ({ ...start, until: ends?.[i] ?? Infinity }));
    });
    super(new Engine(cluster, resolved, partitions), partitions);
  }

  /** Creates and starts a consumer of a topic, or of the `topics` in the options. Rejects with the errors of the constructor and of start(). */
  static async start<Value = Buffer | null, Key = Buffer | null>(
    source: Topic | KafkaClient,
    options: SimpleConsumerOptions<Value, Key> = {},
  ): Promise<SimpleConsumer<Value, Key>> {
    const consumer = new SimpleConsumer<Value, Key>(source, options);
    await consumer.start();
    return consumer;
  }
}
