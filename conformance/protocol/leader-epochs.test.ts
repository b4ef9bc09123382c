import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues, fetchFrom, valuesOf } from '../requests.ts';
import { versionsOf } from '../versions.ts';
import type { Wire } from '../wire.ts';

afterAll(() => broker.closeWires());

/** A log in which epoch 0 wrote the offsets 0 and 1, and, where there are several nodes, a later leader 2 to 4. */
const topic = await broker.createTopic(broker.nodes > 1 ? { assignments: [[1, 2]] } : {});
const firstWire = await broker.leaderWire(topic);
await append(firstWire, topic, batchOfValues('0', '1'));
if (broker.nodes > 1) {
  await broker.moveLeader(topic, 0, 2);
  await broker.everyNodeKnows(topic.name, 1);
}
const wire = await broker.leaderWire(topic);
const { topics } = await wire.send(apis.metadata, 12, { topics: [{ name: topic.name }], allowAutoTopicCreation: false });
const current = topics[0]!.partitions[0]!.leaderEpoch;
if (broker.nodes > 1) await append(wire, topic, batchOfValues('2', '3', '4'));
const end = broker.nodes > 1 ? 5 : 2;

async function endOfEpoch(on: Wire, version: number, of: TestTopic, leaderEpoch: number, currentLeaderEpoch = -1) {
  const partitions = [{ partition: 0, currentLeaderEpoch, leaderEpoch }];
  const answer = await on.send(apis.offsetForLeaderEpoch, version, {
    ...(version >= 3 && { replicaId: -1 }),
    topics: [{ topic: of.name, partitions }],
  });
  return answer.topics[0]!.partitions[0]!;
}

describe.each(versionsOf(apis.offsetForLeaderEpoch))('OffsetForLeaderEpoch version %i (KIP-320)', (version) => {
  it('tells where the current epoch ends: with the log', async () => {
    expect(await endOfEpoch(wire, version, topic, current)).toMatchObject({ errorCode: code.none, leaderEpoch: current, endOffset: end });
  });

  it('knows no epoch to come, and none that is undefined', async () => {
    for (const epoch of [current + 1, -1]) {
      expect(await endOfEpoch(wire, version, topic, epoch)).toMatchObject({ errorCode: code.none, leaderEpoch: -1, endOffset: -1 });
    }
  });

  it.runIf(broker.nodes > 1)('tells where an earlier one ended', async () => {
    expect(await endOfEpoch(wire, version, topic, 0)).toMatchObject({ errorCode: code.none, leaderEpoch: 0, endOffset: 2 });
  });

  it('takes the current epoch that it has, and no other', async () => {
    expect(await endOfEpoch(wire, version, topic, 0, current)).toMatchObject({ errorCode: code.none });
    expect(await endOfEpoch(wire, version, topic, 0, current + 1)).toMatchObject({ errorCode: code.unknownLeaderEpoch, endOffset: -1 });
    if (current > 0) expect(await endOfEpoch(wire, version, topic, 0, 0)).toMatchObject({ errorCode: code.fencedLeaderEpoch });
  });

  it('answers an unknown topic with error 3', async () => {
    const unknown = { name: broker.freshName('unknown'), id: '' };
    expect(await endOfEpoch(wire, version, unknown, 0)).toMatchObject({ errorCode: code.unknownTopicOrPartition, endOffset: -1 });
  });

  it.runIf(broker.nodes > 1)('answers with error 6 as a follower', async () => {
    const follower = await broker.wire(1);
    expect(await endOfEpoch(follower, version, topic, 0)).toMatchObject({ errorCode: code.notLeaderOrFollower });
    follower.close();
  });
});

describe.each(versionsOf(apis.fetch).filter((version) => version >= 12))('Fetch version %i with the last fetched epoch', (version) => {
  const none = { epoch: -1, endOffset: -1 };

  it('goes on where the logs agree', async () => {
    const fetched = await fetchFrom(wire, version, topic, 1, { lastFetchedEpoch: 0 });
    expect(fetched).toMatchObject({ errorCode: code.none, divergingEpoch: none });
    expect(valuesOf(fetched, 1)[0]).toBe('1');
    expect(await fetchFrom(wire, version, topic, end, { lastFetchedEpoch: current })).toMatchObject({
      errorCode: code.none,
      divergingEpoch: none,
    });
  });

  it('tells where they part, also behind the end of the log, and at once', async () => {
    const started = Date.now();
    const wait = { maxWaitMs: 20_000, minBytes: 1 };
    const beyond = await fetchFrom(wire, version, topic, end + 3, { lastFetchedEpoch: current, ...wait });
    expect(beyond).toMatchObject({
      errorCode: code.none,
      divergingEpoch: { epoch: current, endOffset: end },
      highWatermark: end,
      abortedTransactions: null,
    });
    expect(valuesOf(beyond)).toEqual([]);
    if (current > 0) {
      const overwritten = await fetchFrom(wire, version, topic, 3, { lastFetchedEpoch: 0, ...wait });
      expect(overwritten).toMatchObject({ errorCode: code.none, divergingEpoch: { epoch: 0, endOffset: 2 } });
    }
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  it('refuses an epoch that it does not know as an offset out of range', async () => {
    const fetched = await fetchFrom(wire, version, topic, 1, { lastFetchedEpoch: current + 3 });
    expect(fetched).toMatchObject({ errorCode: code.offsetOutOfRange, divergingEpoch: none });
  });
});
