import type { OffsetSpec, TopicPartition } from '@tskafka/core';
import { type OffsetToCommit, partitionName, type Place, placeOf, shown } from '@tskafka/core/internal';
import type { PartitionQueue } from './partition-queue.ts';

/** A partition of a consumer, and its position. PyKafka: OwnedPartition. */
export interface ConsumerPartition extends TopicPartition {
  /** The offset of the next message. PyKafka's last_offset_consumed is the one before it. */
  readonly position: number;
}

/** A partition: by its number if the consumer has one topic, or with its topic. */
export type PartitionKey = number | TopicPartition;

/** Checks that these are pairs: programs without types give kafkajs' objects, or one pair alone. */
export function pairsOf<T>(given: Iterable<readonly [PartitionKey, T]>): (readonly [PartitionKey, T])[] {
  const pairs = isIterable(given) ? [...given] : [undefined];
  if (pairs.every((pair) => Array.isArray(pair))) return pairs;
  throw new TypeError(`offsets are given as [[partition, offset]] or [[{ topic, partition }, offset]], not ${shown(given)}`);
}

/** Whether it can be gone through: programs without types give one thing where a list is wanted. */
export function isIterable(value: unknown): boolean {
  return typeof (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === 'function';
}

function isKey(key: unknown): key is PartitionKey {
  if (typeof key === 'number') return true;
  const { topic, partition } = (key ?? {}) as Partial<TopicPartition>;
  return typeof topic === 'string' && typeof partition === 'number';
}

/** The partitions that a consumer reads. */
export class ConsumerPartitions implements Iterable<PartitionQueue> {
  readonly #byName = new Map<string, PartitionQueue>();

  [Symbol.iterator](): IterableIterator<PartitionQueue> {
    return this.#byName.values();
  }

  add(partition: PartitionQueue): void {
    this.#byName.set(partitionName(partition), partition);
  }

  delete(partition: PartitionQueue): void {
    this.#byName.delete(partitionName(partition));
  }

  has(partition: TopicPartition): boolean {
    return this.#byName.has(partitionName(partition));
  }

  /** Whether it is still read: after a rebalance another one may have its name. */
  holds(partition: PartitionQueue): boolean {
    return this.#byName.get(partitionName(partition)) === partition;
  }

  /** The one that is meant. Throws RangeError when it is not read, and TypeError for a number where there are several topics. */
  get(key: PartitionKey): PartitionQueue {
    if (!isKey(key)) throw new TypeError(`a partition is a number or { topic, partition }, not ${shown(key)}`);
    const name = typeof key === 'number' ? this.byNumber().get(key) : key;
    const found = name && this.#byName.get(partitionName(name));
    if (found !== undefined) return found;
    const none = this.#byName.size === 0 ? ': it reads none' : '';
    throw new RangeError(`partition ${typeof key === 'number' ? key : partitionName(key)} is not one that this consumer reads${none}`);
  }

  /** Those that are meant, once each; all when none is named. */
  chosen(keys: Iterable<PartitionKey> | undefined): PartitionQueue[] {
    if (keys === undefined) return [...this];
    if (!isIterable(keys)) throw new TypeError(`partitions are given as a list, such as [0, 1], not ${shown(keys)}`);
    return [...new Set([...keys].map((key) => this.get(key)))];
  }

  /** Partitions and where to jump in each, the last word about one counting; without `given` to `autoOffsetReset` in all. */
  places(given: Iterable<readonly [PartitionKey, OffsetSpec]> | undefined, autoOffsetReset: Place | 'none'): [PartitionQueue, Place][] {
    if (given !== undefined) return [...new Map(pairsOf(given).map(([key, place]) => [this.get(key), placeOf(place)]))];
    if (autoOffsetReset === 'none') throw new TypeError("resetOffsets needs offsets, because autoOffsetReset is 'none'");
    return [...this].map((partition) => [partition, autoOffsetReset]);
  }

  /** Where each stands. */
  list(): ConsumerPartition[] {
    return [...this].map(({ topic, partition, position }) => ({ topic, partition, position: position.next }));
  }

  /** The same by number. Throws TypeError where numbers would not tell topics apart. */
  byNumber(): Map<number, ConsumerPartition> {
    const all = this.list();
    const other = all.find(({ topic }) => topic !== all[0]!.topic);
    if (other !== undefined) throw new TypeError(`'${all[0]!.topic}' and '${other.topic}' are both read: use assignment`);
    return new Map(all.map((entry) => [entry.partition, entry]));
  }

  /** What a commit stores: how far each has been read, or only those of which something has. */
  toCommit({ readOnly = false } = {}): OffsetToCommit[] {
    return [...this]
      .filter(({ position, done }) => !readOnly || position.isReadUpTo(done.offset))
      .map(({ topic, partition, topicId, done: { offset, leaderEpoch } }) => ({ topic, partition, topicId, offset, leaderEpoch }));
  }

  /** Whether each has come to the end that was set for it. */
  get areDone(): boolean {
    for (const partition of this) if (!partition.isDone) return false;
    return true;
  }
}
