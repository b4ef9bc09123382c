import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { fetchRequest, listOffsetsRequest, produceRequest, valuesBatch } from './requests.ts';

const { produce, fetch, listOffsets, offsetForLeaderEpoch, metadata, describeTopicPartitions, describeCluster, createTopics } = apis;
const { deleteRecords } = apis;

/** Node 1 leads, node 2 follows, node 3 has nothing of it. */
const led = (talk: Talk) => talk.topic({ assignments: [[1, 2]] });

/** Each broker leads one partition. */
const spread = (talk: Talk) =>
  talk.topic({
    assignments: [
      [1, 2],
      [2, 3],
      [3, 1],
    ],
  });

/** Kafka names any broker that lives: every one passes on what is for the controller. */
const anyController = ['controllerId'];

/** What a broker says that is asked for what another one leads. */
function misdirected(
  api: Scenario['api'],
  ask: (talk: Talk, topic: { name: string; id: string }, node: number) => Promise<unknown>,
): Scenario[] {
  return [2, 3].map((node) => ({
    api,
    nodes: 3,
    title: node === 2 ? 'asked of a follower' : 'asked of a broker without a replica',
    run: async (talk) => void (await ask(talk, await led(talk), node)),
  }));
}

export const leaderScenarios: Scenario[] = [
  ...misdirected(produce, (talk, topic, node) => talk.ask(produce, produceRequest(topic, valuesBatch('a')), { node })),
  ...misdirected(fetch, (talk, topic, node) => talk.ask(fetch, fetchRequest(topic, 0), { node })),
  ...misdirected(listOffsets, (talk, topic, node) => talk.ask(listOffsets, listOffsetsRequest(topic, -1), { node })),
  ...misdirected(deleteRecords, (talk, { name }, node) => {
    return talk.ask(deleteRecords, { topics: [{ name, partitions: [{ partitionIndex: 0, offset: 0 }] }], timeoutMs: 10_000 }, { node });
  }),
  ...misdirected(offsetForLeaderEpoch, (talk, { name }, node) => {
    const topics = [{ topic: name, partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: 0 }] }];
    return talk.ask(offsetForLeaderEpoch, { replicaId: -1, topics }, { node });
  }),
  {
    api: metadata,
    nodes: 3,
    title: 'leaders and replicas',
    run: async (talk) => void (await talk.ask(metadata, { topics: [{ name: (await spread(talk)).name }] }, { mask: anyController })),
  },
  ...requests(describeTopicPartitions, [['leaders and replicas', async (talk) => ({ topics: [{ name: (await spread(talk)).name }] })]], {
    nodes: 3,
  }),
  {
    api: describeCluster,
    nodes: 3,
    title: 'three brokers',
    run: async (talk) => void (await talk.ask(describeCluster, { includeClusterAuthorizedOperations: false }, { mask: anyController })),
  },
  ...requests(
    createTopics,
    [
      [
        'assignments of different sizes',
        (talk) => ({
          topics: [
            {
              ...{ name: talk.name(), numPartitions: -1, replicationFactor: -1, configs: [] },
              assignments: [
                { partitionIndex: 0, brokerIds: [1, 2] },
                { partitionIndex: 1, brokerIds: [1] },
              ],
            },
          ],
        }),
      ],
      [
        'assignments with a gap',
        (talk) => ({
          topics: [
            {
              ...{ name: talk.name(), numPartitions: -1, replicationFactor: -1, configs: [] },
              assignments: [
                { partitionIndex: 0, brokerIds: [1] },
                { partitionIndex: 2, brokerIds: [1] },
              ],
            },
          ],
        }),
      ],
    ],
    { nodes: 3 },
  ),
];
