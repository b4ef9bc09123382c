import { afterAll, describe, expect, it } from 'vitest';
import { apis, setProducer } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { batchOf, batchOfValues, fetchFrom, offsetAt, produceTo, produceUnanswered, recordsOf, valuesOf } from '../requests.ts';
import { versionsOf } from '../versions.ts';

const topic = await broker.createTopic({ partitions: 1 });
const wire = await broker.leaderWire(topic);
const unknown: TestTopic = { name: broker.freshName('unknown'), id: 'AQIDBAUGBwgJCgsMDQ4PEA' };
const latestFetch = versionsOf(apis.fetch).at(-1)!;
afterAll(() => broker.closeWires());

const endOf = async (): Promise<number> => (await offsetAt(wire, 9, topic, -1)).offset;

describe.each(versionsOf(apis.produce))('Produce version %i', (version) => {
  it.each([1, -1])('appends a batch with acks %i and tells where it is', async (acks) => {
    const end = await endOf();
    const answer = await produceTo(wire, version, topic, batchOfValues('a', 'b'), { acks });
    expect(answer).toMatchObject({
      index: 0,
      errorCode: code.none,
      baseOffset: end,
      logAppendTimeMs: -1,
      recordErrors: [],
      errorMessage: null,
    });
    expect(answer.logStartOffset).toBe(version >= 5 ? 0 : -1);
    expect(valuesOf(await fetchFrom(wire, latestFetch, topic, end), end)).toEqual(['a', 'b']);
  });

  it('appends with acks 0 without an answer, and the connection goes on', async () => {
    const end = await endOf();
    produceUnanswered(wire, version, topic, batchOfValues('unanswered'));
    expect(await endOf()).toBe(end + 1); // requests of one connection are served in order
  });

  it('ends the connection where a batch with acks 0 is refused, as no answer can say so', async () => {
    const own = await broker.leaderWire(topic);
    const batch = batchOfValues('a');
    batch[batch.length - 2]! ^= 1;
    produceUnanswered(own, version, topic, batch);
    await own.closed;
  });

  it('takes zstd from version 7 on (KIP-110)', async () => {
    const batch = batchOf([{ value: 'long '.repeat(100) }], { compression: 'zstd' });
    const errorCode = version >= 7 ? code.none : code.unsupportedCompressionType;
    expect(await produceTo(wire, version, topic, batch)).toMatchObject({ errorCode });
  });

  it('keeps key, value, headers and time as they are', async () => {
    const end = await endOf();
    const record = {
      key: 'key',
      value: Buffer.from([0, 255]),
      headers: [
        ['h', 'one'],
        ['h', null],
        ['', ''],
      ] as const,
      timestamp: Date.now() - 5000,
    };
    await produceTo(wire, version, topic, batchOf([record, { key: 'gone', value: null }, { key: '', value: '' }]));
    const [first, tombstone, blank] = recordsOf(await fetchFrom(wire, latestFetch, topic, end));
    expect(first).toMatchObject({ offset: end, timestamp: record.timestamp, key: Buffer.from('key'), value: Buffer.from([0, 255]) });
    expect(first!.headers).toEqual([
      ['h', Buffer.from('one')],
      ['h', null],
      ['', Buffer.alloc(0)],
    ]);
    expect(tombstone).toMatchObject({ key: Buffer.from('gone'), value: null });
    expect(blank).toMatchObject({ key: Buffer.alloc(0), value: Buffer.alloc(0) });
  });

  it('refuses an unknown topic and an unknown partition', async () => {
    const errorCode = version >= 13 ? code.unknownTopicId : code.unknownTopicOrPartition;
    expect(await produceTo(wire, version, unknown, batchOfValues('a'))).toMatchObject({ errorCode, baseOffset: -1 });
    const noPartition = await produceTo(wire, version, topic, batchOfValues('a'), { partition: 9 });
    expect(noPartition).toMatchObject({ errorCode: code.unknownTopicOrPartition, baseOffset: -1 });
  });

  it('refuses acks other than 0, 1 and -1', async () => {
    expect(await produceTo(wire, version, topic, batchOfValues('a'), { acks: 2 })).toMatchObject({ errorCode: code.invalidRequiredAcks });
  });

  it('refuses a batch whose checksum is wrong, and appends nothing', async () => {
    const end = await endOf();
    const batch = batchOfValues('a');
    batch[batch.length - 2]! ^= 1;
    expect(await produceTo(wire, version, topic, batch)).toMatchObject({ errorCode: code.corruptMessage, baseOffset: -1 });
    expect(await endOf()).toBe(end);
  });

  it('refuses a batch that is larger than the topic allows, and appends nothing', async () => {
    const small = await broker.createTopic({ configs: { 'max.message.bytes': '1000' } });
    const own = await broker.leaderWire(small);
    expect(await produceTo(own, version, small, batchOfValues('x'.repeat(1000)))).toMatchObject({ errorCode: code.messageTooLarge });
    expect(await produceTo(own, version, small, batchOfValues('x'.repeat(900)))).toMatchObject({ errorCode: code.none, baseOffset: 0 });
    own.close();
  });

  it('refuses a batch whose header counts other records than it has', async () => {
    const batch = batchOfValues('a', 'b');
    expect(await produceTo(wire, version, topic, withHeader(batch, { lastOffsetDelta: 2 }))).toMatchObject({
      errorCode: code.invalidRecord,
    });
    expect(await produceTo(wire, version, topic, withHeader(batch, { recordCount: 1 }))).toMatchObject({ errorCode: code.invalidRecord });
  });

  it('refuses two batches for one partition', async () => {
    const two = Buffer.concat([batchOfValues('a'), batchOfValues('b')]);
    expect(await produceTo(wire, version, topic, two)).toMatchObject({ errorCode: code.invalidRecord });
  });

  it('sets the time itself where the topic says so', async () => {
    const stamped = await broker.createTopic({ configs: { 'message.timestamp.type': 'LogAppendTime' } });
    const own = await broker.leaderWire(stamped);
    const before = Date.now();
    const answer = await produceTo(own, version, stamped, batchOf([{ value: 'a', timestamp: 1000 }]));
    expect(answer.errorCode).toBe(code.none);
    expect(Math.abs(answer.logAppendTimeMs - before)).toBeLessThan(60_000);
    const [record] = recordsOf(await fetchFrom(own, latestFetch, stamped, 0));
    expect(record!.timestamp).toBe(answer.logAppendTimeMs);
    own.close();
  });

  it('refuses a record without a key in a compacted topic, and names the record', async () => {
    const compacted = await broker.createTopic({ configs: { 'cleanup.policy': 'compact' } });
    const own = await broker.leaderWire(compacted);
    const answer = await produceTo(own, version, compacted, batchOf([{ key: 'k', value: 'a' }, { value: 'b' }]));
    expect(answer.errorCode).toBe(code.invalidRecord);
    expect(answer.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual(version >= 8 ? [1] : []);
    own.close();
  });

  it('refuses a time that is further ahead than the topic allows', async () => {
    const strict = await broker.createTopic({ configs: { 'message.timestamp.after.max.ms': '3600000' } }); // the default since Kafka 4
    const own = await broker.leaderWire(strict);
    const inHours = (hours: number): Buffer => batchOf([{ value: 'a', timestamp: Date.now() + hours * 3600 * 1000 }]);
    expect(await produceTo(own, version, strict, inHours(0.9))).toMatchObject({ errorCode: code.none });
    expect(await produceTo(own, version, strict, inHours(2))).toMatchObject({ errorCode: code.invalidTimestamp });
    own.close();
  });

  if (broker.nodes > 1) {
    it('answers with error 6 when it does not lead the partition, and from version 10 on names the leader (KIP-951)', async () => {
      const [leader] = await broker.leaders(topic.name, wire);
      const other = await broker.wire((leader! % broker.nodes) + 1);
      const answer = await produceTo(other, version, topic, batchOfValues('a'));
      expect(answer).toMatchObject({ errorCode: code.notLeaderOrFollower, baseOffset: -1 });
      if (version >= 10) expect(answer.currentLeader).toEqual({ leaderId: leader, leaderEpoch: 0 });
      other.close();
    });
  }
});

/** The batch with other numbers in its header, and a checksum that fits them. */
function withHeader(batch: Buffer, fields: { lastOffsetDelta?: number; recordCount?: number }): Buffer {
  const copy = Buffer.from(batch);
  if (fields.lastOffsetDelta !== undefined) copy.writeInt32BE(fields.lastOffsetDelta, 23);
  if (fields.recordCount !== undefined) copy.writeInt32BE(fields.recordCount, 57);
  setProducer(copy, {});
  return copy;
}
