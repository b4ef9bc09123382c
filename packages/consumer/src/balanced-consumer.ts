import type { KafkaClient, Topic } from '@tskafka/core';
import { clusterOf } from '@tskafka/core/internal';
import { type BalancedConsumerOptions, checkTopics, resolveBalancedOptions, topicsToShare } from './balanced-options.ts';
import { Consumer } from './consumer.ts';
import { Engine } from './engine.ts';
import { GroupPartitions } from './group/group-partitions.ts';
import { startOrClose } from './start-or-close.ts';

/**
 * Shares the partitions of its topics with the other consumers of its group. Each partition is read by one of them at a time; when one leaves,
 * the others continue after its commits. PyKafka: BalancedConsumer and ManagedBalancedConsumer.
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

  /** Creates a consumer and joins its group. Rejects with the errors of the constructor and of start(). */
  static async start<Value = Buffer | null, Key = Buffer | null>(
    source: Topic | KafkaClient,
    options: BalancedConsumerOptions<Value, Key>,
  ): Promise<BalancedConsumer<Value, Key>> {
    return startOrClose(new BalancedConsumer<Value, Key>(source, options));
  }

  /**
   * Joins the group, and resolves with the first assignment, which may be empty until other members release their partitions.
   *
   * Rejects with BrokerError if the group refuses it (no authorization, no assignor in common, the group is full, another member has its
   * groupInstanceId), with KafkaError if there is no offset to start from and autoOffsetReset is 'none', with NoBrokersAvailableError if no
   * broker can be reached, with TimeoutError if brokers do not answer within the client's apiTimeoutMs, and with ClosedError after close() or
   * if the consumer ends meanwhile. Except after close(), it may be called again.
   */
  override start(): Promise<void> {
    return super.start();
  }

  /** Changes the topics, which rebalances the group. Throws TypeError for an empty list, and for a RegExp with flags other than u and v. */
  subscribe(topics: readonly string[] | RegExp): void {
    this.#partitions.subscribe(checkTopics(topics));
  }
}
