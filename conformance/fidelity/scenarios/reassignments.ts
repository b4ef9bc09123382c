import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { nowhere } from './requests.ts';

const { alterPartitionReassignments, listPartitionReassignments, electLeaders, metadata } = apis;

const election = { preferred: 0, unclean: 1 } as const;

const assignment = (name: string, replicas: readonly number[] | null, partitionIndex = 0) => ({
  topics: [{ name, partitions: [{ partitionIndex, replicas }] }],
});

const vote = (version: number, topicPartitions: Readonly<Record<string, readonly number[]>> | null, type: number = election.preferred) => ({
  ...(version >= 1 && { electionType: type }),
  topicPartitions: topicPartitions && Object.entries(topicPartitions).map(([topic, partitions]) => ({ topic, partitions })),
});

/** Resolves once the partition has these replicas, all of them in sync, and this leader, as node 1 knows. */
async function placed(talk: Talk, name: string, replicas: readonly number[], leader?: number): Promise<void> {
  await talk.until(`${name} is at ${replicas.join()}`, async () => {
    const { topics } = await talk.peek(metadata, { topics: [{ name }], allowAutoTopicCreation: false });
    const { replicaNodes, isrNodes, leaderId } = topics[0]!.partitions[0]!;
    return replicaNodes.join() === replicas.join() && isrNodes.length === replicas.length && (leader === undefined || leaderId === leader);
  });
}

/** What can be wrong, on any number of nodes. */
const refusals = requests(alterPartitionReassignments, [
  ['an unknown topic', () => assignment(nowhere.name, [1])],
  ['an unknown partition', async (talk) => assignment((await talk.topic()).name, [1], 9)],
  ['no replicas', async (talk) => assignment((await talk.topic()).name, [])],
  ['an unknown broker', async (talk) => assignment((await talk.topic()).name, [9])],
  ['a broker twice', async (talk) => assignment((await talk.topic()).name, [1, 1])],
  ['a broker below zero', async (talk) => assignment((await talk.topic()).name, [-1])],
  ['the end of nothing', async (talk) => assignment((await talk.topic()).name, null)],
  ['where it is already', async (talk) => assignment((await talk.topic({ assignments: [[1]] })).name, [1])],
  ['nothing', () => ({ topics: [] })],
]);

export const reassignmentScenarios: Scenario[] = [
  ...refusals,
  {
    api: alterPartitionReassignments,
    nodes: 3,
    title: 'a partition moves',
    run: async (talk) => {
      const { name } = await talk.topic({ assignments: [[1, 2]] });
      await talk.ask(alterPartitionReassignments, assignment(name, [2, 3]));
      await placed(talk, name, [2, 3]);
      await talk.ask(listPartitionReassignments, { topics: [{ name, partitionIndexes: [0] }] });
      await talk.ask(alterPartitionReassignments, assignment(name, [3, 1, 2]));
      await placed(talk, name, [3, 1, 2]);
      await talk.ask(metadata, { topics: [{ name }] }, { mask: ['controllerId', 'leaderEpoch', 'leaderId', 'isrNodes'] });
    },
  },
  {
    api: alterPartitionReassignments,
    nodes: 3,
    since: 1,
    title: 'another number of replicas where none is allowed',
    run: async (talk) => {
      const { name } = await talk.topic({ assignments: [[1, 2]] });
      const allowReplicationFactorChange = false;
      await talk.ask(alterPartitionReassignments, { ...assignment(name, [2, 3, 1]), allowReplicationFactorChange });
      await talk.ask(alterPartitionReassignments, { ...assignment(name, [2, 3]), allowReplicationFactorChange });
      await placed(talk, name, [2, 3]);
    },
  },
  ...requests(listPartitionReassignments, [
    ['an unknown topic', () => ({ topics: [{ name: nowhere.name, partitionIndexes: [0] }] })],
    ['a topic that stays', async (talk) => ({ topics: [{ name: (await talk.topic()).name, partitionIndexes: [0, 9] }] })],
    ['no topics', () => ({ topics: [] })],
  ]),
  {
    api: listPartitionReassignments,
    title: 'all',
    run: async (talk) => {
      await talk.topic();
      await talk.ask(listPartitionReassignments, { topics: null }, { own: 'topics' });
    },
  },
  ...requests(electLeaders, [
    ['an unknown topic', (_, version) => vote(version, { [nowhere.name]: [0] })],
    ['an unknown partition', async (talk, version) => vote(version, { [(await talk.topic()).name]: [9] })],
    ['the leader that it has', async (talk, version) => vote(version, { [(await talk.topic()).name]: [0] })],
    ['nothing', (_, version) => vote(version, {})],
  ]),
  ...requests(
    electLeaders,
    [
      [
        'an unclean leader where there is one',
        async (talk, version) => vote(version, { [(await talk.topic()).name]: [0] }, election.unclean),
      ],
      ['an election of no kind', async (talk, version) => vote(version, { [(await talk.topic()).name]: [0] }, 9)],
    ],
    { since: 1 },
  ),
  {
    api: electLeaders,
    nodes: 3,
    title: 'the preferred leader takes over',
    run: async (talk, version) => {
      const { name } = await talk.topic({ assignments: [[1, 2]] });
      await placed(talk, name, [1, 2], 1);
      await talk.peek(alterPartitionReassignments, assignment(name, [2, 1]));
      await placed(talk, name, [2, 1], 1);
      await talk.ask(electLeaders, vote(version, { [name]: [0, 7] }));
      await placed(talk, name, [2, 1], 2);
      await talk.ask(electLeaders, vote(version, { [name]: [0] }));
    },
  },
];
