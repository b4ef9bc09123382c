import type { MessageBytes } from '@tskafka/core';
import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { messageToPlace, murmur2Partitioner, type Partitioner } from '../partitioner.ts';
import {
  consistentPartitioner,
  consistentRandomPartitioner,
  fnv1aPartitioner,
  fnv1aRandomPartitioner,
  murmur2OfAllPartitioner,
} from './librdkafka.ts';
import { groupHashingPartitioner, hashingPartitioner, roundRobinPartitioner } from './pykafka.ts';

const choose = (partitioner: Partitioner, key: MessageBytes | null, partitions: number, topic = 'orders'): number | undefined =>
  partitioner({
    topic,
    partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
      ...{ partitionId, leader: 1, replicas: [1], isr: [1], offlineReplicas: [], partitionErrorCode: 0 },
    })),
    message: messageToPlace({ topic, key, value: null }, []),
  });

const keys = ['a', 'user-1', 'orders', 'schlüssel', '鍵', '0123456789abcdef0123', 'x', 'hello world'];

// Where kcat 1.7.1 (librdkafka 2.0.2) put these keys with `-X partitioner=...`, of seven partitions.
describe.each<[string, Partitioner, number[], withoutKey: number | undefined, empty: number | undefined]>([
  ['consistent', consistentPartitioner, [4, 5, 5, 6, 3, 2, 1, 5], 0, 0],
  ['consistent_random', consistentRandomPartitioner, [4, 5, 5, 6, 3, 2, 1, 5], undefined, undefined],
  ['murmur2', murmur2OfAllPartitioner, [5, 3, 1, 5, 0, 5, 4, 2], 2, 2],
  ['murmur2_random', murmur2Partitioner, [5, 3, 1, 5, 0, 5, 4, 2], undefined, 2],
  ['fnv1a', fnv1aPartitioner, [6, 1, 3, 3, 3, 5, 0, 4], 2, 2],
  ['fnv1a_random', fnv1aRandomPartitioner, [6, 1, 3, 3, 3, 5, 0, 4], undefined, 2],
])("librdkafka's %s", (_name, partitioner, expected, withoutKey, empty) => {
  it('puts keys where librdkafka does', () => {
    expect(keys.map((key) => choose(partitioner, key, 7))).toEqual(expected);
  });

  it('says what becomes of no key, and of an empty one', () => {
    expect(choose(partitioner, null, 7)).toBe(withoutKey);
    expect(choose(partitioner, '', 7)).toBe(empty);
  });
});

describe("PyKafka's", () => {
  it('hashing partitioner puts the keys a to j where the real one was seen to', () => {
    const partitioner = hashingPartitioner();
    expect([...'abcdefghij'].map((key) => choose(partitioner, key, 3))).toEqual([1, 0, 2, 2, 2, 1, 1, 1, 1, 1]);
  });

  it('hashing partitioner takes a hash of any size and sign, and no message without a key', () => {
    expect(
      choose(
        hashingPartitioner(() => -7),
        'a',
        5,
      ),
    ).toBe(2);
    expect(() => choose(hashingPartitioner(), null, 3)).toThrow("a message to 'orders' needs a key");
  });

  it('group hashing partitioner spreads a key over the partitions from its hash on', () => {
    const draws = [0, 0.34, 0.99, 0.5];
    const partitioner = groupHashingPartitioner(
      () => 3,
      3,
      () => draws.shift()!,
    );
    expect([1, 2, 3, 4].map(() => choose(partitioner, 'a', 5))).toEqual([3, 4, 0, 4]);
    expect(() => groupHashingPartitioner(() => 1, 0)).toThrow('groupSize must be');
    expect(() => choose(partitioner, 'a', 2)).toThrow("'orders' has 2 partitions, and groupSize is 3");
  });

  it('group hashing partitioner spreads each of two keys that alternate', () => {
    const partitioner = groupHashingPartitioner((key) => (key === 'a' ? 0 : 2), 2);
    const seen = { a: new Set(), b: new Set() };
    for (let i = 0; i < 200; i++) for (const key of ['a', 'b'] as const) seen[key].add(choose(partitioner, key, 4));
    expect([seen.a, seen.b]).toEqual([new Set([0, 1]), new Set([2, 3])]);
  });

  it('random partitioner takes turns, from partition 1 on, in each topic for itself', () => {
    const partitioner = roundRobinPartitioner();
    const topics = ['orders', 'orders', 'totals', 'orders', 'totals', 'orders'];
    expect(topics.map((topic) => choose(partitioner, 'a', 3, topic))).toEqual([1, 2, 1, 0, 2, 1]);
  });
});

describe("kafkajs'", () => {
  const bytes = new Uint8Array([0, 1, 0x7f, 0x80, 0xff]);

  it.each([
    ['DefaultPartitioner', Partitioners.DefaultPartitioner],
    ['JavaCompatiblePartitioner', Partitioners.JavaCompatiblePartitioner],
  ])('%s fits as it is, and agrees with ours on keys', (_name, create) => {
    const theirs: Partitioner = create();
    expect([...keys, bytes].map((key) => choose(theirs, key, 12))).toEqual(
      [...keys, bytes].map((key) => choose(murmur2Partitioner, key, 12)),
    );
  });

  it('LegacyPartitioner fits as it is: the same key goes to the same partition, as text and as bytes', () => {
    const theirs: Partitioner = Partitioners.LegacyPartitioner();
    // Where kafkajs 2.2.4 was seen to put them.
    expect(keys.map((key) => choose(theirs, key, 12))).toEqual([7, 7, 0, 8, 1, 8, 9, 5]);
    for (const key of keys) {
      const asBytes = new Uint8Array(Buffer.from(key));
      expect(choose(theirs, asBytes, 12)).toBe(choose(theirs, key, 12));
    }
  });
});
