import { BalancedConsumer } from '@tskafka/consumer';
import {
  alterGroupOffsets,
  alterShareGroupOffsets,
  deleteGroupOffsets,
  deleteShareGroupOffsets,
  describeGroups,
  groupOffsets,
  type KafkaClient,
  listGroups,
  removeGroupMembers,
  shareGroupOffsets,
  valuesOf,
} from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient, values, write } from '../consumer/fixture.ts';
import { join, shareGroup } from '../share-requests.ts';
import { until } from '../until.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

const partitionsOf = (topic: string) => [0, 1].map((partition) => ({ topic, partition }));

describe('describeGroups', () => {
  it.each(['classic', 'consumer'] as const)('tells state and members of a %s group, with what each reads', async (groupProtocol) => {
    const topic = (await broker.createTopic({ partitions: 2 })).name;
    const group = broker.freshName(groupProtocol);
    await using _member = await BalancedConsumer.start(client.topic(topic), {
      consumerGroup: group,
      groupProtocol,
      groupInstanceId: 'i-1',
    });
    await until('the group is stable', async () => {
      const described = valuesOf(await describeGroups(client, [group])).get(group)!;
      return described.state === 'Stable' && described.members[0]?.assignment?.length === 2;
    });
    const described = valuesOf(await describeGroups(client, [group], { includeAuthorizedOperations: true })).get(group)!;
    expect(described).toMatchObject({ group, type: groupProtocol, protocolType: 'consumer', state: 'Stable' });
    expect(client.brokers.map(({ id }) => id)).toContain(described.coordinator);
    expect([...described.authorizedOperations!]).toEqual(expect.arrayContaining(['read', 'delete', 'describe']));
    expect(described.members).toEqual([
      expect.objectContaining({
        instanceId: 'i-1',
        subscribedTopics: [topic],
        clientId: 'tskafka',
        host: expect.stringContaining('127.0.0.1'),
      }),
    ]);
    const byNumber = described.members[0]!.assignment!.toSorted((a, b) => a.partition - b.partition);
    expect(byNumber).toEqual(partitionsOf(topic));
    const isNew = groupProtocol === 'consumer';
    expect(typeof described.epoch).toBe(isNew ? 'number' : 'undefined');
    expect(described.members[0]!.targetAssignment?.length).toBe(isNew ? 2 : undefined);
  });

  it('tells share groups', async () => {
    const topic = await broker.createTopic();
    const group = await shareGroup();
    await join(group, [topic]);
    const described = valuesOf(await describeGroups(client, [group.id])).get(group.id)!;
    expect(described).toMatchObject({ type: 'share', protocolType: 'share', authorizedOperations: undefined });
    expect(described.members).toEqual([
      expect.objectContaining({ subscribedTopics: [topic.name], assignment: [{ topic: topic.name, partition: 0 }] }),
    ]);
    group.wire.close();
  });

  it('does not know what is no group, beside one that is', async () => {
    const group = broker.freshName('kept');
    const topic = (await broker.createTopic()).name;
    valuesOf(await alterGroupOffsets(client, group, [{ topic, partition: 0, offset: 0 }]));
    const none = broker.freshName('none');
    const described = await describeGroups(client, [none, group]);
    expect(described.get(none)).toMatchObject({ errorName: 'GROUP_ID_NOT_FOUND' });
    expect(described.get(group)).toMatchObject({ type: 'classic', state: 'Empty', members: [] });
  });

  it('refuses a name where a list is due', async () => {
    await expect(describeGroups(client, 'billing' as never)).rejects.toThrow("groups must be given as an array, not 'billing'");
    await expect(describeGroups(client, 5n as never)).rejects.toThrow('groups must be given as an array, not 5n');
  });
});

