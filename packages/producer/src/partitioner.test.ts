import { expect, it } from 'vitest';
import { checkChoice, messageToPlace, murmur2Partitioner, partitionOfKey } from './partitioner.ts';

const partitions = (count: number) =>
  Array.from({ length: count }, (_, partitionId) => ({
    partitionId,
    leader: 1,
    replicas: [1],
    isr: [1],
    offlineReplicas: [],
    partitionErrorCode: 0,
  }));

/** `BuiltInPartitioner.partitionForKey` of kafka-clients 4.3.1. */
it.each([
  ['', 1, 0],
  ['', 3, 0],
  ['', 12, 9],
  ['', 100, 81],
  ['a', 1, 0],
  ['a', 3, 1],
  ['a', 12, 4],
  ['a', 100, 24],
  ['user-1', 1, 0],
  ['user-1', 3, 2],
  ['user-1', 12, 8],
  ['user-1', 100, 28],
  ['user-2', 1, 0],
  ['user-2', 3, 2],
  ['user-2', 12, 8],
  ['user-2', 100, 56],
  ['orders', 1, 0],
  ['orders', 3, 0],
  ['orders', 12, 0],
  ['orders', 100, 72],
  ['schlüssel', 1, 0],
  ['schlüssel', 3, 0],
  ['schlüssel', 12, 0],
  ['schlüssel', 100, 56],
  ['鍵', 1, 0],
  ['鍵', 3, 0],
  ['鍵', 12, 0],
  ['鍵', 100, 36],
  ['🔑', 1, 0],
  ['🔑', 3, 2],
  ['🔑', 12, 11],
  ['🔑', 100, 7],
  ['null', 1, 0],
  ['null', 3, 2],
  ['null', 12, 11],
  ['null', 100, 71],
  ['00000000-0000-0000-0000-000000000000', 1, 0],
  ['00000000-0000-0000-0000-000000000000', 3, 0],
  ['00000000-0000-0000-0000-000000000000', 12, 9],
  ['00000000-0000-0000-0000-000000000000', 100, 37],
])('puts the key %s among %i partitions where Java does: %i', (key, count, partition) => {
  expect(partitionOfKey(key, count)).toBe(partition);
  expect(partitionOfKey(Buffer.from(key), count)).toBe(partition);
  const message = messageToPlace({ topic: 't', key, value: null }, []);
  expect(murmur2Partitioner({ topic: 't', partitionMetadata: partitions(count), message })).toBe(partition);
});

it.each([null, undefined])('leaves a message with the key %s to the producer, but not one with an empty key', (key) => {
  const choose = (message: Parameters<typeof messageToPlace>[0]) =>
    murmur2Partitioner({ topic: 't', partitionMetadata: partitions(3), message: messageToPlace(message, []) });
  expect(choose({ topic: 't', key, value: null })).toBeUndefined();
  expect(choose({ topic: 't', key: '', value: null })).toBe(0);
});

it('shows a partitioner bytes as Buffers that view them, and headers as an object', () => {
  const key = new Uint8Array([9, 1, 2, 9]).subarray(1, 3);
  const headers = [
    ['once', 'a'],
    ['twice', new Uint8Array([1])],
    ['twice', null],
  ] as const;
  const message = messageToPlace({ topic: 't', key, value: null, timestamp: new Date(7) }, headers);
  expect(message).toEqual({
    key: Buffer.from([1, 2]),
    value: null,
    headers: { once: 'a', twice: [Buffer.from([1]), ''] },
    timestamp: '7',
  });
  expect((message.key as Buffer).buffer).toBe(key.buffer);
});

it.each([[3], [-1], [1.5], [NaN], ['1'], [null]])('refuses %j as a partition of a topic that has three', (choice) => {
  expect(() => checkChoice('orders', choice, 3)).toThrow(
    new RangeError(`'orders' has no partition ${typeof choice === 'string' ? `'${choice}'` : String(choice)}: it has 3, numbered from 0`),
  );
});

it("explains what to do with kafkajs' factory of a partitioner", () => {
  expect(() => checkChoice('orders', () => 0, 3)).toThrow(/call kafkajs' factory, as in partitioner: myPartitioner\(\)/);
});
