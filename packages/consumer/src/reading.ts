import type { TopicPartition } from '@tskafka/core';
import { type Cluster, partitionName, type Place, Position, resolveOffsets } from '@tskafka/core/internal';
import type { ConsumerPartitions } from './consumer-partitions.ts';
import { Fetcher } from './fetcher.ts';
import { messageMaker } from './message.ts';
import { MessageQueue } from './message-queue.ts';
import type { ResolvedConsumerOptions } from './options.ts';
import { PartitionQueue } from './partition-queue.ts';
import type { ReadRange } from './partition-source.ts';
import { unparsableHandler } from './unparsable.ts';

export interface ReadingOptions<Value, Key> extends ResolvedConsumerOptions<Value, Key> {
  readonly cluster: Cluster;
  readonly partitions: ConsumerPartitions;
  /** Throws when the consumer is closed. */
  readonly throwIfOver: () => void;
  /** There may be something to hand out. */
  readonly onReady: () => void;
  readonly onUnavailable: (error: Error) => void;
  readonly onError: (error: Error) => void;
}

/** Partitions that are read, from when they come to when they go: what is fetched of each, and from where it is handed out. */
export class Reading<Value, Key> {
  readonly queue: MessageQueue<Value, Key>;
  readonly fetcher: Fetcher;
  /** Where partitions stand that are to go before anything of them was read: if they come back at once, they begin there. */
  readonly unread = new Map<string, number>();
  readonly #options: ReadingOptions<Value, Key>;
  readonly #partitions: ConsumerPartitions;

  constructor(options: ReadingOptions<Value, Key>) {
    const { cluster } = options;
    this.#options = options;
    this.#partitions = options.partitions;
    this.queue = new MessageQueue<Value, Key>({
      ...options,
      clock: cluster.options.clock,
      deserializes: options.deserializer !== undefined,
      toMessage: messageMaker(options.deserializer, options.copyValues),
      onUnparsable: unparsableHandler(options.unparsable, options),
      onAnswerRead: (answer) => this.fetcher.answerRead(answer),
      onRoom: () => this.fetcher.moreRoom(),
      onUnreadable: (partition) => this.fetcher.later(partition),
    });
    this.fetcher = new Fetcher({ ...options, queue: this.queue as MessageQueue<unknown, unknown> });
  }

  /** Partitions that are this consumer's from now on; begin() reads them. */
  take(ranges: readonly ReadRange[]): void {
    this.unread.clear();
    for (const range of ranges) {
      this.#partitions.add(new PartitionQueue(new Position(range, range.offset, range.isGiven, range.leaderEpoch), range.until));
    }
  }

  begin(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.fetcher.add(this.#partitions.get(partition));
  }

  /** Jumps to these places; what was fetched ahead is thrown away. Nothing moves where one of them does not exist. */
  async jump(wanted: readonly (readonly [PartitionQueue, Place])[], signal: AbortSignal | undefined): Promise<void> {
    const { cluster, isolation, throwIfOver } = this.#options;
    const asked = wanted.map(([{ topic, partition }, place]) => ({ topic, partition, place }));
    const resolved = await resolveOffsets(cluster, asked, { isolation, signal });
    throwIfOver();
    const gone = wanted.find(([partition]) => !this.#partitions.holds(partition));
    if (gone !== undefined) throw new RangeError(`${partitionName(gone[0])} was taken from this consumer before it could seek`);
    wanted.forEach(([partition], i) => {
      this.queue.disown(partition);
      partition.position.moveTo(resolved[i]!.offset);
      partition.failures = 0;
      partition.retryAt = -Infinity;
    });
    this.fetcher.moved(wanted.map(([partition]) => partition));
  }

  /** Hands out again what was handed out from this place on. */
  rewind(partition: PartitionQueue, { offset, leaderEpoch }: { readonly offset: number; readonly leaderEpoch: number }): void {
    this.queue.disown(partition);
    partition.position.returnTo(offset, leaderEpoch);
    this.setFull(partition, false);
    this.fetcher.moved([partition]);
  }

  pause(partitions: readonly PartitionQueue[]): void {
    for (const partition of partitions) {
      partition.isPaused = true;
      this.queue.rest(partition);
    }
  }

  resume(partitions: readonly PartitionQueue[]): void {
    for (const partition of partitions) {
      partition.isPaused = false;
      this.queue.goOn(partition);
    }
    this.fetcher.wake();
  }

  /** As many messages of a partition are in hand as may be at once, or fewer again. */
  setFull(partition: PartitionQueue, isFull: boolean): void {
    partition.isFull = isFull;
    if (isFull) this.queue.rest(partition);
    else this.queue.goOn(partition);
  }

  /** Hands out no more of these partitions. They stay this consumer's, for a last commit. */
  halt(partitions: readonly TopicPartition[]): PartitionQueue[] {
    const halted = this.#those(partitions);
    for (const partition of halted) {
      if (partition.position.isUnread) this.unread.set(partitionName(partition), partition.position.next);
      partition.isLeaving = true;
      this.fetcher.delete(partition);
      this.queue.rest(partition);
    }
    this.fetcher.moved(halted);
    return halted;
  }

  /** They are this consumer's no longer: handlers are told, and what was fetched is thrown away. */
  drop(partitions: readonly TopicPartition[], reason: Error): PartitionQueue[] {
    const dropped = this.#those(partitions);
    for (const partition of dropped) {
      partition.leave(reason);
      this.fetcher.delete(partition);
      this.queue.disown(partition);
      this.#partitions.delete(partition);
    }
    this.fetcher.moved(dropped);
    return dropped;
  }

  /** Those of these partitions that are this consumer's. */
  #those(partitions: readonly TopicPartition[]): PartitionQueue[] {
    return partitions.filter((partition) => this.#partitions.has(partition)).map((partition) => this.#partitions.get(partition));
  }
}
