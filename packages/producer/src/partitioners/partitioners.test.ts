import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { murmur2Partitioner, type Partitioner } from '../partitioner.ts';
import {
  consistentPartitioner,
  consistentRandomPartitioner,
  fnv1aPartitioner,
  fnv1aRandomPartitioner,
  murmur2OfAllPartitioner,
} from './librdkafka.ts';
import { groupHashingPartitioner, hashingPartitioner, roundRobinPartitioner } from './pykafka.ts';

const choose = (partitioner: Partitioner, key: string | null, partitions: number): number | undefined =>
  partitioner({
    topic: 'orders',
    partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
      ...{ partitionId, leader: 1, replicas: [1], isr: [1], offlineReplicas: [], partitionErrorCode: 0 },
    })),
    message: { topic: 'orders', key, value: null },
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
    expect(() => choose(hashingPartitioner(), null, 3)).toThrow("a message to 'orders' without a key");
  });

  it('group hashing partitioner spreads a key over the partitions from its hash on', () => {
    const partitioner = groupHashingPartitioner(() => 3, 3);
    expect([1, 2, 3, 4].map(() => choose(partitioner, 'a', 5))).toEqual([3, 4, 0, 3]);
    expect(() => groupHashingPartitioner(() => 1, 0)).toThrow('groupSize must be');
    expect(() => choose(partitioner, 'a', 2)).toThrow("'orders' has 2 partitions, and groupSize is 3");
  });

  it('random partitioner takes turns, from partition 1 on, in each topic for itself', () => {
    const partitioner = roundRobinPartitioner();
    expect([1, 2, 3, 4].map(() => choose(partitioner, 'a', 3))).toEqual([1, 2, 0, 1]);
  });
});

describe("kafkajs'", () => {
  it.each([
    ['DefaultPartitioner', Partitioners.DefaultPartitioner, murmur2Partitioner],
    ['JavaCompatiblePartitioner', Partitioners.JavaCompatiblePartitioner, murmur2Partitioner],
  ] as const)('%s fits as it is, and agrees with ours on keys', (_name, create, ours) => {
    const theirs = create() as unknown as Partitioner;
    expect(keys.map((key) => choose(theirs, key, 12))).toEqual(keys.map((key) => choose(ours, key, 12)));
  });

  it('LegacyPartitioner fits as it is', () => {
    const theirs = Partitioners.LegacyPartitioner() as unknown as Partitioner;
    for (const key of keys) expect(choose(theirs, key, 12)).toBeLessThan(12);
  });
});
