import type { MessageBytes } from '@tskafka/core';
import type { Partitioner } from '../partitioner.ts';
import { murmur2 } from '../murmur2.ts';
import { crc32 } from './crc32.ts';
import { fnv1a } from './fnv1a.ts';

// The partitioners of librdkafka, and so of the clients on it in Python, Go, .NET and Node, by its names. Where it takes a random
// partition, the producer fills one after the other.

/** CRC32 of the key; no key counts as an empty one. librdkafka: consistent. */
export const consistentPartitioner: Partitioner = hashing(crc32, 'as empty');

/** CRC32 of the key; messages without a key, or with an empty one, are spread. librdkafka's default: consistent_random. */
export const consistentRandomPartitioner: Partitioner = hashing(crc32, 'anywhere, and empty ones too');

/** Java's murmur2 of the key; no key counts as an empty one. librdkafka: murmur2. Its murmur2_random is our default, murmur2Partitioner. */
export const murmur2OfAllPartitioner: Partitioner = hashing((key) => murmur2(key) & 0x7fffffff, 'as empty');

/** FNV-1a of the key, as in Sarama; no key counts as an empty one. librdkafka: fnv1a. */
export const fnv1aPartitioner: Partitioner = hashing(fnv1a, 'as empty');

/** FNV-1a of the key, as in Sarama; messages without a key are spread. librdkafka: fnv1a_random. */
export const fnv1aRandomPartitioner: Partitioner = hashing(fnv1a, 'anywhere');

function hashing(hash: (key: MessageBytes) => number, withoutKey: 'as empty' | 'anywhere' | 'anywhere, and empty ones too'): Partitioner {
  return ({ partitionMetadata, message: { key } }) => {
    if (withoutKey !== 'as empty' && key === null) return undefined;
    if (withoutKey === 'anywhere, and empty ones too' && key!.length === 0) return undefined;
    return hash(key ?? '') % partitionMetadata.length;
  };
}
