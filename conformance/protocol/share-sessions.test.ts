import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { configureGroup } from '../group-configs.ts';
import { append, batchOfValues } from '../requests.ts';
import { acknowledgement, freshMember, join, rangesOf, scene, shareFetch, shareGroup, ShareReader, type } from '../share-requests.ts';
import { versionsOf } from '../versions.ts';

/** A member's fetches and acknowledgements belong to a session with one broker, and its records to the session. */

afterAll(() => broker.closeWires());

async function acquiring(configs = {}) {
  const found = await scene(configs);
  await append(found.reader.wire, found.topic, batchOfValues('a', 'b', 'c'));
  expect(await found.reader.acquire()).toBe('0-2x1');
  return found;
}

describe.each(versionsOf(apis.shareAcknowledge))('ShareAcknowledge version %i', (version) => {
  it('acknowledges in the session of the fetches, and counts on', async () => {
    const { reader } = await acquiring();
    const answer = await reader.acknowledgeIn(version, [acknowledgement(0, 1, type.accept)]);
    expect(answer).toMatchObject({ partitionIndex: 0, errorCode: code.none, errorMessage: null });
    expect(reader.epoch).toBe(2);
    await reader.acknowledgeIn(version, [acknowledgement(2, 2, type.release)]);
    expect(await reader.acquire()).toBe('2-2x2');
  });

  it.each([
    ['a member without a name', '', 1, code.invalidRequest],
    ['an epoch that begins a session', undefined, 0, code.invalidShareSessionEpoch],
    ['an epoch that is not the next', undefined, 5, code.invalidShareSessionEpoch],
    ['a session that there is not', freshMember(), 1, code.shareSessionNotFound],
    ['the end of a session that there is not', freshMember(), -1, code.shareSessionNotFound],
  ])('refuses %s', async (_what, member, shareSessionEpoch, error) => {
    const { group, topic, reader } = await acquiring();
    const partitions = [{ partitionIndex: 0, acknowledgementBatches: [acknowledgement(0, 2, type.accept)] }];
    const answer = await reader.wire.send(apis.shareAcknowledge, version, {
      ...{ groupId: group.id, memberId: member ?? reader.memberId, shareSessionEpoch },
      topics: [{ topicId: topic.id, partitions }],
    });
    expect(answer).toMatchObject({ errorCode: error, responses: [] });
  });

  it('answers for each partition by itself', async () => {
    const { group, topic, reader } = await acquiring();
    const asked = (partitionIndex: number) => ({ partitionIndex, acknowledgementBatches: [acknowledgement(0, 2, type.accept)] });
    const { errorCode, responses } = await reader.wire.send(apis.shareAcknowledge, version, {
      ...{ groupId: group.id, memberId: reader.memberId, shareSessionEpoch: reader.epoch },
      topics: [{ topicId: topic.id, partitions: [asked(0), asked(7)] }],
    });
    expect(errorCode).toBe(code.none);
    const errors = responses[0]!.partitions.map((partition) => [partition.partitionIndex, partition.errorCode]);
    expect(errors.sort()).toEqual([
      [0, code.none],
      [7, code.unknownTopicOrPartition],
    ]);
  });

  it('refuses an unknown topic id', async () => {
    const { group, reader } = await acquiring();
    const partitions = [{ partitionIndex: 0, acknowledgementBatches: [acknowledgement(0, 2, type.accept)] }];
    const { errorCode, responses } = await reader.wire.send(apis.shareAcknowledge, version, {
      ...{ groupId: group.id, memberId: reader.memberId, shareSessionEpoch: reader.epoch },
      topics: [{ topicId: 'AQIDBAUGBwgJCgsMDQ4PEA', partitions }],
    });
    // Kafka 4.3.1 with an authorizer fails as a whole: it asks who may read a topic without a name.
    expect([code.unknownTopicId, code.unknownServerError]).toContain(responses[0]?.partitions[0]?.errorCode ?? errorCode);
  });

  it('ends the session with its last acknowledgements, and releases the rest', async () => {
    const { group, topic, reader } = await acquiring();
    const partitions = [{ partitionIndex: 0, acknowledgementBatches: [acknowledgement(0, 0, type.accept)] }];
    const answer = await reader.wire.send(apis.shareAcknowledge, version, {
      ...{ groupId: group.id, memberId: reader.memberId, shareSessionEpoch: -1 },
      topics: [{ topicId: topic.id, partitions }],
    });
    expect(answer.responses[0]!.partitions).toMatchObject([{ errorCode: code.none }]);
    reader.epoch = 0;
    expect(await reader.acquire()).toBe('1-2x2');
  });
});