describe('listGroups', () => {
  it('filters by state, type and protocol type', async () => {
    const topic = (await broker.createTopic()).name;
    const [empty, busy] = [broker.freshName('empty'), broker.freshName('busy')];
    valuesOf(await alterGroupOffsets(client, empty, [{ topic, partition: 0, offset: 0 }]));
    await using _member = await BalancedConsumer.start(client.topic(topic), { consumerGroup: busy, groupProtocol: 'consumer' });
    const listed = async (options: Parameters<typeof listGroups>[1]): Promise<string[]> => {
      const { groups, errors } = await listGroups(client, options);
      expect(errors.size).toBe(0);
      return groups.map(({ group }) => group).filter((group) => group === empty || group === busy);
    };
    expect(await listed({})).toEqual([busy, empty]);
    expect(await listed({ states: ['Empty'] })).toEqual([empty]);
    expect(await listed({ types: ['consumer'] })).toEqual([busy]);
    expect(await listed({ types: ['consumer', 'classic'], states: ['Empty'] })).toEqual([empty]);
    expect(await listed({ protocolTypes: ['connect'] })).toEqual([]);
  });

  it.each([
    [{ states: ['empty'] }, 'a state of groups must be one of PreparingRebalance'],
    [{ types: ['Consumer'] }, "a type of groups must be one of classic, consumer, share, streams, not 'Consumer'"],
    [{ type: ['consumer'] }, "listGroups has no option 'type'; did you mean 'types'?"],
  ])('refuses %j', async (options, message) => {
    await expect(listGroups(client, options as never)).rejects.toThrow(message);
  });
});

