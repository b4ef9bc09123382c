import type { Cluster, TopicMetadata } from '@tskafka/core/internal';
import { VirtualClock } from '@tskafka/testing';
import { expect, it } from 'vitest';
import { BatchMemory } from './batch-memory.ts';
import { BufferRoom } from './buffer-room.ts';
import { murmur2Partitioner, type Partitioner, partitionOfKey } from './partitioner.ts';
import { ProducerIds } from './producer-id.ts';
import { TopicQueues } from './topic-queues.ts';
import { Turns } from './turns.ts';

/** `orders` with these leaders. */
function metadata(...leaders: (number | undefined)[]): TopicMetadata {
  const partitions = leaders.map((leader, partition) => {
    return [partition, { partition, leader, leaderEpoch: 0, replicas: [1, 2], isr: [1], offlineReplicas: [2] }] as const;
  });
  return { name: 'orders', topicId: undefined, isInternal: false, partitions: new Map(partitions) };
}

function setup(partitioner: Partitioner = murmur2Partitioner) {
  const clock = new VirtualClock();
  let state = 1;
  const unreachable = new Set<number>();
  const topic = new TopicQueues('orders', {
    idempotent: true,
    batchBytes: 1024 * 1024,
    deliveryTimeoutMs: 1000,
    retryBackoff: { initialMs: 100, maxMs: 1000 },
    clock,
    random: () => (state = (state * 16807) % 2147483647) / 2147483647,
    ids: new ProducerIds(undefined as unknown as Cluster),
    memory: new BatchMemory(2 ** 20),
    compression: 'none',
    compressionLevel: undefined,
    turns: new Turns(4),
    changed: () => {},
    isUnreachable: (broker) => unreachable.has(broker),
    undelivered: () => {},
    partitioner,
    room: new BufferRoom({ maxBufferedBytes: 2 ** 30, maxBlockMs: 1000, blockOnQueueFull: true, clock }),
  });
  topic.follow(metadata(1, 1, 1, 1));
  /** The records in each partition. */
  const counts = (): number[] => topic.queues.map(({ batches }) => batches.reduce((sum, { recordCount }) => sum + recordCount, 0));
  const append = (message: { key?: string | null; partition?: number }): void =>
    topic.append({ topic: 'orders', value: 'x'.repeat(1000), ...message }, [], undefined);
  return { topic, append, counts, unreachable };
}

it('keeps messages without a key together for 16 KiB, and then chooses another partition (KIP-794)', () => {
  const { append, counts } = setup();
  for (let i = 0; i < 12; i++) append({});
  expect(counts().filter((count) => count > 0)).toEqual([12]);
  for (let i = 0; i < 2000; i++) append({ key: null });
  for (const count of counts()) expect(count).toBeGreaterThan(300);
});

it('chooses no partition whose leader is out of reach, as long as there is another', () => {
  const { topic, append, counts, unreachable } = setup();
  topic.follow(metadata(1, 2, 1, 2));
  unreachable.add(2);
  for (let i = 0; i < 500; i++) append({});
  expect(counts()).toEqual([expect.any(Number), 0, expect.any(Number), 0]);
  unreachable.add(1);
  for (let i = 0; i < 2000; i++) append({});
  for (const count of counts()) expect(count).toBeGreaterThan(100);
});

it('gives fewer of them to a partition that does not get rid of what it has (KIP-794)', () => {
  const { topic, append, counts } = setup();
  topic.follow(metadata(1, 1, 1, 1));
  for (let i = 0; i < 500; i++) append({ partition: 2 });
  const before = counts()[2]!;
  for (let i = 0; i < 1000; i++) append({});
  const [a, b, c, d] = counts();
  expect(c! - before).toBeLessThan(100);
  for (const count of [a, b, d]) expect(count).toBeGreaterThan(200);
});

it('chooses no partition without a leader for them, as long as another has one', () => {
  const { topic, append, counts } = setup();
  topic.follow(metadata(undefined, 1, undefined, 1));
  for (let i = 0; i < 500; i++) append({});
  const [a, b, c, d] = counts();
  expect([a, c]).toEqual([0, 0]);
  expect(Math.min(b!, d!)).toBeGreaterThan(100);
  topic.follow(metadata(undefined, undefined, undefined, undefined));
  for (let i = 0; i < 500; i++) append({});
  expect(counts().reduce((sum, count) => sum + count)).toBe(1000);
});

it('puts a key where Java does, and a message that names its partition there', () => {
  const { append, counts } = setup();
  append({ key: 'user-1' });
  expect(counts().indexOf(1)).toBe(partitionOfKey('user-1', 4));
  append({ key: 'user-1', partition: 3 });
  expect(counts()[3]).toBe(partitionOfKey('user-1', 4) === 3 ? 2 : 1);
});

it('gives a partitioner what kafkajs gives it, and leaves to the producer what it leaves open', () => {
  const seen: unknown[] = [];
  const { append, counts } = setup((choice) => {
    seen.push(choice);
    return choice.message.key === 'last' ? choice.partitionMetadata.length - 1 : undefined;
  });
  append({ key: 'last' });
  expect(counts()).toEqual([0, 0, 0, 1]);
  expect(seen[0]).toMatchObject({ topic: 'orders', message: { key: 'last' } });
  expect((seen[0] as { partitionMetadata: unknown[] }).partitionMetadata[2]).toEqual({
    partitionId: 2,
    leader: 1,
    replicas: [1, 2],
    isr: [1],
    offlineReplicas: [2],
    partitionErrorCode: 0,
  });
  append({ key: 'other' });
  expect(counts().reduce((sum, count) => sum + count)).toBe(2);
});

it('refuses what a partitioner should not choose', () => {
  const { append } = setup(() => 4);
  expect(() => append({})).toThrow(new RangeError("'orders' has no partition 4: it has 4, numbered from 0"));
});

it('takes in partitions that are added, with what the others hold', () => {
  const { topic, append, counts } = setup();
  append({ partition: 0 });
  topic.follow(metadata(1, 1, 1, 1, 1, 1));
  append({ partition: 5 });
  expect(counts()).toEqual([1, 0, 0, 0, 0, 1]);
});
