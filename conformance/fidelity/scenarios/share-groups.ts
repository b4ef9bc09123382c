import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { commitRequest, nowhere, produceRequest, valuesBatch } from './requests.ts';
import { nobodysId, shareBeat, shareGroup, ShareMember } from './share-member.ts';

const { shareGroupHeartbeat, shareGroupDescribe, listGroups, deleteGroups, offsetCommit, produce } = apis;
const { describeShareGroupOffsets, alterShareGroupOffsets, deleteShareGroupOffsets } = apis;

const stranger = `${nobodysId}0`;

const offsetsOf = (groupId: string, topicName: string, ...partitions: number[]) => ({
  groups: [{ groupId, topics: [{ topicName, partitions }] }],
});

const offsetsTo = (groupId: string, topicName: string, startOffset: number, partitionIndex = 0) => ({
  groupId,
  topics: [{ topicName, partitions: [{ partitionIndex, startOffset }] }],
});

/** A group that nobody is in any more, with a place in a topic of two records. */
async function left(talk: Talk) {
  const topic = await talk.topic();
  await talk.peek(produce, produceRequest(topic, valuesBatch('a', 'b')));
  const { groupId, memberId } = await ShareMember.join(talk, topic);
  await talk.peek(shareGroupHeartbeat, shareBeat(groupId, memberId, -1));
  return { groupId, topic };
}

