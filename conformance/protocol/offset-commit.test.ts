import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { commit, committed } from '../requests.ts';
import { versionsOf } from '../versions.ts';

/** What a consumer without members relies on: the broker stores the number that it is given, and gives it back. */

const group = broker.freshName('group');
const wire = await broker.coordinatorWire(group);
const nameless = await broker.coordinatorWire('');
const topic = await broker.createTopic({ partitions: 3 });
const unknown: TestTopic = { name: broker.freshName('unknown'), id: 'AQIDBAUGBwgJCgsMDQ4PEA' };
const latestFetch = versionsOf(apis.offsetFetch).at(-1)!;
const latestCommit = versionsOf(apis.offsetCommit).at(-1)!;
afterAll(() => broker.closeWires());

describe.each(versionsOf(apis.offsetCommit))('OffsetCommit version %i', (version) => {
  it('stores an offset for a group without members', async () => {
    expect(await commit(wire, version, group, topic, 5, { metadata: 'note' })).toBe(code.none);
    const stored = await committed(wire, latestFetch, group, topic);
    expect(stored).toMatchObject({ committedOffset: 5, metadata: 'note', errorCode: code.none, committedLeaderEpoch: -1 });
  });

  it('replaces what was stored, also by a smaller offset', async () => {
    await commit(wire, version, group, topic, 9);
    await commit(wire, version, group, topic, 3);
    expect(await committed(wire, latestFetch, group, topic)).toMatchObject({ committedOffset: 3, metadata: '' });
  });

  if (version >= 6) {
    it('stores the leader epoch', async () => {
      await commit(wire, version, group, topic, 6, { leaderEpoch: 4 });
      expect(await committed(wire, latestFetch, group, topic)).toMatchObject({ committedOffset: 6, committedLeaderEpoch: 4 });
    });
  }

  it('stores an offset that is beyond the end of the log', async () => {
    expect(await commit(wire, version, group, topic, 1_000_000)).toBe(code.none);
    expect(await committed(wire, latestFetch, group, topic)).toMatchObject({ committedOffset: 1_000_000 });
  });

  it('stores missing metadata as an empty text', async () => {
    expect(await commit(wire, version, group, topic, 5, { metadata: null })).toBe(code.none);
    expect((await committed(wire, latestFetch, group, topic)).metadata).toBe('');
  });

  it('stores metadata of 4096 characters, and refuses more', async () => {
    expect(await commit(wire, version, group, topic, 5, { metadata: 'm'.repeat(4096) })).toBe(code.none);
    expect(await commit(wire, version, group, topic, 6, { metadata: 'm'.repeat(4097) })).toBe(code.offsetMetadataTooLarge);
    expect((await committed(wire, latestFetch, group, topic)).committedOffset).toBe(5);
  });

  it('refuses an unknown topic', async () => {
    expect(await commit(wire, version, group, unknown, 5)).toBe(version >= 10 ? code.unknownTopicId : code.unknownTopicOrPartition);
  });

  it('refuses an unknown partition', async () => {
    expect(await commit(wire, version, group, topic, 5, { partition: 77 })).toBe(code.unknownTopicOrPartition);
  });

  it('refuses a member of a group that has none', async () => {
    await commit(wire, version, group, topic, 5);
    expect(await commit(wire, version, group, topic, 6, { generation: 1, memberId: 'nobody' })).toBe(code.unknownMemberId);
    expect((await committed(wire, latestFetch, group, topic)).committedOffset).toBe(5);
  });

  it('refuses a member of a group that there is not', async () => {
    const fresh = broker.freshName('group');
    const own = await broker.coordinatorWire(fresh);
    const beforeKafka4 = broker.kafka?.plan.version.startsWith('3.');
    const expected = version >= 9 && !beforeKafka4 ? code.groupIdNotFound : code.illegalGeneration;
    expect(await commit(own, version, fresh, topic, 5, { generation: 1, memberId: 'nobody' })).toBe(expected);
    own.close();
  });

  it('takes -1, which reads as if nothing was committed', async () => {
    const fresh = broker.freshName('group');
    const own = await broker.coordinatorWire(fresh);
    expect(await commit(own, version, fresh, topic, -1)).toBe(code.none);
    expect(await committed(own, latestFetch, fresh, topic)).toMatchObject({ committedOffset: -1, errorCode: code.none });
    own.close();
  });
});

describe.each(versionsOf(apis.offsetFetch))('OffsetFetch version %i', (version) => {
  it('gives -1 for what was never committed, without an error', async () => {
    expect(await committed(wire, version, group, topic, 2)).toMatchObject({
      committedOffset: -1,
      committedLeaderEpoch: -1,
      metadata: '',
      errorCode: code.none,
    });
  });

  it('gives what was committed', async () => {
    await commit(wire, latestCommit, group, topic, 7, { metadata: 'seven', leaderEpoch: 2 });
    const stored = await committed(wire, version, group, topic);
    expect(stored).toMatchObject({ committedOffset: 7, metadata: 'seven', errorCode: code.none });
    expect(stored.committedLeaderEpoch).toBe(version >= 5 ? 2 : -1);
  });

  it('answers an unknown topic', async () => {
    const expected = version >= 10 ? code.unknownTopicId : code.none;
    expect(await committed(wire, version, group, unknown)).toMatchObject({ committedOffset: -1, errorCode: expected });
  });

  if (version >= 2) {
    it('gives all that the group committed when no topic is named', async () => {
      await commit(wire, latestCommit, group, topic, 7);
      await commit(wire, latestCommit, group, topic, 8, { partition: 1 });
      const request = version >= 8 ? { groups: [{ groupId: group, topics: null }] } : { groupId: group, topics: null };
      const answer = await wire.send(apis.offsetFetch, version, request);
      const all = version >= 8 ? answer.groups[0]!.topics : answer.topics;
      expect(all).toHaveLength(1);
      const offsets = all[0]!.partitions.map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]);
      expect(offsets.sort()).toEqual([
        [0, 7],
        [1, 8],
      ]);
    });
  }

  if (version >= 8) {
    it('answers for several groups at once', async () => {
      await commit(wire, latestCommit, group, topic, 7);
      const topics = [{ name: topic.name, topicId: topic.id, partitionIndexes: [0] }];
      const groups = [group, group].map((groupId) => ({ groupId, topics }));
      const answer = await wire.send(apis.offsetFetch, version, { groups });
      expect(answer.groups.map(({ errorCode, groupId }) => [errorCode, groupId])).toEqual([
        [code.none, group],
        [code.none, group],
      ]);
    });
  }

  it('knows nothing of an empty group id', async () => {
    expect(await committed(nameless, version, '', topic, 2)).toMatchObject({ committedOffset: -1, errorCode: code.none });
  });
});

describe('OffsetCommit', () => {
  it('takes an empty group id, as the oldest consumers sent it', async () => {
    expect(await commit(nameless, 8, '', topic, 5)).toBe(code.none);
    expect(await committed(nameless, 8, '', topic)).toMatchObject({ committedOffset: 5 });
  });
});
