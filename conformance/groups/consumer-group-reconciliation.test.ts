import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import { TestGroup } from './consumer-group.ts';

/** How several members come to what they shall have, one step at a time (KIP-848). */

const topic = await broker.createTopic({ partitions: 3 });
afterAll(() => broker.closeWires());

describe('A second member', () => {
  it('waits until the first has given back what is no longer its own', async () => {
    const group = await TestGroup.create();
    const [a, b] = [group.member('a'), group.member('b')];
    await a.join([topic]);

    const joined = await b.join([topic]);
    expect(joined).toMatchObject({ memberEpoch: 3, assignment: { topicPartitions: [] } });
    expect((await group.describe()).groupState).toBe('Reconciling');

    const asked = await a.beat({ topicPartitions: null });
    expect(asked).toMatchObject({ memberEpoch: 2, assignment: { topicPartitions: [{ topicId: topic.id, partitions: [0, 1] }] } });
    // It has been told, and has not given back yet.
    const owning = [{ topicId: topic.id, partitions: [0, 1, 2] }];
    expect(await a.beat({ topicPartitions: owning })).toMatchObject({ memberEpoch: 2, assignment: null });
    expect(await b.beat()).toMatchObject({ memberEpoch: 3, assignment: null });
    const revoking = await group.describeMember('a');
    expect(revoking?.assignment.topicPartitions[0]?.partitions.toSorted()).toEqual([0, 1, 2]);
    expect(revoking?.targetAssignment.topicPartitions[0]?.partitions).toEqual([0, 1]);

    expect(await a.beat()).toMatchObject({ memberEpoch: 3, assignment: null });
    expect(await b.beat()).toMatchObject({ memberEpoch: 3, assignment: { topicPartitions: [{ topicId: topic.id, partitions: [2] }] } });
    expect(await group.describe()).toMatchObject({ groupState: 'Stable', groupEpoch: 3, assignmentEpoch: 3 });
  });

  it('gets all when the first leaves', async () => {
    const group = await TestGroup.create();
    const [a, b] = [group.member('a'), group.member('b')];
    await a.join([topic]);
    await b.join([topic]);
    await group.stable(a, b);
    await a.leave();
    expect(await group.describe()).toMatchObject({ groupState: 'Assigning', groupEpoch: 4, assignmentEpoch: 3 });
    await group.stable(b);
    expect(b.partitions(topic)).toEqual([0, 1, 2]);
    expect(b.epoch).toBe(4);
  });

  it('keeps what it has when it joins once more', async () => {
    const group = await TestGroup.create();
    const [a, b] = [group.member('a'), group.member('b')];
    await a.join([topic]);
    await b.join([topic]);
    await group.stable(a, b);
    const { memberEpoch } = await a.join([topic]);
    expect(memberEpoch).toBe(3);
    expect(a.partitions(topic)).toEqual([0, 1]);
  });
});

describe('A member that does not give back what it must', () => {
  it('is put out after its rebalance timeout', async () => {
    const group = await TestGroup.create();
    const [a, b] = [group.member('a'), group.member('b')];
    await a.join([topic], { rebalanceTimeoutMs: 300 });
    await b.join([topic]);
    await until('the member is out', async () => {
      const { errorCode } = await a.beat({ topicPartitions: [{ topicId: topic.id, partitions: [0, 1, 2] }], memberEpoch: 2 });
      return errorCode === code.unknownMemberId;
    });
    await group.stable(b);
    expect(b.partitions(topic)).toEqual([0, 1, 2]);
  });
});