export const shareGroupScenarios: Scenario[] = [
  {
    api: shareGroupHeartbeat,
    title: 'members join, share a topic, and leave',
    run: async (talk) => {
      const topic = await talk.topic();
      const first = await ShareMember.join(talk, topic);
      const { groupId } = first;
      const beat = (memberId: string, epoch: number, topics: readonly string[] | null = null) =>
        talk.ask(shareGroupHeartbeat, shareBeat(groupId, memberId, epoch, topics));
      await beat(first.memberId, first.memberEpoch);
      const second = await ShareMember.join(talk, topic, groupId);
      await talk.ask(shareGroupDescribe, { groupIds: [groupId], includeAuthorizedOperations: false });
      await beat(second.memberId, second.memberEpoch + 7);
      await beat(stranger, second.memberEpoch);
      await beat(second.memberId, -1);
      await beat(second.memberId, -1);
      await talk.ask(shareGroupDescribe, { groupIds: [groupId], includeAuthorizedOperations: true });
    },
  },
  ...requests(shareGroupHeartbeat, [
    ['a group without a name', () => shareBeat('', stranger, 0, ['a'])],
    ['a member without an id', async (talk) => shareBeat(await shareGroup(talk), '', 0, ['a'])],
    ['no subscription', async (talk) => shareBeat(await shareGroup(talk), stranger, 0)],
    ['an empty subscription', async (talk) => shareBeat(await shareGroup(talk), stranger, 0, [])],
    ['an epoch below all', async (talk) => shareBeat(await shareGroup(talk), stranger, -2, ['a'])],
    ['an empty rack', async (talk) => ({ ...shareBeat(await shareGroup(talk), stranger, 0, ['a']), rackId: '' })],
    ['a topic that is not there', async (talk) => shareBeat(await shareGroup(talk), stranger, 0, [talk.name('later')])],
    ['a member of nothing', async (talk) => shareBeat(await shareGroup(talk), stranger, 1)],
    ['the end of a member of nothing', async (talk) => shareBeat(await shareGroup(talk), stranger, -1)],
    [
      'a group of another type',
      async (talk) => {
        const groupId = await shareGroup(talk);
        await talk.peek(offsetCommit, commitRequest(groupId, await talk.topic(), 1));
        return shareBeat(groupId, stranger, 0, ['a']);
      },
    ],
  ]),
  ...requests(shareGroupDescribe, [
    ['a group that nobody knows', async (talk) => ({ groupIds: [await shareGroup(talk)], includeAuthorizedOperations: true })],
    ['a group without a name', () => ({ groupIds: [''], includeAuthorizedOperations: false })],
    ['no groups', () => ({ groupIds: [], includeAuthorizedOperations: false })],
    [
      'a group of another type',
      async (talk) => {
        const groupId = await shareGroup(talk);
        await talk.peek(offsetCommit, commitRequest(groupId, await talk.topic(), 1));
        return { groupIds: [groupId], includeAuthorizedOperations: false };
      },
    ],
  ]),
  {
    api: listGroups,
    title: 'a share group',
    run: async (talk, version) => {
      await ShareMember.join(talk, await talk.topic());
      await talk.ask(listGroups, {}, { own: 'groups' });
      if (version >= 5) await talk.ask(listGroups, { typesFilter: ['share'] }, { own: 'groups' });
    },
  },
  {
    api: deleteGroups,
    title: 'a share group, with a member and without',
    run: async (talk) => {
      const { groupId, memberId } = await ShareMember.join(talk, await talk.topic());
      await talk.ask(deleteGroups, { groupsNames: [groupId] });
      await talk.peek(shareGroupHeartbeat, shareBeat(groupId, memberId, -1));
      await talk.ask(deleteGroups, { groupsNames: [groupId] });
      await talk.ask(shareGroupDescribe, { groupIds: [groupId], includeAuthorizedOperations: false });
    },
  },
  {
    api: describeShareGroupOffsets,
    title: 'where a group is',
    run: async (talk) => {
      const topic = await talk.topic();
      await talk.peek(produce, produceRequest(topic, valuesBatch('a', 'b')));
      const member = await ShareMember.join(talk, topic);
      const { groupId } = member;
      await talk.ask(describeShareGroupOffsets, offsetsOf(groupId, topic.name, 0));
      await member.fetch();
      await member.acknowledge([{ firstOffset: 0, lastOffset: 0, acknowledgeTypes: [1] }]);
      await talk.ask(describeShareGroupOffsets, offsetsOf(groupId, topic.name, 0));
      await talk.ask(describeShareGroupOffsets, { groups: [{ groupId, topics: null }] });
      await talk.ask(describeShareGroupOffsets, offsetsOf(groupId, nowhere.name, 0));
    },
  },
  ...requests(describeShareGroupOffsets, [
    ['a group that nobody knows', async (talk) => offsetsOf(await shareGroup(talk), (await talk.topic()).name, 0)],
    ['all of a group that nobody knows', async (talk) => ({ groups: [{ groupId: await shareGroup(talk), topics: null }] })],
    ['a group without a name', async (talk) => offsetsOf('', (await talk.topic()).name, 0)],
    ['no groups', () => ({ groups: [] })],
  ]),
  {
    api: alterShareGroupOffsets,
    title: 'a group is moved, when nobody is in it',
    run: async (talk) => {
      const { groupId, topic } = await left(talk);
      await talk.ask(alterShareGroupOffsets, offsetsTo(groupId, topic.name, 1));
      await talk.ask(describeShareGroupOffsets, offsetsOf(groupId, topic.name, 0));
      await talk.ask(alterShareGroupOffsets, offsetsTo(groupId, topic.name, 1, 9));
      await talk.ask(alterShareGroupOffsets, offsetsTo(groupId, nowhere.name, 1));
      const { memberId } = await ShareMember.join(talk, topic, groupId);
      await talk.ask(alterShareGroupOffsets, offsetsTo(groupId, topic.name, 0));
      await talk.peek(shareGroupHeartbeat, shareBeat(groupId, memberId, -1));
    },
  },
  ...requests(alterShareGroupOffsets, [
    ['a group that nobody knows', async (talk) => offsetsTo(await shareGroup(talk), (await talk.topic()).name, 0)],
    ['a group without a name', async (talk) => offsetsTo('', (await talk.topic()).name, 0)],
  ]),
  {
    api: deleteShareGroupOffsets,
    title: 'a group forgets a topic, when nobody is in it',
    run: async (talk) => {
      const { groupId, topic } = await left(talk);
      const { memberId } = await ShareMember.join(talk, topic, groupId);
      await talk.ask(deleteShareGroupOffsets, { groupId, topics: [{ topicName: topic.name }] });
      await talk.peek(shareGroupHeartbeat, shareBeat(groupId, memberId, -1));
      await talk.ask(deleteShareGroupOffsets, { groupId, topics: [{ topicName: topic.name }, { topicName: nowhere.name }] });
      await talk.ask(describeShareGroupOffsets, offsetsOf(groupId, topic.name, 0));
      await talk.ask(deleteShareGroupOffsets, { groupId, topics: [{ topicName: topic.name }] });
    },
  },
  ...requests(deleteShareGroupOffsets, [
    [
      'a group that nobody knows',
      async (talk) => ({ groupId: await shareGroup(talk), topics: [{ topicName: (await talk.topic()).name }] }),
    ],
    ['a group without a name', async (talk) => ({ groupId: '', topics: [{ topicName: (await talk.topic()).name }] })],
    ['no topics', async (talk) => ({ groupId: await shareGroup(talk), topics: [] })],
  ]),
];
