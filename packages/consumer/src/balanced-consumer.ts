import type { KafkaClient, Topic } from '@tskafka/core';
import { clusterOf } from '@tskafka/core/internal';
import { type BalancedConsumerOptions, checkTopics, resolveBalancedOptions, topicsToShare } from './balanced-options.ts';
import { Consumer } from './consumer.ts';
import { Engine } from './engine.ts';
import { GroupPartitions } from './group/group-partitions.ts';
import { startOrClose } from './start-or-close.ts';

/**
 * Shares the partitions of its topics with the other consumers of its group: each partition is read by one of them at a time, and where one
 * goes, the others take over behind what it has committed. PyKafka: BalancedConsumer and ManagedBalancedConsumer.
 */
export class BalancedConsumer<Value = Buffer | null, Key = Buffer | null> extends Consumer<Value, Key> {
  readonly #partitions: GroupPartitions;

  /**
   * A consumer that joins no group until start(). PyKafka: auto_start=False.
   *
   * Throws TypeError or RangeError for a bad option, and TypeError for an option that does not exist.
   */
  constructor(source: Topic | KafkaClient, options: BalancedConsumerOptions<Value, Key>) {
    const cluster = clusterOf('a consumer', source);
    const { reading, balanced } = resolveBalancedOptions(options);
    const topics = topicsToShare('name' in source ? source.name : undefined, options.topics);
    const partitions = new GroupPartitions(cluster, topics, reading, balanced);
    const engine = new Engine(cluster, reading, partitions);
    super(engine, partitions);
    this.#partitions = partitions;
    const { onAssigned, onRevoked, onLost, postRebalanceCallback } = options;
    partitions.attach(engine as Engine<unknown, unknown>, {
      onAssigned: onAssigned && ((given) => onAssigned(given, this)),
      onRevoked: onRevoked && ((taken, signal) => onRevoked(taken, this, { signal })),
      onLost: onLost && ((lost) => onLost(lost, this)),
      postRebalanceCallback: postRebalanceCallback && ((before, now) => postRebalanceCallback(this, before, now)),
    });
  }

  /** A running consumer that has joined its group. Rejects as the constructor and start() do. */
  static async start<Value = Buffer | null, Key = Buffer | null>(
    source: Topic | KafkaClient,
    options: BalancedConsumerOptions<Value, Key>,
  ): Promise<BalancedConsumer<Value, Key>> {
    return startOrClose(new BalancedConsumer<Value, Key>(source, options));
  }

  /**
   * Joins the group, and resolves with the first assignment, which may be empty while others give up what this one is to have.
   *
   * Rejects with BrokerError when the group will not have it (no authorization, no assignor in common, the group is full, another one
   * has its groupInstanceId), KafkaError when there is nothing to start from and autoOffsetReset is 'none', NoBrokersAvailableError
   * when no broker can be reached, TimeoutError when brokers have not answered within the client's apiTimeoutMs, and ClosedError after close()
   * and when the consumer ends meanwhile. It may be called again after each but after close().
   */
  override start(): Promise<void> {
    return super.start();
  }

  /** Other topics from now on: the group is rebalanced. Throws TypeError for a list that is empty, and for a pattern with flags but u and v. */
  subscribe(topics: readonly string[] | RegExp): void {
    this.#partitions.subscribe(checkTopics(topics));
  }
}
