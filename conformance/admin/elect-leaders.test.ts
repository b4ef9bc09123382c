import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
afterAll(() => broker.closeWires());

const preferred = 0;
const unclean = 1;
const elect = async (version: number, electionType: number, topic: string, partitions: number[]) => {
  const topicPartitions = [{ topic, partitions }];
  const request = { ...(version > 0 && { electionType }), topicPartitions, timeoutMs: 10_000 };
  return wire.send(apis.electLeaders, version, request);
};
const notNeeded = { errorCode: code.electionNotNeeded, errorMessage: 'Leader election not needed for topic partition.' };

describe.each(versionsOf(apis.electLeaders))('ElectLeaders version %i', (version) => {
  it('elects nobody where the preferred replica leads', async () => {
    const { name } = await broker.createTopic();
    const { replicaElectionResults } = await elect(version, preferred, name, [0, 7]);
    expect(replicaElectionResults).toMatchObject([
      {
        topic: name,
        partitionResult: [
          { partitionId: 0, ...notNeeded },
          { partitionId: 7, errorCode: code.unknownTopicOrPartition, errorMessage: `No such partition as ${name}-7` },
        ],
      },
    ]);
  });

  it('knows no other topics', async () => {
    const name = broker.freshName('missing');
    const { replicaElectionResults } = await elect(version, preferred, name, [0]);
    expect(replicaElectionResults[0]!.partitionResult).toMatchObject([
      { errorCode: code.unknownTopicOrPartition, errorMessage: `No such topic as ${name}` },
    ]);
  });

  if (broker.nodes > 1)
    it('elects the preferred replica where another leads', async () => {
      const topic = await broker.createTopic({ assignments: [[1, 2]] });
      const reassigned = [{ name: topic.name, partitions: [{ partitionIndex: 0, replicas: [2, 1] }] }];
      await wire.send(apis.alterPartitionReassignments, 0, { topics: reassigned });
      const { replicaElectionResults } = await elect(version, preferred, topic.name, [0]);
      expect(replicaElectionResults[0]!.partitionResult).toMatchObject([{ errorCode: code.none, errorMessage: null }]);
      await until('broker 2 leads', async () => (await broker.leaders(topic.name, wire))[0] === 2);
      const { topics } = await wire.send(apis.metadata, 12, { topics: [{ name: topic.name }], allowAutoTopicCreation: false });
      expect(topics[0]!.partitions).toMatchObject([{ leaderId: 2, leaderEpoch: 1 }]);
    });

  if (version > 0) {
    it('elects nobody uncleanly where somebody leads', async () => {
      const { name } = await broker.createTopic();
      const { errorCode, replicaElectionResults } = await elect(version, unclean, name, [0]);
      expect(errorCode).toBe(code.none);
      expect(replicaElectionResults[0]!.partitionResult).toMatchObject([notNeeded]);
    });

    it('refuses elections of another kind', async () => {
      const { name } = await broker.createTopic();
      const refused = { errorCode: code.invalidRequest };
      expect(await elect(version, 9, name, [0])).toMatchObject({
        ...refused,
        replicaElectionResults: [
          { topic: name, partitionResult: [{ partitionId: 0, ...refused, errorMessage: 'Unknown election type 9' }] },
        ],
      });
    });
  }
});
