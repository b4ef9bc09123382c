import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { nowhere } from './requests.ts';

const { createTopics, deleteTopics, createPartitions, metadata, describeTopicPartitions } = apis;

interface NewTopic {
  readonly name: string;
  readonly partitions?: number;
  readonly replicationFactor?: number;
  readonly assignments?: readonly (readonly number[])[];
  readonly configs?: Readonly<Record<string, string | null>>;
  readonly validateOnly?: boolean;
}

function creation({ name, partitions = 1, replicationFactor = 1, assignments = [], configs = {}, validateOnly = false }: NewTopic) {
  const topic = {
    ...{ name, numPartitions: partitions, replicationFactor },
    assignments: assignments.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  };
  return { topics: [topic], timeoutMs: 30_000, validateOnly };
}

/** Names before version 6, ids beside them from then on. */
const deletion = (version: number, name: string | null, topicId = 'AAAAAAAAAAAAAAAAAAAAAA') =>
  version >= 6 ? { topics: [{ name, topicId }], timeoutMs: 30_000 } : { topicNames: [name!], timeoutMs: 30_000 };

const growth = (name: string, count: number, assignments: readonly (readonly number[])[] | null = null, validateOnly = false) => ({
  topics: [{ name, count, assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null }],
  ...{ timeoutMs: 30_000, validateOnly },
});

const invalid = async (talk: Talk, fields: Partial<NewTopic>): Promise<ReturnType<typeof creation>> =>
  creation({ name: talk.name('refused'), ...fields });

