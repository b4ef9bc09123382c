import { apis } from '@tskafka/core/protocol';
import type { TestTopic } from '../../broker.ts';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { fetchRequest, listOffsetsRequest, nowhere, produceRequest, valuesBatch } from './requests.ts';

const { fetch, listOffsets, offsetForLeaderEpoch, deleteRecords, produce } = apis;

/** A topic with three batches: offsets 0 and 1, 2, 3 and 4. */
async function written(talk: Talk): Promise<TestTopic> {
  const topic = await talk.topic();
  for (const batch of [valuesBatch('0', '1'), valuesBatch('2'), valuesBatch('3', '4')])
    await talk.peek(produce, produceRequest(topic, batch));
  return topic;
}

const epochRequest = (topic: TestTopic, leaderEpoch: number, { partition = 0, currentLeaderEpoch = -1 } = {}) => ({
  replicaId: -1,
  topics: [{ topic: topic.name, partitions: [{ partition, currentLeaderEpoch, leaderEpoch }] }],
});

const deleteRequest = (topic: TestTopic, offset: number, partitionIndex = 0) => ({
  topics: [{ name: topic.name, partitions: [{ partitionIndex, offset }] }],
  timeoutMs: 10_000,
});

export const readingScenarios: Scenario[] = [
  ...requests(fetch, [
    ['from the start', async (talk) => fetchRequest(await written(talk), 0)],
    ['from within a batch', async (talk) => fetchRequest(await written(talk), 1)],
    ['from the end', async (talk) => fetchRequest(await written(talk), 5)],
    ['beyond the end', async (talk) => fetchRequest(await written(talk), 6)],
    ['a negative offset', async (talk) => fetchRequest(await written(talk), -1)],
    ['read committed', async (talk) => fetchRequest(await written(talk), 0, { isolationLevel: 1 })],
    ['one byte of a partition', async (talk) => fetchRequest(await written(talk), 0, { partitionMaxBytes: 1 })],
    ['one byte altogether', async (talk) => fetchRequest(await written(talk), 2, { maxBytes: 1 })],
    ['two batches at most', async (talk) => fetchRequest(await written(talk), 0, { partitionMaxBytes: 170 })],
    ['an empty partition', async (talk) => fetchRequest(await talk.topic(), 0)],
    ['an unknown topic', () => fetchRequest(nowhere, 0)],
    ['an unknown partition', async (talk) => fetchRequest(await talk.topic(), 0, { partition: 9 })],
  ]),
  ...requests(
    fetch,
    [
      ['the leader epoch', async (talk) => fetchRequest(await written(talk), 0, { leaderEpoch: 0 })],
      ['a leader epoch that is still to come', async (talk) => fetchRequest(await written(talk), 0, { leaderEpoch: 9 })],
    ],
    { since: 9 },
  ),
  {
    api: fetch,
    title: 'an offset whose record was deleted',
    run: async (talk) => {
      const topic = await written(talk);
      await talk.ask(deleteRecords, deleteRequest(topic, 3));
      await talk.ask(fetch, fetchRequest(topic, 2));
      await talk.ask(fetch, fetchRequest(topic, 3));
    },
  },
  ...[-1, -2, 0, 1_000_000, 1_000_001].flatMap((time) =>
    requests(listOffsets, [
      [`the offset for ${time}`, async (talk) => listOffsetsRequest(await written(talk), time)],
      [`the offset for ${time} of an empty partition`, async (talk) => listOffsetsRequest(await talk.topic(), time)],
    ]),
  ),
  ...requests(listOffsets, [
    ['an unknown topic', () => listOffsetsRequest(nowhere, -1)],
    ['an unknown partition', async (talk) => listOffsetsRequest(await talk.topic(), -1, { partition: 9 })],
    [
      'the same partition twice',
      async (talk) => {
        const request = listOffsetsRequest(await written(talk), -1);
        const [topic] = request.topics;
        return { ...request, topics: [{ ...topic!, partitions: [...topic!.partitions, { ...topic!.partitions[0]!, timestamp: -2 }] }] };
      },
    ],
  ]),
  ...requests(
    listOffsets,
    [
      ['the leader epoch', async (talk) => listOffsetsRequest(await written(talk), -1, { leaderEpoch: 0 })],
      ['a leader epoch that is still to come', async (talk) => listOffsetsRequest(await written(talk), -1, { leaderEpoch: 9 })],
    ],
    { since: 4 },
  ),
  ...requests(listOffsets, [['read committed', async (talk) => listOffsetsRequest(await written(talk), -1, { isolationLevel: 1 })]], {
    since: 2,
  }),
  ...[-3, -4, -5, -6].flatMap((time) =>
    requests(listOffsets, [
      [`the offset for ${time}`, async (talk) => listOffsetsRequest(await written(talk), time)],
      [`the offset for ${time} of an empty partition`, async (talk) => listOffsetsRequest(await talk.topic(), time)],
    ]),
  ),
  ...requests(offsetForLeaderEpoch, [
    ['the end of the epoch', async (talk) => epochRequest(await written(talk), 0)],
    ['an epoch that is still to come', async (talk) => epochRequest(await written(talk), 9)],
    ['no epoch', async (talk) => epochRequest(await written(talk), -1)],
    ['an empty partition', async (talk) => epochRequest(await talk.topic(), 0)],
    ['the leader epoch', async (talk) => epochRequest(await written(talk), 0, { currentLeaderEpoch: 0 })],
    ['a leader epoch that is still to come', async (talk) => epochRequest(await written(talk), 0, { currentLeaderEpoch: 9 })],
    ['an unknown topic', () => epochRequest(nowhere, 0)],
    ['an unknown partition', async (talk) => epochRequest(await talk.topic(), 0, { partition: 9 })],
  ]),
  ...requests(deleteRecords, [
    ['up to an offset', async (talk) => deleteRequest(await written(talk), 3)],
    ['up to the end', async (talk) => deleteRequest(await written(talk), -1)],
    ['up to the start', async (talk) => deleteRequest(await written(talk), 0)],
    ['beyond the end', async (talk) => deleteRequest(await written(talk), 9)],
    ['a negative offset', async (talk) => deleteRequest(await written(talk), -2)],
    ['an unknown topic', () => deleteRequest(nowhere, 0)],
    ['an unknown partition', async (talk) => deleteRequest(await talk.topic(), 0, 9)],
    [
      'a compacted topic',
      async (talk) => {
        const topic = await talk.topic({ configs: { 'cleanup.policy': 'compact' } });
        return deleteRequest(topic, 0);
      },
    ],
  ]),
];
