import { Position } from '@tskafka/core/internal';
import type { Decoded, FetchResponse } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import type { Asked } from './fetch-request.ts';
import { pairUp } from './fetch-response.ts';
import { PartitionQueue } from './partition-queue.ts';

function ask(topic: string, partition: number): Asked {
  return { queue: new PartitionQueue(new Position({ topic, partition }, 0, false)), offset: 0, moves: 0 };
}

function response(...topics: { topic?: string; topicId?: string; partitions: number[] }[]): Decoded<FetchResponse> {
  const responses = topics.map(({ topic = '', topicId = '', partitions }) => ({
    topic,
    topicId,
    partitions: partitions.map((partitionIndex, i) => ({ partitionIndex, highWatermark: i })),
  }));
  return { responses } as unknown as Decoded<FetchResponse>;
}

describe('pairUp', () => {
  const [a0, a1, b0] = [ask('a', 0), ask('a', 1), ask('b', 0)];
  const nameOf = (topicId: string) => (topicId === 'id-of-a' ? 'a' : undefined);

  it('finds topics by name and by id', () => {
    const { answered, omitted, extra } = pairUp(
      [a0, b0],
      response({ topicId: 'id-of-a', partitions: [0] }, { topic: 'b', partitions: [0] }),
      nameOf,
    );
    expect(answered.map(([asked]) => asked)).toEqual([a0, b0]);
    expect([omitted, extra]).toEqual([[], []]);
  });

  it('F11: tells what was left out', () => {
    expect(pairUp([a0, a1], response({ topic: 'a', partitions: [1] }), nameOf).omitted).toEqual([a0]);
  });

  it('F11: takes the first of two answers for one partition', () => {
    const { answered, extra } = pairUp([a0], response({ topic: 'a', partitions: [0, 0] }), nameOf);
    expect(answered.map(([, { highWatermark }]) => highWatermark)).toEqual([0]);
    expect(extra).toEqual(['a/0']);
  });

  it('F11: tells what nobody asked for, by its id where it has no name', () => {
    const { answered, extra } = pairUp(
      [a0],
      response({ topic: 'a', partitions: [0, 7] }, { topicId: 'unheard-of', partitions: [0] }),
      nameOf,
    );
    expect(answered).toHaveLength(1);
    expect(extra).toEqual(['a/7', 'unheard-of/0']);
  });
});