export const topicScenarios: Scenario[] = [
  {
    api: createTopics,
    title: 'a topic is created, seen, and cannot be created twice',
    run: async (talk) => {
      const name = talk.name('new');
      await talk.ask(createTopics, creation({ name, partitions: 2, configs: { 'retention.ms': '1000', 'cleanup.policy': 'compact' } }));
      await talk.served(name, 2);
      await talk.ask(createTopics, creation({ name }));
      await talk.ask(metadata, { topics: [{ name }], allowAutoTopicCreation: false });
    },
  },
  ...requests(createTopics, [
    ['looked at only', (talk) => creation({ name: talk.name('new'), partitions: 2, validateOnly: true })],
    ['with assignments', (talk) => creation({ name: talk.name('new'), partitions: -1, replicationFactor: -1, assignments: [[1], [1]] })],
    ['an invalid name', (talk) => creation({ name: `${talk.name()} with spaces` })],
    ['an empty name', () => creation({ name: '' })],
    ['a name that is too long', (talk) => creation({ name: talk.name().padEnd(250, 'x') })],
    ['the name of nothing', () => creation({ name: '.' })],
    ['no partitions', (talk) => invalid(talk, { partitions: 0 })],
    ['partitions below zero', (talk) => invalid(talk, { partitions: -2 })],
    ['no replicas', (talk) => invalid(talk, { replicationFactor: 0 })],
    ['more replicas than brokers', (talk) => invalid(talk, { replicationFactor: 4 })],
    ['numbers and assignments', (talk) => invalid(talk, { partitions: 1, assignments: [[1]] })],
    ['assignments to an unknown broker', (talk) => invalid(talk, { partitions: -1, replicationFactor: -1, assignments: [[9]] })],
    ['a broker twice in an assignment', (talk) => invalid(talk, { partitions: -1, replicationFactor: -1, assignments: [[1, 1]] })],
    ['an empty assignment', (talk) => invalid(talk, { partitions: -1, replicationFactor: -1, assignments: [[]] })],
    ['an unknown configuration', (talk) => invalid(talk, { configs: { 'no.such.thing': '1' } })],
    ['an invalid value', (talk) => invalid(talk, { configs: { 'retention.ms': 'long' } })],
    ['a null value', (talk) => invalid(talk, { configs: { 'retention.ms': null } })],
    [
      'the same topic twice in a request',
      (talk) => {
        const { topics, ...rest } = creation({ name: talk.name('twice') });
        return { ...rest, topics: [...topics, ...topics] };
      },
    ],
    ['no topics', () => ({ topics: [], timeoutMs: 1000 })],
  ]),
  ...requests(
    createTopics,
    [['the defaults of the broker', (talk) => creation({ name: talk.name('new'), partitions: -1, replicationFactor: -1 })]],
    { since: 4 },
  ),
  {
    api: deleteTopics,
    title: 'a topic is deleted',
    run: async (talk, version) => {
      const { name } = await talk.topic();
      await talk.ask(deleteTopics, deletion(version, name));
      await talk.until(`${name} is gone`, async () => {
        const { topics } = await talk.peek(metadata, { topics: [{ name }], allowAutoTopicCreation: false });
        return topics[0]!.errorCode !== 0;
      });
      await talk.ask(deleteTopics, deletion(version, name));
    },
  },
  ...requests(deleteTopics, [['an unknown topic', (_, version) => deletion(version, nowhere.name)]]),
  ...requests(
    deleteTopics,
    [
      ['by its id', async (talk, version) => deletion(version, null, (await talk.topic()).id)],
      ['an unknown id', (_, version) => deletion(version, null, nowhere.id)],
      ['neither name nor id', (_, version) => deletion(version, null)],
      [
        'name and id',
        async (talk, version) => {
          const { name, id } = await talk.topic();
          return deletion(version, name, id);
        },
      ],
    ],
    { since: 6 },
  ),
  {
    api: createPartitions,
    title: 'a topic grows',
    run: async (talk) => {
      const { name } = await talk.topic();
      await talk.ask(createPartitions, growth(name, 3));
      await talk.served(name, 3);
      await talk.ask(createPartitions, growth(name, 4, [[1]]));
      await talk.served(name, 4);
      await talk.ask(metadata, { topics: [{ name }], allowAutoTopicCreation: false });
    },
  },
  ...requests(createPartitions, [
    ['looked at only', async (talk) => growth((await talk.topic()).name, 3, null, true)],
    ['as many as there are', async (talk) => growth((await talk.topic()).name, 1)],
    ['fewer than there are', async (talk) => growth((await talk.topic({ partitions: 2 })).name, 1)],
    ['less than nothing', async (talk) => growth((await talk.topic()).name, -1)],
    ['too few assignments', async (talk) => growth((await talk.topic()).name, 3, [[1]])],
    ['too many assignments', async (talk) => growth((await talk.topic()).name, 2, [[1], [1]])],
    ['an assignment to an unknown broker', async (talk) => growth((await talk.topic()).name, 2, [[9]])],
    ['an assignment with other replicas', async (talk) => growth((await talk.topic()).name, 2, [[]])],
    ['an unknown topic', () => growth(nowhere.name, 2)],
  ]),
  ...requests(metadata, [
    ['an invalid name', () => ({ topics: [{ name: 'with spaces' }] })],
    ['an empty name', () => ({ topics: [{ name: '' }] })],
    ['a topic', async (talk) => ({ topics: [{ name: (await talk.topic({ partitions: 3 })).name }] })],
  ]),
  {
    api: metadata,
    title: 'an internal topic',
    run: async (talk) => {
      await talk.coordinator(talk.name('group')); // the topic comes into being when somebody asks for a coordinator
      await talk.ask(metadata, { topics: [{ name: '__consumer_offsets' }] }, { mask: ['leaderEpoch'] }); // it is as old as the cluster
    },
  },
  {
    api: metadata,
    title: 'all topics',
    run: async (talk, version) => {
      await talk.topic();
      await talk.ask(metadata, { topics: version === 0 ? [] : null }, { own: 'topics' });
    },
  },
  ...requests(metadata, [['no topics', () => ({ topics: [] })]], { since: 1 }),
  {
    api: metadata,
    title: 'an unknown topic comes into being',
    run: async (talk) => {
      const name = talk.name();
      await talk.ask(metadata, { topics: [{ name }] });
      await talk.served(name, 3);
      await talk.ask(metadata, { topics: [{ name }] });
    },
  },
  ...requests(metadata, [['an unknown topic', (talk) => ({ topics: [{ name: talk.name() }], allowAutoTopicCreation: false })]], {
    since: 4,
  }),
  ...requests(
    metadata,
    [
      [
        'authorized operations',
        async (talk) => ({
          topics: [{ name: (await talk.topic()).name }],
          includeTopicAuthorizedOperations: true,
          ...(talk.version <= 10 && { includeClusterAuthorizedOperations: true }),
        }),
      ],
    ],
    { since: 8 },
  ),
  ...requests(
    metadata,
    [
      ['by its id', async (talk) => ({ topics: [{ topicId: (await talk.topic()).id, name: null }] })],
      ['an unknown id', () => ({ topics: [{ topicId: nowhere.id, name: null }] })],
    ],
    { since: 10 },
  ),
  ...requests(describeTopicPartitions, [
    ['a topic', async (talk) => ({ topics: [{ name: (await talk.topic({ partitions: 3 })).name }] })],
    ['an unknown topic', () => ({ topics: [{ name: nowhere.name }] })],
    ['an invalid name', () => ({ topics: [{ name: 'with spaces' }] })],
    [
      'fewer partitions than there are',
      async (talk) => ({
        topics: [{ name: (await talk.topic({ partitions: 3 })).name }],
        responsePartitionLimit: 2,
      }),
    ],
    [
      'from a cursor on',
      async (talk) => {
        const { name } = await talk.topic({ partitions: 3 });
        return { topics: [{ name }], cursor: { topicName: name, partitionIndex: 2 } };
      },
    ],
    [
      'from a cursor below zero on',
      async (talk) => {
        const { name } = await talk.topic({ partitions: 3 });
        return { topics: [{ name }], cursor: { topicName: name, partitionIndex: -1 } };
      },
    ],
  ]),
];
