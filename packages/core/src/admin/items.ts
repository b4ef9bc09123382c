import { shown } from '../check-options.ts';
import { partitionName, type TopicPartition } from '../topic-partition.ts';

/** Checks of what a caller names, before anything is sent. */

/** A text that is not empty: the name of a topic, a group, a user. */
export function checkName(what: string, name: unknown): asserts name is string {
  if (typeof name !== 'string' || name === '') throw new TypeError(`${what} must be a non-empty string, not ${shown(name)}`);
}

/**
 * Refuses what is no list; a single string most of all, which is one of letters. Without `check` its items are texts, which may be empty:
 * Kafka has a group of that name.
 */
export function checkList<Item>(what: string, items: readonly Item[], check?: (item: Item) => void): void {
  if (!Array.isArray(items)) throw new TypeError(`${what} must be given as an array, not ${shown(items)}`);
  items.forEach(check ?? ((item) => checkText(`each of ${what}`, item)));
}

export function checkText(what: string, text: unknown): asserts text is string {
  if (typeof text !== 'string') throw new TypeError(`${what} must be a string, not ${shown(text)}`);
}

/** One of a few words, or a TypeError that names them all. */
export function checkWord<Word extends string>(what: string, word: unknown, words: readonly Word[]): asserts word is Word {
  if (!words.includes(word as Word)) throw new TypeError(`${what} must be one of ${words.join(', ')}, not ${shown(word)}`);
}

/** The words of a table, by which Kafka's numbers go. */
export function keysOf<Word extends string>(table: Readonly<Record<Word, number>>): Word[] {
  return Object.keys(table) as Word[];
}

/** The word for one of Kafka's numbers; a newer broker may have some that we do not know. */
export function wordOf<Word extends string>(table: Readonly<Record<Word, number>>, number: number): Word | 'unknown' {
  return keysOf(table).find((word) => table[word] === number) ?? 'unknown';
}

export function checkPartition({ topic, partition }: TopicPartition): void {
  checkName('a topic', topic);
  if (!Number.isInteger(partition) || partition < 0 || partition > 0x7fff_ffff) {
    throw new TypeError(`a partition of topic '${topic}' must be a whole number of at least 0, not ${shown(partition)}`);
  }
}

/** Checks a list of partitions, none of which may be named twice. */
export function checkPartitions(what: string, partitions: readonly TopicPartition[]): void {
  checkList(what, partitions, checkPartition);
  checkTwins(partitions, fullPartitionName);
}

export function checkBrokerId(id: unknown): asserts id is number {
  if (!Number.isInteger(id) || (id as number) < 0)
    throw new TypeError(`a broker's id must be a whole number of at least 0, not ${shown(id)}`);
}

/** An id as Kafka writes it (KIP-516). */
export function checkUuid(what: string, id: unknown): asserts id is string {
  if (typeof id !== 'string' || !/^[\w-]{22}$/.test(id))
    throw new TypeError(`${what} must be 22 letters, digits, '-' and '_', not ${shown(id)}`);
}

/** Refuses two items with the same name: Kafka would do one of them, and nobody could tell which. */
export function checkTwins<Item>(items: readonly Item[], nameOf: (item: Item) => string): void {
  const names = new Set<string>();
  for (const name of items.map(nameOf)) {
    if (names.has(name)) throw new TypeError(`${name} is named twice`);
    names.add(name);
  }
}

/** A partition as a sentence names it. */
export function fullPartitionName(place: TopicPartition): string {
  return `partition ${partitionName(place)}`;
}
