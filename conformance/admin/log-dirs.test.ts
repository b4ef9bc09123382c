import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues } from '../requests.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire(1);
afterAll(() => broker.closeWires());

const describeDirs = (topics: { topic: string; partitions: number[] }[] | null, version = 5) =>
  wire.send(apis.describeLogDirs, version, { topics });

describe.each(versionsOf(apis.describeLogDirs))('DescribeLogDirs version %i', (version) => {
  it('tells how large the partitions of a broker are', async () => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    const batch = batchOfValues('x'.repeat(100));
    await append(await broker.leaderWire(topic), topic, batch);
    const { results } = await describeDirs([{ topic: topic.name, partitions: [0, 7] }], version);
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({
      errorCode: code.none,
      logDir: expect.stringMatching(/^\//),
      topics: [{ name: topic.name, partitions: [{ partitionIndex: 0, offsetLag: 0, isFutureKey: false }] }],
    });
    const { partitionSize } = results[0]!.topics[0]!.partitions[0]!;
    expect(partitionSize).toBe(batch.length);
    const { totalBytes, usableBytes, isCordoned } = results[0]!;
    if (version < 4) expect([totalBytes, usableBytes]).toEqual([-1, -1]);
    else expect(usableBytes).toBeLessThanOrEqual(totalBytes);
    expect(isCordoned).toBe(false);
  });

  it('tells of all partitions, or of none', async () => {
    const topic = await broker.createTopic({ assignments: [[1], [1]] });
    const { name } = topic;
    await Promise.all([broker.leaderWire(topic, 0), broker.leaderWire(topic, 1)]);
    const all = await describeDirs(null, version);
    const found = all.results.flatMap(({ topics }) => topics).find((topic) => topic.name === name);
    expect(found?.partitions.map(({ partitionIndex }) => partitionIndex).sort()).toEqual([0, 1]);
    const nothing = await describeDirs([], version);
    expect(nothing.results.flatMap(({ topics }) => topics)).toEqual([]);
    expect(nothing.results).toHaveLength(all.results.length);
  });

  if (broker.nodes > 1)
    it('tells only of the replicas that this broker has', async () => {
      const { name } = await broker.createTopic({ assignments: [[2]] });
      const { results } = await describeDirs([{ topic: name, partitions: [0] }], version);
      expect(results.flatMap(({ topics }) => topics)).toEqual([]);
    });
});

describe.each(versionsOf(apis.alterReplicaLogDirs))('AlterReplicaLogDirs version %i', (version) => {
  const alter = async (path: string, name: string, partitions: number[]) => {
    const { results } = await wire.send(apis.alterReplicaLogDirs, version, { dirs: [{ path, topics: [{ name, partitions }] }] });
    expect(results.map(({ topicName }) => topicName)).toEqual([name]);
    return results[0]!.partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex);
  };
  const dir = async () => (await describeDirs([])).results[0]!.logDir;

  it('leaves a partition in its folder', async () => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    const { name } = topic;
    await broker.leaderWire(topic);
    expect(await alter(await dir(), name, [0, 7])).toMatchObject([
      { partitionIndex: 0, errorCode: code.none },
      { partitionIndex: 7, errorCode: code.unknownTopicOrPartition },
    ]);
  });

  it('knows only its own folders', async () => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    const { name } = topic;
    await broker.leaderWire(topic);
    expect(await alter('/nowhere', name, [0])).toMatchObject([{ partitionIndex: 0, errorCode: code.logDirNotFound }]);
    expect(await alter(`${await dir()}/`, name, [0])).toMatchObject([{ errorCode: code.logDirNotFound }]);
  });

  it('knows no other topics', async () => {
    expect(await alter(await dir(), broker.freshName('missing'), [0])).toMatchObject([{ errorCode: code.unknownTopicOrPartition }]);
  });

  if (broker.nodes > 1)
    it('has no replica to move where another broker has it', async () => {
      const { name } = await broker.createTopic({ assignments: [[2]] });
      expect(await alter(await dir(), name, [0])).toMatchObject([{ errorCode: code.replicaNotAvailable }]);
    });
});