describe('Three members', () => {
  it('share evenly, whoever comes and goes', async () => {
    const wide = await broker.createTopic({ partitions: 7 });
    const group = await TestGroup.create();
    const members = ['a', 'b', 'c'].map((id) => group.member(id));
    for (const member of members) {
      await member.join([wide]);
      await group.stable(...members.filter(({ epoch }) => epoch > 0));
    }
    const all = (): number[] => members.flatMap((member) => [...member.partitions(wide)]);
    expect(members.map((member) => member.partitions(wide).length).sort()).toEqual([2, 2, 3]);
    expect(all().sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const [gone] = members.splice(1, 1);
    await gone!.leave();
    await group.stable(...members);
    expect(all().sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('give each other partitions while one lags behind', async () => {
    const wide = await broker.createTopic({ partitions: 6 });
    const group = await TestGroup.create();
    const [a, b, c] = [group.member('a'), group.member('b'), group.member('c')];
    await a.join([wide]);
    await b.join([wide]);
    await group.stable(a, b);
    await c.join([wide]);
    await b.beat(); // told to give back
    await b.beat(); // gave back
    await c.beat();
    expect(b.epoch).toBe(4);
    expect(c.partitions(wide)).toHaveLength(1);
    expect(a.epoch).toBe(3);
    await group.stable(a, b, c);
    expect([a, b, c].map((member) => member.partitions(wide).length)).toEqual([2, 2, 2]);
  });
});

describe('A subscription', () => {
  it('that is given up is given back at once', async () => {
    const other = await broker.createTopic({ partitions: 2 });
    const group = await TestGroup.create();
    const a = group.member('a');
    await a.join([topic, other]);
    const answer = await a.beat({ subscribedTopicNames: [other.name], topicPartitions: null });
    expect(answer.memberEpoch).toBe(2);
    expect(a.partitions(topic)).toEqual([]);
    expect(a.partitions(other)).toEqual([0, 1]);
    await a.beat();
    expect(a.epoch).toBe(3);
  });

  it('may differ from the others', async () => {
    const [first, second] = [await broker.createTopic({ partitions: 2 }), await broker.createTopic({ partitions: 2 })];
    const group = await TestGroup.create();
    const [a, b, c] = [group.member('a'), group.member('b'), group.member('c')];
    await a.join([first]);
    await b.join([second]);
    await c.join([first, second]);
    await group.stable(a, b, c);
    const counts = [a, b, c].map((member) => member.partitions(first).length + member.partitions(second).length);
    expect(counts.toSorted()).toEqual([1, 1, 2]);
    expect([...a.partitions(first), ...c.partitions(first)].sort()).toEqual([0, 1]);
    expect([...b.partitions(second), ...c.partitions(second)].sort()).toEqual([0, 1]);
  });

  it('to a topic that is not there yet is served once it is', async () => {
    const name = broker.freshName('later');
    const group = await TestGroup.create();
    const a = group.member('a');
    expect(await a.join([{ name, id: '' }])).toMatchObject({ memberEpoch: 2, assignment: { topicPartitions: [] } });
    const request = { name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] };
    const { topics } = await group.wire.send(apis.createTopics, 7, { topics: [request], timeoutMs: 30_000 });
    const created = { name, id: topics[0]!.topicId };
    await until('the member has the new partitions', async () => {
      await a.beat();
      return a.partitions(created).length === 2;
    });
    expect(a.epoch).toBe(3);
  });

  it('follows new partitions, and the end of a topic', async () => {
    const growing = await broker.createTopic({ partitions: 1 });
    const group = await TestGroup.create();
    const a = group.member('a');
    await a.join([growing, topic]);
    const partitions = { topics: [{ name: growing.name, count: 3, assignments: null }], timeoutMs: 30_000, validateOnly: false };
    await group.wire.send(apis.createPartitions, 3, partitions);
    await until('the member has the new partitions', async () => {
      await a.beat();
      return a.partitions(growing).length === 3;
    });
    expect(a.epoch).toBe(3);
    await group.wire.send(apis.deleteTopics, 5, { topicNames: [growing.name], timeoutMs: 30_000 });
    await until('the member has lost the topic', async () => {
      await a.beat();
      return a.epoch === 4;
    });
    expect(a.partitions(growing)).toEqual([]);
    expect(a.partitions(topic)).toEqual([0, 1, 2]);
  });
});

describe('An assignor', () => {
  it('range gives the same range of each topic', async () => {
    const [first, second] = [await broker.createTopic({ partitions: 3 }), await broker.createTopic({ partitions: 3 })];
    const group = await TestGroup.create();
    const [a, b] = [group.member('a'), group.member('b')];
    await a.join([first, second], { serverAssignor: 'range' });
    await b.join([first, second], { serverAssignor: 'range' });
    await group.stable(a, b);
    expect((await group.describe()).assignorName).toBe('range');
    expect([a.partitions(first), a.partitions(second)]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect([b.partitions(first), b.partitions(second)]).toEqual([[2], [2]]);
  });

  it('is the one that most members ask for', async () => {
    const group = await TestGroup.create();
    const members = ['a', 'b', 'c'].map((id) => group.member(id));
    await members[0]!.join([topic]);
    expect((await group.describe()).assignorName).toBe('uniform');
    await members[1]!.join([topic], { serverAssignor: 'range' });
    expect((await group.describe()).assignorName).toBe('range');
    await members[2]!.join([topic], { serverAssignor: 'uniform' });
    await members[0]!.beat({ serverAssignor: 'uniform' });
    expect((await group.describe()).assignorName).toBe('uniform');
  });

  // The order of Java's hash maps decides who gets what: the mock follows it (packages/testing/src/groups/consumer/java-hash-order.ts).
  it.each([
    { m1: '0,1,2', m2: '6,7', m3: '4,5', m4: '3,9', m5: '8,10' },
    { 'consumer-a': '0,1,2', 'consumer-b': '6,7,8', 'consumer-c': '4,5,10', 'consumer-d': '3,9' },
    {
      '0cd3b9bb-6d6a-4b54-9c2f-4b1a4d6f3e01': '0,1,2,3',
      '5a7f6c9e-9a5e-43ff-8a38-b62b3a9b2c02': '6,7,8,9',
      'f3b1d1a2-12a4-4c0e-9d57-0f6c8c1d7a03': '4,5,10',
    },
  ])('uniform gives each of %j', async (expected) => {
    const wide = await broker.createTopic({ partitions: 11 });
    const group = await TestGroup.create();
    const members = Object.keys(expected).map((id) => group.member(id));
    for (const member of members) await member.join([wide]);
    await group.stable(...members);
    expect(Object.fromEntries(members.map((member) => [member.id, member.partitions(wide).join()]))).toEqual(expected);
  });
});
