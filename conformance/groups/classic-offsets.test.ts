import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { committed } from '../requests.ts';
import { versionsOf } from '../versions.ts';
import { Member, stableGroup, subscription } from './classic-member.ts';

/** OffsetCommit, OffsetFetch and OffsetDelete in a group that has members. */

const topic = await broker.createTopic({ partitions: 2 });
const other = await broker.createTopic({ partitions: 2 });
afterAll(() => broker.closeWires());

interface Committer {
  readonly memberId?: string;
  readonly generationIdOrMemberEpoch?: number;
  readonly groupInstanceId?: string | null;
}

/** Commits as this member, or as whom the fields say. */
async function commitAs(version: number, member: Member, fields: Committer = {}): Promise<number> {
  const partitions = [{ partitionIndex: 0, committedOffset: 5, committedMetadata: '' }];
  const { topics } = await member.wire.send(apis.offsetCommit, version, {
    groupId: member.groupId,
    memberId: member.memberId,
    generationIdOrMemberEpoch: member.generation,
    topics: [{ name: topic.name, topicId: topic.id, partitions }],
    ...fields,
  });
  return topics[0]!.partitions[0]!.errorCode;
}

describe.each(versionsOf(apis.offsetCommit))('OffsetCommit version %i of a member', (version) => {
  it('is taken in a stable group', async () => {
    const [member] = await stableGroup(1);
    expect(await commitAs(version, member!)).toBe(code.none);
    expect(await committed(member!.wire, 7, member!.groupId, topic)).toMatchObject({ committedOffset: 5 });
  });

  it.each<[string, Committer, number]>([
    ['another generation', { generationIdOrMemberEpoch: 0 }, code.illegalGeneration],
    ['no generation', { generationIdOrMemberEpoch: -1 }, code.illegalGeneration],
    ['a member that it does not know', { memberId: 'stranger' }, code.unknownMemberId],
    ['a member without an id', { memberId: '' }, code.unknownMemberId],
    ['nobody in particular', { memberId: '', generationIdOrMemberEpoch: -1 }, code.unknownMemberId],
    ...(version >= 7
      ? [['an instance that it does not know', { groupInstanceId: 'i' }, code.unknownMemberId] as [string, Committer, number]]
      : []),
  ])('refuses %s', async (_what, fields, expected) => {
    const [member] = await stableGroup(1);
    expect(await commitAs(version, member!, fields)).toBe(expected);
    expect(await committed(member!.wire, 7, member!.groupId, topic)).toMatchObject({ committedOffset: -1 });
  });

  it('is taken while members join, so that they can commit what they give back', async () => {
    const [leader, follower] = await stableGroup(2);
    void leader!.join();
    await follower!.isAskedToRejoin();
    expect(await commitAs(version, follower!)).toBe(code.none);
  });

  it('is refused while the assignment is awaited', async () => {
    const member = await Member.connect(broker.freshName('classic'));
    await member.join();
    expect(await commitAs(version, member)).toBe(code.rebalanceInProgress);
  });
});

interface Deleted {
  readonly errorCode: number;
  readonly partitions: readonly number[];
}

async function deleteOffsets({ groupId }: Member, { name }: TestTopic): Promise<Deleted> {
  const wire = await broker.coordinatorWire(groupId);
  const partitions = [{ partitionIndex: 0 }, { partitionIndex: 1 }];
  const { errorCode, topics } = await wire.send(apis.offsetDelete, 0, { groupId, topics: [{ name, partitions }] });
  return { errorCode, partitions: topics.flatMap((answer) => answer.partitions.map((partition) => partition.errorCode)) };
}

describe('OffsetDelete in a group with members', () => {
  const subscribed = (name: string) => ({ protocols: [['range', subscription(name)]] as const });

  it('takes back offsets of topics that nobody reads, and of no others', async () => {
    const [member] = await stableGroup(2, subscribed(topic.name));
    await commitAs(8, member!);
    const stays = [code.groupSubscribedToTopic, code.groupSubscribedToTopic];
    expect(await deleteOffsets(member!, topic)).toEqual({ errorCode: code.none, partitions: stays });
    expect(await deleteOffsets(member!, other)).toEqual({ errorCode: code.none, partitions: [code.none, code.none] });
    expect(await committed(member!.wire, 7, member!.groupId, topic)).toMatchObject({ committedOffset: 5 });
  });

  it('takes all topics for read where it cannot tell', async () => {
    const [member] = await stableGroup(1, { protocols: [['range', Buffer.from('what')]] });
    expect((await deleteOffsets(member!, other)).partitions).toEqual([code.groupSubscribedToTopic, code.groupSubscribedToTopic]);
  });

  it('is refused in a group of another type', async () => {
    const [member] = await stableGroup(1, { protocolType: 'connect' });
    expect(await deleteOffsets(member!, other)).toEqual({ errorCode: code.nonEmptyGroup, partitions: [] });
  });

  it('takes back all when the group is empty again', async () => {
    const [member] = await stableGroup(1, subscribed(topic.name));
    await commitAs(8, member!);
    await member!.leave();
    expect(await deleteOffsets(member!, topic)).toEqual({ errorCode: code.none, partitions: [code.none, code.none] });
    expect(await committed(member!.wire, 7, member!.groupId, topic)).toMatchObject({ committedOffset: -1 });
  });
});
