import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';
import { TestGroup } from './consumer-group.ts';

const topic = await broker.createTopic({ partitions: 2 });
afterAll(() => broker.closeWires());

describe.each(versionsOf(apis.consumerGroupDescribe))('ConsumerGroupDescribe version %i', (version) => {
  it('tells all of a group and its members', async () => {
    const group = await TestGroup.create();
    await group.member('m').join([topic], { instanceId: 'i', rackId: 'r1' });
    const assignment = { topicPartitions: [{ topicId: topic.id, topicName: topic.name, partitions: [0, 1] }] };
    expect(await group.describe(version)).toEqual({
      errorCode: code.none,
      errorMessage: null,
      groupId: group.id,
      groupState: 'Stable',
      groupEpoch: 2,
      assignmentEpoch: 2,
      assignorName: 'uniform',
      members: [
        {
          ...{ memberId: 'm', instanceId: 'i', rackId: 'r1', memberEpoch: 2, clientId: 'conformance', clientHost: '/127.0.0.1' },
          ...{ subscribedTopicNames: [topic.name], subscribedTopicRegex: '' },
          ...{ assignment, targetAssignment: assignment, memberType: version >= 1 ? 1 : -1 },
        },
      ],
      authorizedOperations: -2147483648,
    });
  });

  it('tells what may be done with the group, when it is asked for', async () => {
    const group = await TestGroup.create();
    await group.member('m').join([topic]);
    const request = { groupIds: [group.id], includeAuthorizedOperations: true };
    const [described] = (await group.wire.send(apis.consumerGroupDescribe, version, request)).groups;
    // Read, delete, describe, and the two of configurations.
    expect(described!.authorizedOperations).toBe(3400);
  });

  it('knows no group that is not there, is classic, or has no name', async () => {
    const [missing, classic] = [await TestGroup.create(), await TestGroup.create()];
    const offsets = [{ name: topic.name, partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: null }] }];
    await classic.wire.send(apis.offsetCommit, 8, { groupId: classic.id, memberId: '', generationIdOrMemberEpoch: -1, topics: offsets });
    const nothing = { groupState: '', groupEpoch: 0, assignmentEpoch: 0, assignorName: '', members: [], authorizedOperations: -2147483648 };
    const notFound = { ...nothing, errorCode: code.groupIdNotFound };
    const found = await missing.describe(version);
    expect(found).toEqual({ ...notFound, groupId: missing.id, errorMessage: `Group ${missing.id} not found.` });
    const other = await classic.describe(version);
    expect(other).toEqual({ ...notFound, groupId: classic.id, errorMessage: `Group ${classic.id} is not a consumer group.` });
    const request = { groupIds: [''], includeAuthorizedOperations: false };
    const [nameless] = (await missing.wire.send(apis.consumerGroupDescribe, version, request)).groups;
    expect(nameless).toEqual({ ...nothing, groupId: '', errorCode: code.invalidGroupId, errorMessage: null });
  });
});