describe('a share session', () => {
  it('ends with a last fetch, which acquires nothing, and releases what its member has', async () => {
    const { group, topic, reader } = await acquiring();
    const answer = await shareFetch(reader.wire, group.id, reader.memberId, topic, {
      epoch: -1,
      acknowledge: [acknowledgement(0, 0, type.accept)],
    });
    expect(answer.responses[0]!.partitions).toMatchObject([{ acknowledgeErrorCode: code.none, acquiredRecords: [] }]);
    const after = await shareFetch(reader.wire, group.id, reader.memberId, topic, { epoch: 2 });
    expect(after.errorCode).toBe(code.shareSessionNotFound);
    reader.epoch = 0;
    expect(await reader.acquire()).toBe('1-2x2');
  });

  it('that begins anew leaves the member what it has', async () => {
    const { reader } = await acquiring();
    reader.epoch = 0;
    expect(await reader.acquire({ maxWaitMs: 50 })).toBe('');
    expect(await reader.acknowledge(acknowledgement(0, 2, type.accept))).toBe(code.none);
  });

  it('ends with its connection, and releases what its member has', async () => {
    const { reader, second } = await acquiring();
    const other = await second();
    await other.fetch({ maxWaitMs: 0 });
    reader.wire.close();
    let found = '';
    while (found === '') found = await other.acquire({ maxWaitMs: 200 });
    expect(found).toBe('0-2x2');
  });

  it('goes on through another connection', async () => {
    const { group, topic, reader } = await acquiring();
    const again = new ShareReader(await broker.leaderWire(topic), group, reader.memberId, topic);
    again.epoch = reader.epoch;
    expect(await again.acknowledge(acknowledgement(0, 2, type.accept))).toBe(code.none);
  });

  it('remembers partitions, and forgets those that it is told to', async () => {
    const topic = await broker.createTopic({ assignments: [[1], [1]] });
    const group = await shareGroup();
    const { memberId, assigned } = await join(group, [topic]);
    expect([...assigned.get(topic.id)!].sort()).toEqual([0, 1]);
    const wire = await broker.leaderWire(topic);
    /** Waits for what there is to come; for nothing, it waits not so long. */
    const fetch = async (
      shareSessionEpoch: number,
      partitions: readonly number[],
      { forgotten = [] as number[], maxWaitMs = 5000 } = {},
    ) => {
      const asked = partitions.map((partitionIndex) => ({ partitionIndex, acknowledgementBatches: [] }));
      const answer = await wire.send(apis.shareFetch, 2, {
        ...{
          groupId: group.id,
          memberId,
          shareSessionEpoch,
          maxWaitMs,
          minBytes: 1,
          maxBytes: 1_000_000,
          maxRecords: 100,
          batchSize: 100,
        },
        topics: asked.length === 0 ? [] : [{ topicId: topic.id, partitions: asked }],
        forgottenTopicsData: forgotten.length === 0 ? [] : [{ topicId: topic.id, partitions: forgotten }],
      });
      expect(answer.errorCode).toBe(code.none);
      const named = answer.responses.flatMap((response) => response.partitions);
      return named.map((partition) => `${partition.partitionIndex}: ${rangesOf(partition)}`.trim()).sort();
    };
    expect(await fetch(0, [0], { maxWaitMs: 50 })).toEqual(['0:']);
    await append(wire, topic, batchOfValues('x'), { partition: 1 });
    expect(await fetch(1, [], { maxWaitMs: 50 })).toEqual([]);
    expect(await fetch(2, [1])).toContain('1: 0-0x1'); // it is new, so the answer names it
    await append(wire, topic, batchOfValues('y'), { partition: 0 });
    await append(wire, topic, batchOfValues('y'), { partition: 1 });
    expect(await fetch(3, [], { forgotten: [0] })).toEqual(['1: 1-1x1']);
    expect(await fetch(4, [0])).toEqual(['0: 0-0x1']);
  });
});

describe('an acquisition lock', () => {
  it('ends after its time, and the records go to whoever waits for them', async () => {
    const { group, reader, second } = await scene();
    // As short as the broker allows: what it allows is its own affair.
    let lockMs = 1000;
    if ((await configureGroup(group.id, { 'share.record.lock.duration.ms': String(lockMs) })) !== code.none) lockMs = 15_000;
    expect(await configureGroup(group.id, { 'share.record.lock.duration.ms': String(lockMs) })).toBe(code.none);
    const topic = reader.topic;
    const other = await second();
    await append(reader.wire, topic, batchOfValues('a', 'b', 'c'));
    const answer = await shareFetch(reader.wire, group.id, reader.memberId, topic);
    reader.epoch = 1;
    expect(rangesOf(answer.responses[0]!.partitions[0])).toBe('0-2x1');
    expect(answer.acquisitionLockTimeoutMs).toBe(lockMs);
    expect(await other.acquire({ maxWaitMs: lockMs + 5000 })).toBe('0-2x2');
    expect(await reader.acknowledgeIn(2, [acknowledgement(0, 2, type.accept)])).toMatchObject({
      errorCode: code.invalidRecordState,
      errorMessage: 'Member is not the owner of batch record',
    });
  });
});
