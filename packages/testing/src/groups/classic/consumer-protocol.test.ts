import { consumerProtocolAssignment, consumerProtocolSubscription, type Message, Writer } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { assignedPartitions, subscribedTopics } from './consumer-protocol.ts';

function bytesOf<T>(message: Message<T>, version: number, content: T): Buffer {
  const w = new Writer();
  w.int16(version);
  message.write(w, Math.min(version, message.maxVersion), content);
  return Buffer.concat(w.finish());
}

const garbage: [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['half a version', Buffer.of(0)],
  ['a version that cannot be', Buffer.from('ffff00000000ffffffff', 'hex')],
  ['something else', Buffer.from('what is this?')],
];

describe('what a consumer is subscribed to', () => {
  it.each([0, 1, 2, 3, 4])('is read from version %i', (version) => {
    expect(subscribedTopics(bytesOf(consumerProtocolSubscription, version, { topics: ['a', 'b'] }))).toEqual(['a', 'b']);
  });

  it.each(garbage)('is not known from %s', (_what, bytes) => {
    expect(subscribedTopics(bytes)).toBeUndefined();
  });
});

describe('what a consumer was assigned', () => {
  it.each([0, 3])('is read from version %i, and put in order', (version) => {
    const assignedPartitionsOf = [
      { topic: 'b', partitions: [1, 0] },
      { topic: 'a', partitions: [2] },
    ];
    const bytes = bytesOf(consumerProtocolAssignment, version, { assignedPartitions: assignedPartitionsOf });
    expect(assignedPartitions(bytes)).toEqual([
      { topic: 'a', partition: 2 },
      { topic: 'b', partition: 0 },
      { topic: 'b', partition: 1 },
    ]);
  });

  it.each(garbage)('is nothing from %s', (_what, bytes) => {
    expect(assignedPartitions(bytes)).toEqual([]);
  });
});
