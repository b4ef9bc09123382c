import { createHash } from 'node:crypto';
import type { MessageBytes, Random } from '@tskafka/core';
import type { Partitioner } from '../partitioner.ts';

/** The hash of a key: a number of any size and sign. */
export type HashFunction = (key: MessageBytes) => bigint | number;

/** One partition after the other, whatever the key. PyKafka: RandomPartitioner, which also begins at partition 1. */
export function roundRobinPartitioner(): Partitioner {
  const turns = new Map<string, number>();
  return ({ topic, partitionMetadata: { length } }) => {
    const next = ((turns.get(topic) ?? 0) + 1) % length;
    turns.set(topic, next);
    return next;
  };
}

/**
 * The hash of the key, by default SHA-1, modulo the number of partitions. PyKafka: HashingPartitioner. A message without a key is refused
 * with TypeError.
 */
export function hashingPartitioner(hash: HashFunction = sha1): Partitioner {
  return groupHashingPartitioner(hash, 1);
}

/**
 * Spreads each key over `groupSize` partitions, starting at its hash: each message goes to a random one of them. PyKafka:
 * GroupHashingPartitioner. `random` returns numbers from 0 up to 1. Throws RangeError for a groupSize below 1. A message without a key, or
 * to a topic with fewer partitions, is refused with TypeError or RangeError.
 */
// eslint-disable-next-line no-restricted-properties -- a partitioner is made before it has a client, whose chance it could take
export function groupHashingPartitioner(hash: HashFunction, groupSize: number, random: Random = Math.random): Partitioner {
  if (!Number.isInteger(groupSize) || groupSize < 1)
    throw new RangeError(`groupSize must be a whole number of at least 1, not ${groupSize}`);
  return ({ topic, partitionMetadata: { length }, message: { key } }) => {
    if (key === null) throw new TypeError(`a message to '${topic}' needs a key, from which this partitioner chooses its partition`);
    if (groupSize > length) throw new RangeError(`'${topic}' has ${length} partitions, and groupSize is ${groupSize}`);
    const chosen = BigInt(hash(key)) + BigInt(Math.floor(random() * groupSize));
    return Number((chosen < 0n ? -chosen : chosen) % BigInt(length));
  };
}

function sha1(key: MessageBytes): bigint {
  return BigInt(`0x${createHash('sha1').update(key).digest('hex')}`);
}
