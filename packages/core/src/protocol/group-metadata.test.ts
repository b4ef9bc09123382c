import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../errors.ts';
import { consumerProtocolAssignment } from './messages/consumer-protocol-assignment.ts';
import { consumerProtocolSubscription } from './messages/consumer-protocol-subscription.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** What members of a group tell each other passes through brokers unread, so it may be anything. */
describe('the metadata of group members', () => {
  const written = (write: (w: Writer) => void): Buffer => {
    const w = new Writer();
    write(w);
    return w.toBuffer();
  };
  const subscription = written((w) =>
    consumerProtocolSubscription.write(w, 3, {
      topics: ['orders', '__proto__'],
      userData: Buffer.from('data'),
      ownedPartitions: [{ topic: 'orders', partitions: [0, 1] }],
      generationId: 7,
      rackId: 'r1',
    }),
  );
  const assignment = written((w) =>
    consumerProtocolAssignment.write(w, 3, { assignedPartitions: [{ topic: 'orders', partitions: [2] }], userData: null }),
  );

  it('H12: a topic may be named like a member of every object', () => {
    const { topics, ownedPartitions } = consumerProtocolSubscription.read(new Reader(subscription), 3);
    expect(topics).toEqual(['orders', '__proto__']);
    expect(ownedPartitions).toEqual([{ topic: 'orders', partitions: [0, 1] }]);
  });

  it('H18: metadata that is cut off anywhere is refused', () => {
    for (let end = 0; end < subscription.length; end++) {
      const cut = new Reader(subscription.subarray(0, end));
      expect(() => consumerProtocolSubscription.read(cut, 3), `${end} bytes`).toThrow(ProtocolError);
    }
    for (let end = 0; end < assignment.length; end++) {
      const cut = new Reader(assignment.subarray(0, end));
      expect(() => consumerProtocolAssignment.read(cut, 3), `${end} bytes`).toThrow(ProtocolError);
    }
  });

  it.each([
    ['two billion topics', 0, 0x7fffffff],
    ['a negative number of topics', 0, -7],
    ['no list of topics', 0, -1],
  ])('H18: a subscription that says that it has %s is refused before anything is allocated', (_what, at, count) => {
    const lying = Buffer.from(subscription);
    lying.writeInt32BE(count, at);
    expect(() => consumerProtocolSubscription.read(new Reader(lying), 3)).toThrow(ProtocolError);
  });

  it('H18: an assignment of billions of partitions is refused before anything is allocated', () => {
    const lying = Buffer.from(assignment);
    const countOfPartitions = 4 + 2 + 'orders'.length;
    expect(lying.readInt32BE(countOfPartitions)).toBe(1);
    lying.writeInt32BE(0x7fffffff, countOfPartitions);
    expect(() => consumerProtocolAssignment.read(new Reader(lying), 3)).toThrow(ProtocolError);
  });
});
