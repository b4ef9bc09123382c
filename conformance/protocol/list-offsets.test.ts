import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOf, offsetAt } from '../requests.ts';
import { versionsOf } from '../versions.ts';

const latest = -1;
const earliest = -2;
const maxTimestamp = -3;

const topic = await broker.createTopic();
const empty = await broker.createTopic({ partitions: 2 });
const wire = await broker.leaderWire(topic);
const emptyWire = await broker.leaderWire(empty);
const unknown = { name: broker.freshName('unknown'), id: 'AQIDBAUGBwgJCgsMDQ4PEA' };
afterAll(() => broker.closeWires());

// Offset 0 1 2 | 3 4 | 5. The third has the largest time of the first batch; the second batch is older than it and compressed.
const start = Date.now() - 60_000;
const at = (...offsets: number[]) => offsets.map((ms, i) => ({ value: `${i}`, timestamp: start + ms }));
await append(wire, topic, batchOf(at(100, 200, 300)));
await append(wire, topic, batchOf(at(250, 400), { compression: 'gzip' }));
await append(wire, topic, batchOf(at(350)));

describe.each(versionsOf(apis.listOffsets))('ListOffsets version %i', (version) => {
  const epoch = version >= 4 ? 0 : -1;
  const found = (offset: number, timestamp: number) => ({ errorCode: code.none, offset, timestamp, leaderEpoch: epoch });

  it('gives the start and the end of a log, without a time', async () => {
    expect(await offsetAt(wire, version, topic, earliest)).toMatchObject(found(0, -1));
    expect(await offsetAt(wire, version, topic, latest)).toMatchObject(found(6, -1));
  });

  it('gives 0 as the start and the end of an empty log', async () => {
    expect(await offsetAt(emptyWire, version, empty, earliest)).toMatchObject({ errorCode: code.none, offset: 0, timestamp: -1 });
    expect(await offsetAt(emptyWire, version, empty, latest)).toMatchObject({ errorCode: code.none, offset: 0, timestamp: -1 });
  });

  it.each([
    ['before the log', 0, 0, 100],
    ['of the first record', 100, 0, 100],
    ['between two records of a batch', 101, 1, 200],
    ['of the last record of a batch', 300, 2, 300],
    ['inside a compressed batch', 301, 4, 400],
    ['of the last record by time', 400, 4, 400],
  ])('finds the first record whose time is not before a time %s', async (_, ms, offset, timestamp) => {
    expect(await offsetAt(wire, version, topic, start + ms)).toMatchObject(found(offset, start + timestamp));
  });

  it('finds nothing for a time after the log: -1, without an error', async () => {
    expect(await offsetAt(wire, version, topic, start + 401)).toMatchObject({ errorCode: code.none, offset: -1, timestamp: -1 });
    expect(await offsetAt(emptyWire, version, empty, 0)).toMatchObject({ errorCode: code.none, offset: -1, timestamp: -1 });
  });

  if (version >= 7) {
    it('gives the record with the largest time (KIP-734), and -1 in an empty log', async () => {
      expect(await offsetAt(wire, version, topic, maxTimestamp)).toMatchObject(found(4, start + 400));
      expect(await offsetAt(emptyWire, version, empty, maxTimestamp)).toMatchObject({ errorCode: code.none, offset: -1, timestamp: -1 });
    });
  }

  it('answers an unknown topic and an unknown partition with error 3', async () => {
    expect(await offsetAt(wire, version, unknown, latest)).toMatchObject({ errorCode: code.unknownTopicOrPartition, offset: -1 });
    expect(await offsetAt(wire, version, topic, latest, { partition: 9 })).toMatchObject({ errorCode: code.unknownTopicOrPartition });
  });

  if (version >= 4) {
    it('takes the leader epoch that it has, and no other', async () => {
      expect(await offsetAt(wire, version, topic, latest, { leaderEpoch: 0 })).toMatchObject(found(6, -1));
      expect(await offsetAt(wire, version, topic, latest, { leaderEpoch: 1 })).toMatchObject({ errorCode: code.unknownLeaderEpoch });
    });
  }

  if (broker.nodes > 1) {
    it('answers with error 6 when it does not lead the partition', async () => {
      const [leader] = await broker.leaders(topic.name, wire);
      const other = await broker.wire((leader! % broker.nodes) + 1);
      expect(await offsetAt(other, version, topic, latest)).toMatchObject({ errorCode: code.notLeaderOrFollower, offset: -1 });
      other.close();
    });
  }
});