describe('the offsets of a group', () => {
  it('are set and forgotten, each partition for itself', async () => {
    const topic = await broker.createTopic({ partitions: 2 });
    await write(topic, values(0, 5), 0);
    const group = broker.freshName('group');
    const [at, beyond] = [
      { topic: topic.name, partition: 0, offset: 2, metadata: 'by hand' },
      { topic: topic.name, partition: 7, offset: 1 },
    ];
    const nowhere = { topic: broker.freshName('none'), partition: 0, offset: 1 };
    const altered = await alterGroupOffsets(client, group, [at, beyond, nowhere]);
    expect([...altered.keys()]).toEqual([at, beyond, nowhere]);
    expect(altered.get(at)).toBeUndefined();
    expect(altered.get(beyond)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(altered.get(nowhere)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(await groupOffsets(client, group)).toEqual([expect.objectContaining({ partition: 0, offset: 2, metadata: 'by hand', lag: 3 })]);

    const [kept, other] = partitionsOf(topic.name);
    const deleted = await deleteGroupOffsets(client, group, [kept!, other!, nowhere]);
    expect([deleted.get(kept!), deleted.get(other!)]).toEqual([undefined, undefined]);
    expect(deleted.get(nowhere)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(await groupOffsets(client, group)).toEqual([]);
  });

  it('cannot be changed under members, and the error says so', async () => {
    const topic = (await broker.createTopic()).name;
    const group = broker.freshName('busy');
    await using consumer = await BalancedConsumer.start(client.topic(topic), { consumerGroup: group });
    await consumer.commitOffsets([[0, 0]]);
    const at = { topic, partition: 0, offset: 0 };
    const altered = (await alterGroupOffsets(client, group, [at])).get(at);
    expect(altered).toMatchObject({
      errorName: 'UNKNOWN_MEMBER_ID',
      message: expect.stringContaining('the group still has members: stop them first'),
    });
    const deleted = (await deleteGroupOffsets(client, group, [at])).get(at);
    expect(deleted).toMatchObject({ errorName: 'GROUP_SUBSCRIBED_TO_TOPIC' });
  });

  it('of a group that there is not cannot be forgotten', async () => {
    const topic = (await broker.createTopic()).name;
    await expect(deleteGroupOffsets(client, broker.freshName('none'), [{ topic, partition: 0 }])).rejects.toMatchObject({
      errorName: 'GROUP_ID_NOT_FOUND',
    });
  });

  it.each<[string, unknown[], string]>([
    ['a negative offset', [{ topic: 't', partition: 0, offset: -1 }], 'an offset to commit must be a whole number of at least 0, not -1'],
    ['no partition', [{ topic: 't', offset: 1 }], "a partition of topic 't' must be a whole number of at least 0, not undefined"],
    [
      'a partition twice',
      [
        { topic: 't', partition: 0, offset: 1 },
        { topic: 't', partition: 0, offset: 2 },
      ],
      'partition t/0 is named twice',
    ],
  ])('are refused with %s', async (_, offsets, message) => {
    await expect(alterGroupOffsets(client, 'g', offsets as never)).rejects.toThrow(message);
  });
});

describe('removeGroupMembers', () => {
  it.each(['classic', 'consumer'] as const)('removes a static member of a %s group by its name', async (groupProtocol) => {
    const topic = (await broker.createTopic()).name;
    const group = broker.freshName('static');
    const options = { consumerGroup: group, groupProtocol, groupInstanceId: 'i-1' } as const;
    const consumer = await BalancedConsumer.start(client.topic(topic), options);
    await consumer.close(); // a static member stays in its group
    const members = async () => valuesOf(await describeGroups(client, [group])).get(group)!.members.length;
    expect(await members()).toBe(1);
    const removed = await removeGroupMembers(client, group, [{ instanceId: 'i-2' }, { instanceId: 'i-1' }], { reason: 'a test' });
    expect(removed.get('i-2')).toMatchObject({ errorName: 'UNKNOWN_MEMBER_ID' });
    expect(removed.get('i-1')).toBeUndefined();
    expect(await members()).toBe(0);
  });

  it('removes all that are there', async () => {
    const topic = (await broker.createTopic()).name;
    const group = broker.freshName('all');
    const start = (groupInstanceId: string): Promise<BalancedConsumer> =>
      BalancedConsumer.start(client.topic(topic), { consumerGroup: group, groupProtocol: 'classic', groupInstanceId });
    const consumers = await Promise.all([start('i-1'), start('i-2')]);
    await Promise.all(consumers.map((consumer) => consumer.close())); // static members stay in their group
    const removed = await removeGroupMembers(client, group, 'all');
    expect([...removed.keys()].sort()).toEqual(['i-1', 'i-2']);
    valuesOf(removed);
    expect(valuesOf(await describeGroups(client, [group])).get(group)!.members).toEqual([]);
    expect(await removeGroupMembers(client, group, 'all')).toEqual(new Map());
    await expect(removeGroupMembers(client, broker.freshName('none'), 'all')).rejects.toMatchObject({ errorName: 'GROUP_ID_NOT_FOUND' });
  });
});

describe('the offsets of a share group', () => {
  it('are set, told, and forgotten', async () => {
    const topic = await broker.createTopic();
    await write(topic, values(0, 5), 0);
    const group = broker.freshName('share');
    const at = { topic: topic.name, partition: 0, offset: 2 };
    const nowhere = { topic: broker.freshName('none'), partition: 0, offset: 0 };
    const altered = await alterShareGroupOffsets(client, group, [at, nowhere]);
    expect(altered.get(at)).toBeUndefined();
    expect(altered.get(nowhere)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(await shareGroupOffsets(client, group)).toEqual([expect.objectContaining({ topic: topic.name, partition: 0, offset: 2 })]);
    const deleted = await deleteShareGroupOffsets(client, group, [topic.name, nowhere.topic]);
    expect(deleted.get(topic.name)).toBeUndefined();
    expect(deleted.get(nowhere.topic)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(await shareGroupOffsets(client, group)).toEqual([]);
  });

  it('of a group that there is not are none', async () => {
    const none = broker.freshName('none');
    expect(await shareGroupOffsets(client, none)).toEqual([]);
    await expect(deleteShareGroupOffsets(client, none, ['t'])).rejects.toMatchObject({ errorName: 'GROUP_ID_NOT_FOUND' });
  });
});
