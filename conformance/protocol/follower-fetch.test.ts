import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues, fetchFrom, valuesOf } from '../requests.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';
import type { Wire } from '../wire.ts';

afterAll(() => broker.closeWires());

/** Reading from the replica next to the reader (KIP-392). Broker n of either cluster is in rack `rn`, and leaders choose by rack. */
describe.runIf(broker.nodes > 1).each(versionsOf(apis.fetch))('Fetch version %i from a follower', (version) => {
  let topic: TestTopic;
  let leader: Wire;
  let follower: Wire;

  beforeAll(async () => {
    topic = await broker.createTopic({ assignments: [[1, 2]] });
    leader = await broker.leaderWire(topic);
    follower = await broker.wire(2);
    await append(leader, topic, batchOfValues('a', 'b'));
    const end = async (): Promise<number> => (await fetchFrom(follower, 12, topic, 0)).highWatermark;
    await until('the follower knows what is committed', async () => (await end()) === 2);
  });

  it('gets its records from version 11 on', async () => {
    const fetched = await fetchFrom(follower, version, topic, 0);
    if (version < 11) return expect(fetched).toMatchObject({ errorCode: code.notLeaderOrFollower });
    expect(fetched).toMatchObject({ errorCode: code.none, highWatermark: 2, lastStableOffset: 2, logStartOffset: 0 });
    expect(valuesOf(fetched)).toEqual(['a', 'b']);
    expect(await fetchFrom(follower, version, topic, 2)).toMatchObject({ errorCode: code.none });
    expect(await fetchFrom(follower, version, topic, 3)).toMatchObject({ errorCode: code.offsetOutOfRange });
  });

  if (version < 11) return;

  it.each([
    ['its own rack, where a follower is', 'r2', 0, 2],
    ['its own rack, at the end of the log', 'r2', 2, 2],
    ["the leader's rack", 'r1', 0, -1],
    ['a rack without a replica', 'r3', 0, -1],
    ['a rack that nobody knows', 'r9', 0, -1],
  ])('a leader tells a reader in %s where to go', async (_where, rackId, offset, replica) => {
    const fetched = await fetchFrom(leader, version, topic, offset, { rackId, maxWaitMs: 100, minBytes: 1 });
    expect(fetched).toMatchObject({ errorCode: code.none, highWatermark: 2, preferredReadReplica: replica });
    expect(valuesOf(fetched)).toEqual(replica === -1 && offset === 0 ? ['a', 'b'] : []);
  });

  it('a leader that sends a reader away answers at once, however long it would wait', async () => {
    const started = Date.now();
    expect(await fetchFrom(leader, version, topic, 2, { rackId: 'r2', maxWaitMs: 20_000, minBytes: 1 })).toMatchObject({
      preferredReadReplica: 2,
    });
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  it('a follower sends nobody away, and takes the leader epoch that it has', async () => {
    expect(await fetchFrom(follower, version, topic, 0, { rackId: 'r1' })).toMatchObject({
      errorCode: code.none,
      preferredReadReplica: -1,
    });
    expect(await fetchFrom(follower, version, topic, 0, { leaderEpoch: 0 })).toMatchObject({ errorCode: code.none });
    expect(await fetchFrom(follower, version, topic, 0, { leaderEpoch: 5 })).toMatchObject({ errorCode: code.unknownLeaderEpoch });
  });

  it('an offset that the leader does not have is out of range, and nobody is sent away with it', async () => {
    const fetched = await fetchFrom(leader, version, topic, 9, { rackId: 'r2' });
    expect(fetched).toMatchObject({ errorCode: code.offsetOutOfRange, preferredReadReplica: -1 });
  });
});
