import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { commitRequest, committedRequest, nowhere } from './requests.ts';

const { offsetCommit, offsetFetch, offsetDelete, findCoordinator } = apis;

/** A group that has its coordinator. */
async function group(talk: Talk): Promise<string> {
  const name = talk.name('group');
  await talk.coordinator(name);
  return name;
}

const coordinatorOf = (version: number, key: string, keyType = 0) => ({
  ...(version >= 4 ? { coordinatorKeys: [key] } : { key }),
  ...(version >= 1 && { keyType }),
});

const deletionOf = (groupId: string, name: string, partitionIndex = 0) => ({
  groupId,
  topics: [{ name, partitions: [{ partitionIndex }] }],
});

export const offsetScenarios: Scenario[] = [
  {
    api: offsetCommit,
    title: 'offsets are committed, overwritten and read',
    run: async (talk) => {
      const [groupId, topic] = [await group(talk), await talk.topic({ partitions: 2 })];
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 5));
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 3, { metadata: '', partition: 1 }));
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 4, { metadata: null, leaderEpoch: 2 }));
      await talk.ask(offsetFetch, committedRequest(9, groupId, [topic]), { version: 9 });
    },
  },
  ...requests(offsetCommit, [
    ['an unknown topic', async (talk) => commitRequest(await group(talk), nowhere, 1)],
    ['an unknown partition', async (talk) => commitRequest(await group(talk), await talk.topic(), 1, { partition: 9 })],
    ['metadata that is too long', async (talk) => commitRequest(await group(talk), await talk.topic(), 1, { metadata: 'x'.repeat(4097) })],
    ['a negative offset', async (talk) => commitRequest(await group(talk), await talk.topic(), -1)],
    ['a generation of a group without members', async (talk) => commitRequest(await group(talk), await talk.topic(), 1, { generation: 1 })],
    [
      'a member that nobody knows',
      async (talk) => commitRequest(await group(talk), await talk.topic(), 1, { generation: 1, memberId: 'nobody' }),
    ],
    ['a member without a generation', async (talk) => commitRequest(await group(talk), await talk.topic(), 1, { memberId: 'nobody' })],
    ['a group without a name', async (talk) => commitRequest('', await talk.topic(), 1)],
  ]),
  {
    api: offsetFetch,
    title: 'what was committed',
    run: async (talk, version) => {
      const [groupId, topic] = [await group(talk), await talk.topic({ partitions: 2 })];
      await talk.ask(offsetFetch, committedRequest(version, groupId, [topic]));
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 5, { leaderEpoch: 0 }), { version: 9 });
      await talk.ask(offsetFetch, committedRequest(version, groupId, [topic]));
      await talk.ask(offsetFetch, committedRequest(version, groupId, [nowhere]));
      if (version >= 2) await talk.ask(offsetFetch, committedRequest(version, groupId, null));
    },
  },
  ...requests(offsetFetch, [
    ['a group that nobody knows', async (talk, version) => committedRequest(version, await group(talk), [await talk.topic()])],
    ['an unknown topic', async (talk, version) => committedRequest(version, await group(talk), [nowhere])],
    ['an unknown partition', async (talk, version) => committedRequest(version, await group(talk), [await talk.topic()], [9])],
    ['no topics', async (talk, version) => committedRequest(version, await group(talk), [])],
  ]),
  ...requests(
    offsetFetch,
    [
      [
        'stable offsets',
        async (talk, version) => ({ ...committedRequest(version, await group(talk), [await talk.topic()]), requireStable: true }),
      ],
    ],
    { since: 7 },
  ),
  ...requests(
    offsetFetch,
    [
      [
        'several groups',
        async (talk) => {
          const topic = await talk.topic();
          const topics = [{ name: topic.name, topicId: topic.id, partitionIndexes: [0] }];
          return {
            groups: [
              { groupId: await group(talk), topics },
              { groupId: await group(talk), topics: null },
            ],
          };
        },
      ],
    ],
    { since: 8 },
  ),
  ...requests(
    offsetFetch,
    [
      [
        'a member that nobody knows',
        async (talk) => {
          const topic = await talk.topic();
          const topics = [{ name: topic.name, topicId: topic.id, partitionIndexes: [0] }];
          return { groups: [{ groupId: await group(talk), memberId: 'nobody', memberEpoch: 1, topics }] };
        },
      ],
    ],
    { since: 9 },
  ),
  {
    api: offsetDelete,
    title: 'a committed offset is deleted',
    run: async (talk) => {
      const [groupId, topic] = [await group(talk), await talk.topic({ partitions: 2 })];
      await talk.peek(offsetCommit, commitRequest(groupId, topic, 5));
      await talk.ask(offsetDelete, deletionOf(groupId, topic.name));
      await talk.ask(offsetDelete, deletionOf(groupId, topic.name, 1));
      await talk.ask(offsetDelete, deletionOf(groupId, topic.name, 9));
      await talk.ask(offsetFetch, committedRequest(10, groupId, [topic]));
    },
  },
  ...requests(offsetDelete, [
    ['a group that nobody knows', async (talk) => deletionOf(await group(talk), (await talk.topic()).name)],
    [
      'an unknown topic',
      async (talk) => {
        const groupId = await group(talk);
        await talk.peek(offsetCommit, commitRequest(groupId, await talk.topic(), 5));
        return deletionOf(groupId, nowhere.name);
      },
    ],
    ['a group without a name', async (talk) => deletionOf('', (await talk.topic()).name)],
  ]),
  ...requests(findCoordinator, [
    ['of a group', async (talk, version) => coordinatorOf(version, await group(talk))],
    ['of no group', (_, version) => coordinatorOf(version, '')],
  ]),
  ...requests(
    findCoordinator,
    [
      [
        'of a transactional id',
        async (talk, version) => {
          const id = talk.name('transactional');
          await talk.coordinator(id, 1);
          return coordinatorOf(version, id, 1);
        },
      ],
      ['of nothing', (_, version) => coordinatorOf(version, 'key', 9)],
      ['of a key of a share group that is none', (_, version) => coordinatorOf(version, 'key', 2)],
    ],
    { since: 1 },
  ),
  ...requests(
    findCoordinator,
    [['of several groups', async (talk) => ({ coordinatorKeys: [await group(talk), await group(talk), ''], keyType: 0 })]],
    { since: 4 },
  ),
];
