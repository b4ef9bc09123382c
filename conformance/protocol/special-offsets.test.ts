import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOf, offsetAt } from '../requests.ts';
import { versionsOf } from '../versions.ts';

afterAll(() => broker.closeWires());

const topic = await broker.createTopic();
const empty = await broker.createTopic();
const wire = await broker.leaderWire(topic);
const emptyWire = await broker.leaderWire(empty);
const start = Date.now() - 60_000;
await append(wire, topic, batchOf([{ timestamp: start }, { timestamp: start + 5 }]));
await append(wire, topic, batchOf([{ timestamp: start + 2 }]));

/** Kafka's special times, and the version that first has each. */
describe.each(versionsOf(apis.listOffsets))('ListOffsets version %i', (version) => {
  it.each([
    ['the largest time (KIP-734)', -3, 7, { offset: 1, timestamp: start + 5, leaderEpoch: 0 }],
    ['the earliest local offset (KIP-405)', -4, 8, { offset: 0, timestamp: -1, leaderEpoch: 0 }],
    ['the latest tiered offset (KIP-1005)', -5, 9, { offset: -1, timestamp: -1, leaderEpoch: -1 }],
    ['the earliest offset to be uploaded (KIP-1023)', -6, 11, { offset: -1, timestamp: -1, leaderEpoch: -1 }],
  ])('%s', async (_what, timestamp, since, expected) => {
    const refused = { errorCode: code.unsupportedVersion, offset: -1, timestamp: -1 };
    const answer = await offsetAt(wire, version, topic, timestamp);
    expect(answer).toMatchObject(version < since ? refused : { errorCode: code.none, ...expected });
    if (version < since) return;
    const ofEmpty = await offsetAt(emptyWire, version, empty, timestamp);
    expect(ofEmpty).toMatchObject({ errorCode: code.none, offset: timestamp === -4 ? 0 : -1, timestamp: -1 });
  });
});

it('a log that was emptied by DeleteRecords still knows its newest record until the segment goes', async () => {
  const own = await broker.createTopic();
  const ownWire = await broker.leaderWire(own);
  await append(ownWire, own, batchOf([{ timestamp: start }, { timestamp: start + 5 }]));
  const topics = [{ name: own.name, partitions: [{ partitionIndex: 0, offset: -1 }] }];
  await ownWire.send(apis.deleteRecords, 2, { topics, timeoutMs: 10_000 });
  expect(await offsetAt(ownWire, 7, own, -2)).toMatchObject({ errorCode: code.none, offset: 2 });
  expect(await offsetAt(ownWire, 7, own, -3)).toMatchObject({ errorCode: code.none, offset: 1, timestamp: start + 5 });
  expect(await offsetAt(ownWire, 7, own, start)).toMatchObject({ errorCode: code.none, offset: -1 });
  ownWire.close();
});
