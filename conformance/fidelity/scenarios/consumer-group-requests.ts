import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { commitRequest } from './requests.ts';

const { consumerGroupHeartbeat, consumerGroupDescribe, offsetCommit, listGroups, deleteGroups } = apis;

/** KIP-848. Before version 1 the coordinator chooses a member's id. */

async function group(talk: Talk): Promise<string> {
  const name = talk.name('group');
  await talk.coordinator(name);
  return name;
}

const uuid = 'BAUGBwgJCgsMDQ4PEBESEw';
const anotherId = 'EAUGBwgJCgsMDQ4PEBESEw';

const beat = (groupId: string, memberId: string, memberEpoch: number, more: object = {}) => ({ groupId, memberId, memberEpoch, ...more });

const joining = (groupId: string, topics: readonly string[], version: number, more: object = {}) =>
  beat(groupId, version >= 1 ? uuid : '', 0, { rebalanceTimeoutMs: 30_000, subscribedTopicNames: topics, topicPartitions: [], ...more });

async function member(talk: Talk, more: object = {}) {
  const groupId = await group(talk);
  const topic = await talk.topic({ partitions: 2 });
  const joined = await talk.peek(consumerGroupHeartbeat, joining(groupId, [topic.name], 1, more));
  return { groupId, topic, memberId: joined.memberId!, epoch: joined.memberEpoch };
}

export const consumerGroupRequestScenarios: Scenario[] = [
  {
    api: consumerGroupHeartbeat,
    title: 'a member joins, owns its partitions, and leaves',
    run: async (talk, version) => {
      const groupId = await group(talk);
      const topic = await talk.topic({ partitions: 2 });
      const joined = await talk.ask(consumerGroupHeartbeat, joining(groupId, [topic.name], version));
      const id = joined.memberId!;
      const topicPartitions = [{ topicId: topic.id, partitions: [0, 1] }];
      await talk.ask(consumerGroupHeartbeat, beat(groupId, id, joined.memberEpoch, { topicPartitions }));
      await talk.ask(consumerGroupHeartbeat, beat(groupId, id, joined.memberEpoch));
      await talk.ask(consumerGroupHeartbeat, beat(groupId, id, -1));
      await talk.ask(consumerGroupHeartbeat, beat(groupId, id, joined.memberEpoch));
    },
  },
  {
    api: consumerGroupHeartbeat,
    title: 'a static member leaves for a while, and comes back',
    run: async (talk, version) => {
      const groupId = await group(talk);
      const topic = await talk.topic();
      const { memberId } = await talk.ask(consumerGroupHeartbeat, joining(groupId, [topic.name], version, { instanceId: 'static' }));
      const another = joining(groupId, [topic.name], version, { instanceId: 'static', ...(version >= 1 && { memberId: anotherId }) });
      // Before version 1 the error names the id that the broker has just made up.
      await talk.ask(consumerGroupHeartbeat, another, { mask: version === 0 ? ['errorMessage'] : [] });
      await talk.ask(consumerGroupHeartbeat, beat(groupId, memberId!, -2, { instanceId: 'static' }));
      await talk.ask(consumerGroupHeartbeat, joining(groupId, [topic.name], version, { instanceId: 'static' }));
    },
  },
  {
    api: consumerGroupHeartbeat,
    title: 'an expression that is none',
    since: 1,
    run: async (talk) => {
      const groupId = await group(talk);
      await talk.ask(consumerGroupHeartbeat, joining(groupId, [], 1, { subscribedTopicRegex: '(' }));
    },
  },
  {
    api: consumerGroupHeartbeat,
    title: 'refusals of a member',
    run: async (talk) => {
      const { groupId, memberId, epoch } = await member(talk);
      await talk.ask(consumerGroupHeartbeat, beat(groupId, memberId, epoch + 1));
      await talk.ask(consumerGroupHeartbeat, beat(groupId, 'nobody', epoch));
      await talk.ask(consumerGroupHeartbeat, beat(groupId, 'nobody', -1));
      await talk.ask(consumerGroupHeartbeat, beat(await group(talk), memberId, epoch));
    },
  },
  ...requests(consumerGroupHeartbeat, [
    ['a group without a name', (_, version) => joining('', ['a'], version)],
    [
      'no subscription',
      async (talk, version) => beat(await group(talk), version >= 1 ? uuid : '', 0, { rebalanceTimeoutMs: 1000, topicPartitions: [] }),
    ],
    ['no time for a rebalance', async (talk, version) => joining(await group(talk), ['a'], version, { rebalanceTimeoutMs: -1 })],
    [
      'partitions while joining',
      async (talk, version) => joining(await group(talk), ['a'], version, { topicPartitions: [{ topicId: uuid, partitions: [0] }] }),
    ],
    ['an unknown assignor', async (talk, version) => joining(await group(talk), ['a'], version, { serverAssignor: 'none' })],
    ['an epoch below all', async (talk) => beat(await group(talk), uuid, -3)],
    ['an empty instance id', async (talk, version) => joining(await group(talk), ['a'], version, { instanceId: '' })],
    ['an empty rack', async (talk, version) => joining(await group(talk), ['a'], version, { rackId: '' })],
    ['leaving for a while without an instance id', async (talk) => beat(await group(talk), uuid, -2)],
    ['a topic that is not there', async (talk, version) => joining(await group(talk), [talk.name('later')], version)],
  ]),
  ...requests(consumerGroupHeartbeat, [['no member id', async (talk) => joining(await group(talk), ['a'], 0)]], { since: 1 }),
  {
    api: consumerGroupDescribe,
    title: 'a group with a member, an empty one, and none',
    run: async (talk) => {
      const { groupId, memberId } = await member(talk);
      const of = (...groupIds: string[]) => ({ groupIds, includeAuthorizedOperations: true });
      await talk.ask(consumerGroupDescribe, of(groupId));
      await talk.peek(consumerGroupHeartbeat, beat(groupId, memberId, -1));
      await talk.ask(consumerGroupDescribe, of(groupId, await group(talk)));
      await talk.ask(consumerGroupDescribe, of(''));
    },
  },
  {
    api: consumerGroupDescribe,
    title: 'a group of another type',
    run: async (talk) => {
      const groupId = await group(talk);
      await talk.peek(offsetCommit, commitRequest(groupId, await talk.topic(), 1));
      await talk.ask(consumerGroupDescribe, { groupIds: [groupId], includeAuthorizedOperations: false });
    },
  },
  {
    api: offsetCommit,
    title: 'a member of a consumer group commits, and those who are none',
    since: 9,
    run: async (talk) => {
      const { groupId, topic, memberId, epoch } = await member(talk);
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 1, { memberId, generation: epoch }));
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 1, { memberId, generation: epoch + 1 }));
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 1, { memberId, generation: epoch - 1 }));
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 1, { memberId: 'nobody', generation: epoch }));
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 1));
    },
  },
  {
    api: listGroups,
    title: 'a consumer group',
    run: async (talk, version) => {
      await member(talk);
      await talk.ask(listGroups, {}, { own: 'groups' });
      if (version >= 5) await talk.ask(listGroups, { typesFilter: ['consumer'] }, { own: 'groups' });
    },
  },
  {
    api: deleteGroups,
    title: 'a consumer group with a member',
    run: async (talk) => {
      const { groupId, memberId } = await member(talk);
      await talk.ask(deleteGroups, { groupsNames: [groupId] });
      await talk.peek(consumerGroupHeartbeat, beat(groupId, memberId, -1));
      await talk.ask(deleteGroups, { groupsNames: [groupId] });
    },
  },
];
