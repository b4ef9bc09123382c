import { apis, errorCodes, errorName } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import type { Realism } from './realism.ts';
import { connect } from './test-client.ts';
import { batchOf } from './test-requests.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Each broker hears a third of the time later than the one before. */
function thirds() {
  let calls = 0;
  return () => (calls++ % 3) / 3 + 0.1;
}

async function knowing(cluster: MockCluster, name: string): Promise<string[]> {
  const request = { topics: [{ name, topicId: '' }], allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false };
  return await Promise.all(
    cluster.brokerIds.map(async (id) => {
      const client = await connect(cluster, id);
      const { topics } = await client.send(apis.metadata, 9, request);
      client.close();
      return errorName(topics[0]!.errorCode);
    }),
  );
}

describe('realism', () => {
  it('lets each broker hear of a new topic at a moment of its own', async () => {
    const clock = new VirtualClock();
    await using cluster = await MockCluster.start({ realism: { topicCreationMs: 90 }, clock, topics: { old: 1 } });
    const client = await connect(cluster, 1);
    const asked = { name: 'new', numPartitions: 3, replicationFactor: 3, assignments: [], configs: [] };
    const before = clock.now();
    await client.send(apis.createTopics, 7, { topics: [asked], timeoutMs: 1000, validateOnly: false });
    const seen = new Set<string>();
    for (; clock.now() < before + 90; await clock.advance(3)) seen.add((await knowing(cluster, 'new')).join(' '));
    expect(seen.size).toBeGreaterThan(2);
    expect(await knowing(cluster, 'new')).toEqual(['NONE', 'NONE', 'NONE']);
    expect(await knowing(cluster, 'old')).toEqual(['NONE', 'NONE', 'NONE']);
  });

  it('lets a broker that leads a new topic refuse what is for it, until it has heard', async () => {
    const clock = new VirtualClock();
    await using cluster = await MockCluster.start({ realism: { topicCreationMs: 90 }, clock, random: thirds() });
    const client = await connect(cluster, 1);
    const create = { topics: [{ name: 'new', topicId: '' }], allowAutoTopicCreation: true, includeTopicAuthorizedOperations: false };
    const first = await client.send(apis.metadata, 9, create);
    expect(errorName(first.topics[0]!.errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    const leader = await connect(cluster, cluster.topic('new').partition(0).leader);
    const partitionData = [{ index: 0, records: batchOf(['a']) }];
    const produce = async (): Promise<number> => {
      const topicData = [{ name: 'new', partitionData }];
      const answer = await leader.send(apis.produce, 9, { acks: -1, timeoutMs: 1000, topicData });
      return answer.responses[0]!.partitionResponses[0]!.errorCode;
    };
    expect(await produce()).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    await client.send(apis.metadata, 9, create); // does not create another
    await clock.advance(90);
    expect(await produce()).toBe(errorCodes.NONE);
  });

  it('lets a new coordinator load for a while, and lets none of its members go meanwhile', async () => {
    const clock = new VirtualClock();
    await using cluster = await MockCluster.start({ realism: { coordinatorLoadMs: 100 }, clock });
    const { coordinator } = cluster.group('billing');
    const client = await connect(cluster, coordinator);
    const committed = async (): Promise<number> => {
      const answer = await client.send(apis.offsetFetch, 5, { groupId: 'billing', topics: null });
      return answer.errorCode!;
    };
    const beat = { groupId: 'billing', generationId: 1, memberId: 'm' };
    expect(await committed()).toBe(errorCodes.COORDINATOR_LOAD_IN_PROGRESS);
    expect((await client.send(apis.heartbeat, 3, beat)).errorCode).toBe(errorCodes.NONE);
    expect((await client.send(apis.listGroups, 4, { statesFilter: [] })).errorCode).toBe(errorCodes.COORDINATOR_LOAD_IN_PROGRESS);
    await clock.advance(100);
    expect(await committed()).toBe(errorCodes.NONE);

    cluster.group('billing').moveCoordinator(coordinator === 1 ? 2 : 1);
    cluster.group('billing').moveCoordinator(coordinator);
    expect(await committed()).toBe(errorCodes.COORDINATOR_LOAD_IN_PROGRESS);
    await clock.advance(100);
    expect((await client.send(apis.heartbeat, 3, beat)).errorCode).toBe(errorCodes.UNKNOWN_MEMBER_ID);
  });

  it('lets transactional ids wait for their coordinator too', async () => {
    const clock = new VirtualClock();
    await using cluster = await MockCluster.start({ realism: { coordinatorLoadMs: 100 }, clock, brokers: 1 });
    const client = await connect(cluster, 1);
    const initialize = async (): Promise<number> => {
      const request = { transactionalId: 'payments', transactionTimeoutMs: 1000, producerId: -1, producerEpoch: -1 };
      return (await client.send(apis.initProducerId, 4, request)).errorCode;
    };
    expect(await initialize()).toBe(errorCodes.COORDINATOR_LOAD_IN_PROGRESS);
    await clock.advance(100);
    expect(await initialize()).toBe(errorCodes.NONE);
  });

  it('lets requests take their time, and a slower broker be as fast as the others again', async () => {
    const clock = new VirtualClock();
    await using cluster = await MockCluster.start({ realism: { rttMs: 10 }, clock });
    const client = await connect(cluster, 1);
    const timeOf = async (): Promise<number> => {
      const start = clock.now();
      let answeredAt: number | undefined;
      void client.send(apis.listGroups, 4, { statesFilter: [] }).then(() => (answeredAt = clock.now() - start));
      while (answeredAt === undefined) await clock.advance(1);
      return answeredAt;
    };
    expect(await timeOf()).toBe(10);
    const slow = cluster.broker(1).rtt(50);
    expect(await timeOf()).toBe(50);
    slow.stop();
    expect(await timeOf()).toBe(10);
  });

  it.each([
    [{ topicCreationMS: 1 }, "realism has no 'topicCreationMS'; it has topicCreationMs, coordinatorLoadMs, rttMs, jitterMs"],
    [{ rttMs: -1 }, 'realism.rttMs must be a number of milliseconds, not -1'],
  ])('refuses %j', async (realism, message) => {
    await expect(MockCluster.start({ realism: realism as Realism })).rejects.toThrow(message);
  });
});
